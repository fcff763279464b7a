"""Finds the entries in a message: by words where a script has spaces, by characters where it has none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from gazetteer.entry import NOT_MEANT, Entry
from gazetteer.folding import fold, is_hangul, is_ideographic, is_letter, letters
from gazetteer.words import Piece, Token, pieces, tokens

NAMED = ("place", "commune", "province")
"""Kinds whose names are found with one letter wrong."""
_WORDS_AT_MOST = 12
_LETTERS_FOR_A_TYPO = 7
_NUMERALS = frozenset("一二两三四五六七八九十百千")


@dataclass(frozen=True)
class Match:
    """`entry` found at `start` to `end` of the text; `reach` is that with what had to stand around it,
    of so many `letters`."""

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
        self._by_characters: defaultdict[str, list[Entry]] = defaultdict(list)
        self._longest_from: defaultdict[str, int] = defaultdict(int)
        for entry in entries:
            self._add(entry)
        self._longest_of_words = max(map(len, self._by_words), default=0)
        self._longest_typo = max(map(len, self._by_typo), default=0) + 1

    def _add(self, entry: Entry) -> None:
        key = letters(fold(entry.spelling))
        if any(is_ideographic(letter) or is_hangul(letter) for letter in key):
            self._by_characters[key].append(entry)
            self._longest_from[key[0]] = max(self._longest_from[key[0]], len(key))
        elif key:
            self._by_words[key].append(entry)
            if entry.entity in NAMED and len(key) >= _LETTERS_FOR_A_TYPO:
                for variant in _one_letter_less(key):
                    self._by_typo.setdefault(variant, entry)

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
            for last in row[first : first + _WORDS_AT_MOST]:
                key += last.letters
                if len(key) > self._longest_of_words or is_ideographic(last.letters[0]):
                    break
                found = self._of_words(key, text, piece, last)
                if has_marks and piece is last:
                    yield from (match for match in found if not _lacks_marks(text, match))
                else:
                    yield from found

    def _of_words(self, key: str, text: str, first: Piece, last: Piece) -> Iterator[Match]:
        entries = self._by_words.get(key, ())
        start, end = first.start, last.end
        exact = [entry for entry in entries if _marks_agree(text[start:end], entry)]
        for entry in exact:
            yield Match(*_inside(text, start, end, entry), entry, len(key), (start, end))
        if not entries and _LETTERS_FOR_A_TYPO - 1 <= len(key) <= self._longest_typo:
            if entry := self._nearly(key):
                yield Match(start, end, entry, len(key), (start, end), exact=False)

    def _nearly(self, key: str) -> Entry | None:
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


def _has_vietnamese_marks(text: str) -> bool:
    return any("\u0102" <= letter <= "\u1ef9" for letter in text)


def _lacks_marks(text: str, match: Match) -> bool:
    """Tell whether one word stands without the marks of its entry: who types marks means "cho", not "chợ"."""
    written = text[match.start : match.end]
    return written.isascii() and _has_vietnamese_marks(match.entry.spelling)


def _marks_agree(written: str, entry: Entry) -> bool:
    """Tell whether the marks that were typed may mean `entry`: "bác hả" is not Bắc Hà, "bac ha" may be."""
    mine, theirs = letters(written.lower()), letters(entry.spelling.lower())
    if mine.isascii():
        return not entry.only_marked
    if entry.only_marked and mine != theirs:
        return False
    typed = [one == other for one, other in zip(mine, theirs, strict=False) if not one.isascii()]
    return sum(typed) * 2 >= len(typed) if len(typed) > 1 else all(typed)
