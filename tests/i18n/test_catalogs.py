"""Every word a person reads is in all the catalogs, with the same fields, and nothing else is."""

from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import locales
from api.kit.errors import DomainError
from locales.catalog_file import texts_in
from tests.conftest import ROOT

KEYWORDS = {"N_": None, "_": None}
SOURCES = ("api", "notifications", "chatbot")
TRANSLATED = [language for language in locales.AVAILABLE if language != locales.SOURCE]


def is_ours(folder: str | Path) -> bool:
    """Whether a folder under SOURCES holds code of ours that runs in the product."""
    name = Path(folder).name
    return not name.startswith((".", "_")) and name not in {"tests", "models", "results"}


@cache
def marked() -> frozenset[str]:
    return frozenset(
        str(found[2])
        for folder in SOURCES
        for found in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS, directory_filter=is_ours
        )
    )


def catalog_file(language: str) -> Path:
    return ROOT / "locales" / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def catalog(language: str) -> Catalog:
    return read_po(
        BytesIO(catalog_file(language).read_bytes()),
        locale=language.replace("-", "_"),
        abort_invalid=True,
    )


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_marked_message_is_there_and_no_other(language: str) -> None:
    held = {str(message.id) for message in catalog(language) if message.id}

    assert marked() - held == set(), "missing: add translations"
    assert held - marked() == set(), "stale: nobody says this any more"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    messages = [message for message in catalog(language) if message.id]

    assert [message.id for message in messages if not str(message.string).strip()] == []
    assert [message.id for message in messages if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_has_the_fields_of_its_message(language: str) -> None:
    different = {
        str(message.id): str(message.string)
        for message in catalog(language)
        if message.id and fields(str(message.id)) != fields(str(message.string))
    }

    assert different == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_can_be_shown(language: str) -> None:
    translate = locales.translator(language)

    for message in marked():
        assert translate(message).format(**dict.fromkeys(fields(message), "x"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalog_is_read_as_babel_reads_it(language: str) -> None:
    file = catalog_file(language).read_text(encoding="utf-8")

    texts = texts_in(file)

    assert texts == {str(it.id): str(it.string) for it in catalog(language) if it.id}


def test_escapes_and_broken_lines_are_read_and_what_is_not_translated_is_not() -> None:
    file = """
#, python-brace-format
msgid "A \\"{place}\\"\\tand \\\\"
msgstr "Một \\"{place}\\"\\tvà \\\\"

msgid ""
"Two\\n"
"lines"
msgstr ""
"Hai\\n"
"dòng"

msgid "Nobody has said it."
msgstr ""

#~ msgid "Given up"
#~ msgstr "Đã bỏ"
"""

    texts = texts_in(file)

    assert texts == {'A "{place}"\tand \\': 'Một "{place}"\tvà \\', "Two\nlines": "Hai\ndòng"}


def test_the_catalogs_are_those_of_the_languages() -> None:
    folders = {path.parents[1].name for path in (ROOT / "locales").rglob("messages.po")}

    assert folders == {language.replace("-", "_") for language in TRANSLATED}


def refusals(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    """Return every refusal that says something, of the modules that the app loads."""
    import_module("api.main")  # loads every slice
    below = [inner for child in kind.__subclasses__() for inner in refusals(child)]
    says = "message" in kind.__dict__ and kind.__module__.startswith(("api.", "notifications."))
    return [kind, *below] if says else below


def test_every_refusal_of_the_product_has_a_marked_message_and_a_code() -> None:
    for kind in refusals():
        assert kind.message in marked(), f"{kind.__qualname__}.message is marked with N_"
        assert kind.code.name.isupper(), f"{kind.__qualname__}.code"
