"""The operator's page: HTML with all its words and empty tables, which its script fills."""

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from api.operations.page.words import SAID_BY_THE_PAGE, TITLE, WITHOUT_SCRIPT, WORDS
from locales import AVAILABLE, translator

PATH = "/ops"
STATIC_PATH = f"{PATH}/static"
NAMES_OF_LANGUAGES = {
    "vi": "Tiếng Việt",
    "en": "English",
    "zh-Hans": "简体中文",
    "fr": "Français",
    "ko": "한국어",
    "ja": "日本語",
}
"""Each in itself: whoever looks for their language can read this one."""


@cache
def operations_page(language: str, documents: tuple[tuple[str, str], ...]) -> str:
    """Return the page. `documents`: the ids of what its script sends, by attribute."""
    translate = translator(language)
    words = _translated({**WORDS, "title": TITLE, "without_script": WITHOUT_SCRIPT}, translate)
    said = _translated(SAID_BY_THE_PAGE, translate)
    attributes = " ".join(
        f'data-{name}="{escape(text)}"' for name, text in (*said.items(), *documents)
    )
    return _template().substitute(
        {name: escape(text) for name, text in words.items()},
        language=escape(language),
        static=STATIC_PATH,
        others=_others(language),
        said=attributes,
    )


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def _translated(words: Mapping[str, str], translate: Callable[[str], str]) -> dict[str, str]:
    return {name: translate(text) for name, text in words.items()}


def _others(language: str) -> str:
    """Return links to the page in each language."""
    return "".join(
        f'<li><a href="{PATH}?language={tag}" lang="{tag}" hreflang="{tag}"'
        f"{_current(tag, language)}>{NAMES_OF_LANGUAGES[tag]}</a></li>"
        for tag in AVAILABLE
    )


def _current(tag: str, language: str) -> str:
    return ' aria-current="true"' if tag == language else ""
