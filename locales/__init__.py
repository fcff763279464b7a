"""Catalogs, and the functions that read them.

A package so that the .po files travel with the wheel; they are read at first use, so there is no
build step and no .mo file to forget. The chatbot imports this package too, under Python 3.10: it
needs the standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from locales.catalog_file import texts_in
from locales.province import with_province

SOURCE = "en"
AVAILABLE = ("vi", "en", "zh-Hans", "fr", "ko", "ja")
_BY_FOLDED_TAG = {tag.lower(): tag for tag in AVAILABLE} | {"zh": "zh-Hans"}


@lru_cache(maxsize=1024)
def language_of(tag: str) -> str | None:
    """Return the language of `AVAILABLE` that serves a reader of the BCP 47 `tag`, or None."""
    parts = tag.strip().lower().replace("_", "-").split("-")
    shorter_and_shorter = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_BY_FOLDED_TAG[tag] for tag in shorter_and_shorter if tag in _BY_FOLDED_TAG), None)


def negotiate(accept_language: str | None) -> str:
    """Pick the reader's language from an Accept-Language header (RFC 9110, 12.5.4), else English."""
    weighted: list[tuple[float, int, str]] = []
    for order, part in enumerate((accept_language or "")[:500].split(",")[:20]):
        tag, _, quality = part.strip().partition(";")
        weight = _quality(quality)
        if tag and weight > 0 and (language := language_of(tag[:35])):
            weighted.append((-weight, order, language))
    return min(weighted)[2] if weighted else SOURCE


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


@cache
def _catalog(language: str) -> Mapping[str, str]:
    if language == SOURCE:
        return {}
    file = files("locales").joinpath(language.replace("-", "_"), "LC_MESSAGES", "messages.po")
    return texts_in(file.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates msgids into `language`; the source language is itself. Names the province on the way."""

    language: str

    def __call__(self, message: str) -> str:
        text = _catalog(self.language).get(message, message)
        return with_province(text, self.language)


@cache
def translator(language: str) -> Translator:
    """Return what translates a msgid into `language`."""
    return Translator(language)
