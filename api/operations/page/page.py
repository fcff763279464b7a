"""The operator's page: HTML with all its words and empty tables, which its script fills."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from api.kit.script_page import language_links, translated
from api.operations.page.words import SAID_BY_THE_PAGE, TITLE, WITHOUT_SCRIPT, WORDS
from locales import translator

PATH = "/ops"
STATIC_PATH = f"{PATH}/static"


@cache
def operations_page(language: str, documents: tuple[tuple[str, str], ...]) -> str:
    """Return the page. `documents`: the ids of what its script sends, by attribute."""
    translate = translator(language)
    words = translated({**WORDS, "title": TITLE, "without_script": WITHOUT_SCRIPT}, translate)
    said = translated(SAID_BY_THE_PAGE, translate)
    attributes = " ".join(
        f'data-{name}="{escape(text)}"' for name, text in (*said.items(), *documents)
    )
    return _template().substitute(
        {name: escape(text) for name, text in words.items()},
        language=escape(language),
        static=STATIC_PATH,
        others=language_links(PATH, language),
        said=attributes,
    )


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
