"""Finds the entries in a message: by words where a script has spaces, by characters where it has none."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from gazetteer.entry import NOT_MEANT, Entry
from gazetteer.folding import fold, is_hangul, is_ideographic, is_letter, letters
from gazetteer.words import Piece, Token, pieces, tokens

NAMED = ("place", "commune", "province")
"""Kinds whose names are found with one letter wrong."""
_WORD_BY_WORD = ("specialty", "problem", "person", "language", "ordinal", "emergency", NOT_MEANT)
"""Kinds whose short words count only cut as they are written; names are run together in many ways."""
_WITH_ALL_MARKS = (*_WORD_BY_WORD, "category")
"""Kinds of common words, of which one mark makes others: "đến" is no "đèn", "khám nào" no "khám não"."""
_WORDS_AT_MOST = 12
_LETTERS_FOR_A_TYPO = 7
_LETTERS_FOR_A_TYPO_IN_WORDS = 9
"""Of a name that is typed as several words: those of shorter names are mostly other words, "đổi lịch" for Đại Lịch."""
_BREAKS = frozenset(",;!?…、。，；！？\n")
"""What no name goes on behind: in "chào bạn, mình" nobody tells of a friend."""
_NUMERALS = frozenset("一二两三四五六七八九十百千")


@dataclass(frozen=True)
class Match:
    """`entry` found at `start` to `end` of the text.

    `reach` is that with what had to stand around it, of so many `letters`.
    """

    start: int
    end: int
    entry: Entry
    letters: int
    reach: tuple[int, int]
    exact: bool = True

    @property
    def order(self) -> tuple[bool, int, tuple[int, int]]:
        return not self.exact, -self.letters, self.entry.order


class Gazetteer:
    """All entries, ready to be found."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_words: defaultdict[str, list[Entry]] = defaultdict(list)
        self._by_typo: dict[str, Entry] = {}
        self._ends_for_a_typo: set[tuple[str, int]] = set()
        self._by_characters: defaultdict[str, list[Entry]] = defaultdict(list)
        self._longest_from: defaultdict[str, int] = defaultdict(int)
        for entry in entries:
            self._add(entry)
        self._longest_of_words = max(map(len, self._by_words), default=0)

    def _add(self, entry: Entry) -> None:
        key = letters(fold(entry.spelling))
        if not key.isascii() and any(is_ideographic(one) or is_hangul(one) for one in key):
            self._by_characters[key].append(entry)
            self._longest_from[key[0]] = max(self._longest_from[key[0]], len(key))
        elif key:
            self._by_words[key].append(entry)
            if entry.entity in NAMED and len(key) >= _LETTERS_FOR_A_TYPO:
                self._add_typos(key, entry)

    def _add_typos(self, key: str, entry: Entry) -> None:
        for variant in _one_letter_less(key):
            self._by_typo.setdefault(variant, entry)
        for length in (len(key) - 1, len(key), len(key) + 1):
            half = length // 2
            self._ends_for_a_typo |= {(key[:half], length), (key[-half:], length)}

    def find(self, text: str, words: Sequence[Token] | None = None) -> list[Match]:
        """Return the matches in order of place; of overlapping ones in a group the longest.

        `words` are the tokens of `text`, if they are known already.
        """
        found = [*self._in_words(text, tokens(text) if words is None else words)]
        found += self._in_characters(text)
        total = len(letters(text))
        possible = (match for match in found if not match.entry.alone or match.letters == total)
        return sorted(_longest(text, possible), key=lambda match: match.start)

    def _in_words(self, text: str, words: Sequence[Token]) -> Iterator[Match]:
        row = list(pieces(words))
        has_marks = _has_vietnamese_marks(text)
        for first, piece in enumerate(row):
            key = ""
            for count, last in enumerate(row[first : first + _WORDS_AT_MOST], 1):
                key += last.letters
                if len(key) > self._longest_of_words or not last.letters.isascii():
                    break
                if last is not piece and not _BREAKS.isdisjoint(
                    text[row[first + count - 2].end : last.start]
                ):
                    break
                if key in self._by_words:
                    lacks = has_marks and piece is last
                    for match in self._exactly(key, text, piece.start, last.end, lacks_marks=lacks):
                        if _words_agree(row[first : first + count], match.entry):
                            yield match
                elif entry := self._nearly(key, count):
                    span = (piece.start, last.end)
                    yield Match(*span, entry, len(key), span, exact=False)

    def _exactly(
        self, key: str, text: str, start: int, end: int, *, lacks_marks: bool
    ) -> Iterator[Match]:
        """Yield the entries of `key`; not those with marks where one word `lacks_marks` among others."""
        written = text[start:end]
        for entry in self._by_words[key]:
            if _marks_agree(written, entry) and not (
                lacks_marks and written.isascii() and _has_vietnamese_marks(entry.spelling)
            ):
                yield Match(*_inside(text, start, end, entry), entry, len(key), (start, end))

    def _nearly(self, key: str, words: int) -> Entry | None:
        """Return the name that is one letter away; one wrong letter leaves one half right."""
        if words > 1 and len(key) < _LETTERS_FOR_A_TYPO_IN_WORDS:
            return None
        ends, length, half = self._ends_for_a_typo, len(key), len(key) // 2
        if (key[:half], length) not in ends and (key[-half:], length) not in ends:
            return None
        for variant in chain((key,), _one_letter_less(key)):
            if (entry := self._by_typo.get(variant)) and variant[0] == fold(entry.spelling)[0]:
                return entry
        return None

    def _in_characters(self, text: str) -> Iterator[Match]:
        places = [place for place, letter in enumerate(text) if is_letter(letter)]
        squeezed = fold("".join(text[place] for place in places))
        for first, letter in enumerate(squeezed):
            longest = min(self._longest_from.get(letter, 0), len(squeezed) - first)
            for last in range(first, first + longest):
                for entry in self._by_characters.get(squeezed[first : last + 1], ()):
                    start, end = places[first], places[last] + 1
                    if not _cuts_a_number(text, start, end):
                        span = _inside(text, start, end, entry)
                        yield Match(*span, entry, last + 1 - first, (start, end))


