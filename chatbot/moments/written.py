"""A message as the rules read it, and the way back to its own letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

READ_AT_MOST = 1_000
"""Characters of a message that are looked at: nobody names a day behind them, and time must not grow."""

_DATE_IN_FULL = r"(?!\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}(?!\d)|\d{4}[-./]\d{1,2}[-./]\d{1,2}(?!\d))"
_NO_MOMENTS = re.compile(
    rf"(?<![\d./:-]){_DATE_IN_FULL}(?:\+\d{{1,3}}|0\d|1[89]00)(?:[ .-]?\d){{6,}}"  # phone numbers
    r"|(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d])"  # 50.000, 1,200,000
    r"|(?<!\w)lc[ -]?[a-z0-9]{3}[ -]?[a-z0-9]{3}(?!\w)"  # codes of reports
    r"|https?://\S+|www\.\S+|\S+@\S+\.\S+"
    r"|(?<!\d)24/24|(?<!\d)24/7(?!\d)"
)
_HIDDEN = "\ufffc"
_ALIKE = str.maketrans({"’": "'", "ʼ": "'", "—": "-", "–": "-", "：": ":", "‑": "-"})
_PARTS_OF_HANGUL = re.compile("[\u1100-\u11ff]")


@dataclass(frozen=True)
class Written:
    """A composed text: `lower` in lower case, `cased` as it was typed.

    Letter i of both is the text's from `starts[i]` to `ends[i]`: a vowel and its marks may be typed as several.
    """

    lower: str
    cased: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text the letters `start` to `end` stand."""
        return self.starts[start], self.ends[end - 1]

    def is_capital(self, place: int) -> bool:
        return place < len(self.cased) and self.cased[place].isupper()


@lru_cache(maxsize=1)  # days, amounts and codes are looked for in the same message
def as_written(text: str) -> Written:
    text = text[:READ_AT_MOST]
    if _is_composed(text):
        places = range(len(text) + 1)
        return Written(_lowered(text), text, tuple(places[:-1]), tuple(places[1:]))
    letters = list(_letters(text))
    cased = "".join(letter for letter, _, _ in letters)
    starts = tuple(start for _, start, _ in letters)
    ends = tuple(end for _, _, end in letters)
    return Written(_lowered(cased), cased, starts, ends)


def without_other_numbers(written: Written) -> Written:
    """Hide phone numbers, prices, codes and addresses, which have no days in them."""
    hidden = _NO_MOMENTS.sub(lambda found: _HIDDEN * len(found.group()), written.lower)
    return replace(written, lower=hidden)


def _is_composed(text: str) -> bool:
    """Tell whether each character is a letter as the rules know it, as in nearly every message."""
    return (
        unicodedata.is_normalized("NFKC", text)
        and not any(map(unicodedata.combining, text))
        and not _PARTS_OF_HANGUL.search(text)
    )


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each composed letter with its place; full-width digits and half-width kana as the usual ones."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _continues(text[start], text[end]):
            end += 1
        composed = unicodedata.normalize("NFKC", text[start:end])
        for letter in composed if len(composed) == 1 else unicodedata.normalize("NFC", text[start]):
            yield letter, start, end
        start = end


def _continues(first: str, letter: str) -> bool:
    if "\u1160" <= letter <= "\u11ff":
        return "\u1100" <= first <= "\u115f"  # parts of one Hangul syllable
    return unicodedata.combining(letter) > 0


def _lowered(text: str) -> str:
    lower = text.translate(_ALIKE).lower()
    # A few capitals are two letters in lower case, and a sigma is another one at a word's end.
    is_one_to_one = len(lower) == len(text) and "Σ" not in text
    return lower if is_one_to_one else "".join(map(_lower, text))


def _lower(letter: str) -> str:
    lower = letter.translate(_ALIKE).lower()
    return lower if len(lower) == 1 else letter
