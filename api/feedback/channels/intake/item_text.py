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
_MARKUP = re.compile(
    r"<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE
)
_ACCOUNT = re.compile(r"(?<![\w/])@[\w.\-]{2,60}")
_SPACES = re.compile(r"\s+")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
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
    plain = html.unescape(_MARKUP.sub(" ", raw[:_RAW_CHARACTERS_AT_MOST]))
    plain = _MARKUP.sub(" ", plain)  # feeds escape markup once more
    visible = "".join(map(_shown, unicodedata.normalize("NFC", plain)))
    text = _SPACES.sub(" ", visible).strip()
    masked = public_text(_ACCOUNT.sub(MASK, text))
    return masked if len(masked) <= most else masked[: most - 1].rstrip() + "…"


def _shown(character: str) -> str:
    return " " if unicodedata.category(character) in _REFUSED_CATEGORIES else character


def _url(url: str | None) -> str | None:
    """Return an address that an app may open; None for any other."""
    if url is None or len(url) > _URL_CHARACTERS_AT_MOST:
        return None
    is_web = url.startswith(("https://", "http://")) and not re.search(r"[\s<>\"]", url)
    return url if is_web else None
