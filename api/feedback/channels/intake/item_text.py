"""What is kept of an item's words: plain, short, without names of accounts, numbers and addresses of people."""

import html
import re
import unicodedata

from api.feedback.channels.records import (
    TEXT_CHARACTERS_AT_MOST,
    TITLE_CHARACTERS_AT_MOST,
    NewItem,
)
from api.feedback.reports.public_text import MASK, public_text

_URL_CHARACTERS_AT_MOST = 1_000
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
"""As HTML has it: what a letter does not follow is less than, or a heart."""
_HIDDEN = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script\s*>", re.IGNORECASE)),
    (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style\s*>", re.IGNORECASE)),
)
"""What begins and ends that no reader sees."""
_ACCOUNT = re.compile(r"(?<![\w/])@[\w.\-]{2,60}")
_SPACES = re.compile(r"\s+")
_SPACED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
_DROPPED_CATEGORY = "Cf"
"""Soft hyphens and the like stand within words, and would part numbers of people for the masks."""
_RAW_CHARACTERS_AT_MOST = 20_000
"""What is looked at: markup takes room."""


def kept(item: NewItem) -> NewItem:
    """Return the item as it is kept."""
    return NewItem(
        external_id=item.external_id,
        url=_url(item.url),
        title=words_only(item.title, TITLE_CHARACTERS_AT_MOST),
        text=words_only(item.text, TEXT_CHARACTERS_AT_MOST),
        published_at=item.published_at,
    )


def words_only(raw: str, most: int) -> str:
    """Return at most `most` characters of the words, without markup and what tells of a person."""
    plain = html.unescape(_without_markup(raw[:_RAW_CHARACTERS_AT_MOST]))
    plain = _without_markup(plain)  # feeds escape markup once more
    visible = "".join(map(_shown, unicodedata.normalize("NFC", plain)))
    text = _SPACES.sub(" ", visible).strip()
    masked = public_text(_ACCOUNT.sub(MASK, text))
    return masked if len(masked) <= most else masked[: most - 1].rstrip() + "…"


def _without_markup(text: str) -> str:
    for begins, ends in _HIDDEN:
        text = _without(text, begins, ends)
    return _TAG.sub(" ", text)


def _without(text: str, begins: re.Pattern[str], ends: re.Pattern[str]) -> str:
    """Return the text without parts; one that has no end takes the rest. Linear, unlike one expression."""
    kept_parts: list[str] = []
    position = 0
    while (begin := begins.search(text, position)) is not None:
        kept_parts.append(text[position : begin.start()])
        end = ends.search(text, begin.end())
        position = len(text) if end is None else end.end()
    return " ".join([*kept_parts, text[position:]])


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == _DROPPED_CATEGORY:
        return ""
    return " " if category in _SPACED_CATEGORIES else character


def _url(url: str | None) -> str | None:
    """Return an address that an app may open; None for any other."""
    if url is None or len(url) > _URL_CHARACTERS_AT_MOST:
        return None
    is_web = url.startswith(("https://", "http://")) and not re.search(r"[\s<>\"]", url)
    return url if is_web else None
