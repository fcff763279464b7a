"""The chat page for desks, kiosks and browsers: HTML with all its words, a style and a script beside it."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from api.bot.page.words import (
    INTRODUCTION,
    SAID_BY_THE_PAGE,
    TITLE,
    WITHOUT_SCRIPT,
    WORDS,
)
from api.kit.script_page import language_links, translated
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS
from locales import Translator, translator

PATH = "/chat"
STATIC_PATH = f"{PATH}/static"


@cache
def chat_page(language: str, sending: str, listening: str, *, idle_seconds: int) -> str:
    """Return the page. `sending`, `listening`: ids of the published documents that its script sends.

    With `idle_seconds` above 0 the page forgets the conversation after so long without a touch.
    """
    translate = translator(language)
    words = translated({**WORDS, "title": TITLE, "introduction": INTRODUCTION}, translate)
    shown = {name: escape(text) for name, text in words.items()}
    said = translated(SAID_BY_THE_PAGE, translate)
    attributes = " ".join(f'data-{name}="{escape(text)}"' for name, text in said.items())
    return _template().substitute(
        shown,
        language=escape(language),
        static=STATIC_PATH,
        numbers=_numbers(translate),
        others=_others(language, idle_seconds),
        without_script=escape(translate(WITHOUT_SCRIPT)),
        said=attributes,
        sending=sending,
        listening=listening,
        idle_seconds=idle_seconds,
    )


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def _numbers(translate: Translator) -> str:
    return "".join(
        f'<li><a href="{one.url}"><strong>{one.number}</strong> {escape(translate(one.name))}</a></li>'
        for one in EMERGENCY_NUMBERS
    )


def _others(language: str, idle_seconds: int) -> str:
    """Return links to the page in each language; a kiosk stays one."""
    return language_links(PATH, language, f"&amp;idle={idle_seconds}" if idle_seconds else "")
