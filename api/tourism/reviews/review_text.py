"""What people write to be read by others: as it may be kept, and what of it a moderator should notice."""

import re
import unicodedata
from enum import StrEnum, auto

from api.tourism.reviews.errors import WordsNotPlain, WordsTooLong

_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_TURNS_DIRECTION = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_JOINER = "\u200d"
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and signs by their category, of which nothing shows: fillers, the blank of Braille."""
_MARKS_IN_A_ROW = 3
_COMPOSED_OF_AT_MOST = 4
_GAPS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,9}://|\bwww\.|\b[a-z0-9-]{1,63}(?:\.| dot |\[\.\])"
    r"(?:com|net|org|vn|info|biz|io|me|app|shop|xyz|top|site|online|link|ly|gl|cn|jp|kr|fr|tk)\b"
)
_EMAIL = re.compile(r"\S(?:@|\[at\]|\(at\)) ?\S")
_PHONE = re.compile(r"(?<!\d)(?:\+|00|0)(?:[ .()\-]{0,2}\d){8,13}(?!\d)")


class Notice(StrEnum):
    """What a person has to look at with care: it may be an advertisement, or somebody's data."""

    LINK = auto()
    EMAIL = auto()
    PHONE = auto()
    HIDDEN_CHARACTERS = auto()


def checked_words(typed: str | None, field: str, most: int, *, with_lines: bool) -> str | None:
    """Return words composed (NFC), trimmed, without runs of gaps; None for none.

    Raises WordsTooLong, and WordsNotPlain for control characters, towers of accents, and whatever
    turns the direction of the text around it.
    """
    if typed is None:
        return None
    if len(typed) > _COMPOSED_OF_AT_MOST * most:
        raise WordsTooLong(field, most=most)  # before the work of composing it
    composed = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\t", " "))
    if not with_lines:
        composed = composed.replace("\n", " ")
    words = _EMPTY_LINES.sub("\n\n", _GAPS.sub(" ", composed)).strip()
    if len(words) > most:
        raise WordsTooLong(field, most=most)
    if _has_tower(words) or any(map(_is_unfit, words)):
        raise WordsNotPlain(field)
    return words or None


def notices(*texts: str | None) -> frozenset[Notice]:
    """Return what stands in the texts; letters and digits of other widths are known too."""
    text = "\n".join(text for text in texts if text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    patterns = {Notice.LINK: _LINK, Notice.EMAIL: _EMAIL, Notice.PHONE: _PHONE}
    found = {notice for notice, pattern in patterns.items() if pattern.search(folded)}
    if _hides(text):
        found.add(Notice.HIDDEN_CHARACTERS)
    return frozenset(found)


def _is_unfit(character: str) -> bool:
    if character == "\n":
        return False
    return character in _TURNS_DIRECTION or unicodedata.category(character) in _REFUSED_CATEGORIES


def _has_tower(text: str) -> bool:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS_IN_A_ROW:
            return True
    return False


def _hides(text: str) -> bool:
    """Tell whether something does not show. The joiner between two signs makes one picture of them."""
    for index, character in enumerate(text):
        if character in _BLANK:
            return True
        if unicodedata.category(character) not in {"Cf", "Cn"}:
            continue
        following = text[index + 1 : index + 2]
        is_in_a_picture = bool(following) and unicodedata.category(following) == "So"
        if character != _JOINER or not is_in_a_picture:
            return True
    return False