def _longest(text: str, found: Iterable[Match]) -> Iterator[Match]:
    """Yield the longest matches that leave each other their letters.

    What must stand around a name is left to names of its own kind only: in "cho mẹ" no market is "cho".
    """
    taken: defaultdict[str, list[str]] = defaultdict(lambda: [""] * len(text))
    for match in sorted(found, key=lambda match: match.order):
        kind, owners = match.entry.entity, taken[match.entry.group]
        if all(owner in ("", f"around {kind}") for owner in owners[match.start : match.end]):
            for place in range(*match.reach):
                owners[place] = owners[place] or f"around {kind}"
            owners[match.start : match.end] = [kind] * (match.end - match.start)
            if kind != NOT_MEANT:
                yield match


def _one_letter_less(key: str) -> Iterator[str]:
    return (key[:place] + key[place + 1 :] for place in range(len(key)))


def _inside(text: str, start: int, end: int, entry: Entry) -> tuple[int, int]:
    """Return the span without the letters around the name."""
    if not entry.before and not entry.after:
        return start, end
    places = [place for place in range(start, end) if is_letter(text[place])]
    return places[entry.before], places[len(places) - 1 - entry.after] + 1


def _cuts_a_number(text: str, start: int, end: int) -> bool:
    """Tell whether a neighbour belongs to the outermost letter: "2人" is not in "12人"."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return _belong_together(before, text[start]) or _belong_together(text[end - 1], after)


def _belong_together(one: str, other: str) -> bool:
    return _in_one_number(one, other) or (
        one.isascii() and one.isalnum() and other.isascii() and other.isalnum()
    )


def _in_one_number(one: str, other: str) -> bool:
    return one in _NUMERALS and other in _NUMERALS


def _words_agree(written: Sequence[Piece], entry: Entry) -> bool:
    """Tell whether these words may be `entry`: "am I" is no "ami", but "Sapa" is Sa Pa, "2nguoi" two people."""
    keys = [piece.letters for piece in written]
    length = sum(map(len, keys))
    if entry.entity not in _WORD_BY_WORD or length >= _LETTERS_FOR_A_TYPO or keys[0][0].isdecimal():
        return True
    words = entry.spelling.split()
    if len(keys) != len(words):
        return False
    return all(len(key) == len(letters(word)) for key, word in zip(keys, words, strict=True))


def _all_marks_agree(written: str, spelling: str) -> bool:
    """Tell whether each word that was typed with marks has the right ones, on whichever letter ("hoá", "hóa")."""
    mine, theirs = written.lower().split(), spelling.lower().split()
    if len(mine) != len(theirs):
        return _marks(written) == _marks(spelling)
    return all(
        one.isascii() or _marks(one) == _marks(other)
        for one, other in zip(mine, theirs, strict=True)
    )


def _marks(word: str) -> list[str]:
    taken_apart = unicodedata.normalize("NFD", word.lower())
    return sorted(sign for sign in taken_apart if unicodedata.combining(sign) or sign == "đ")


def _has_vietnamese_marks(text: str) -> bool:
    return any("\u0102" <= letter <= "\u1ef9" for letter in text)


def _marks_agree(written: str, entry: Entry) -> bool:
    """Tell whether the marks that were typed may mean `entry`: "bác hả" is not Bắc Hà, "bac ha" may be."""
    mine, theirs = letters(written.lower()), letters(entry.spelling.lower())
    if mine.isascii():
        return not entry.only_marked
    if entry.only_marked and mine != theirs:
        return False
    if entry.entity in _WITH_ALL_MARKS:
        return _all_marks_agree(written, entry.spelling)
    typed = [one == other for one, other in zip(mine, theirs, strict=False) if not one.isascii()]
    return sum(typed) * 2 >= len(typed) if len(typed) > 1 else all(typed)
