"""Patterns as the tables write them: with marks, that match with and without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LETTERS = r"0-9a-z\u00c0-\u024f\u1e00-\u1eff"
_WORD = re.compile(r"\\.|\(\?P<\w+>|\(\?P=\w+\)|=?[^\W\d_]+\??")


def without_marks(text: str) -> str:
    """Return lower-case Latin `text` as it is typed in haste; the folding of the components needs Rasa."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def latin(pattern: str) -> re.Pattern[str]:
    """Compile `pattern` for whole words of Latin letters; a space in it stands for any room, " ?" for room or none.

    Each word with marks matches wholly marked or wholly bare: "sáng" finds "sang", never "sảng".
    A word behind "=" needs its marks: "=tối", as "toi" mostly is "I".
    """
    expanded = _WORD.sub(_either, pattern).replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(f"(?<![{LETTERS}])(?:{expanded})(?![{LETTERS}])")


def _either(found: re.Match[str]) -> str:
    word = found.group()
    if word.startswith(("\\", "(")):
        return word
    if word.startswith("="):
        return word[1:]
    bare = without_marks(word)
    return word if bare == word else f"(?:{word}|{bare})"


def one_of(words: Iterable[str]) -> str:
    """Return a pattern of all `words`, the longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def key_of(matched: str) -> str:
    """Return matched words as the tables have them for their keys: bare, with single spaces."""
    return " ".join(without_marks(matched).split())


def keyed(words: dict[str, int]) -> dict[str, int]:
    return {key_of(word.replace("=", "")): value for word, value in words.items()}


def is_behind(found: re.Match[str], words: re.Pattern[str]) -> bool:
    """Tell whether one of `words` stands right before what was found."""
    before = found.string[max(0, found.start() - 24) : found.start()]
    return any(one.end() == len(before.rstrip()) for one in words.finditer(before.rstrip()))
