"""Known words that are a typing error or two away from what was typed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOUND_AT_MOST = 30
_LETTERS = 32
"""So many bits tell which letters a word holds, so many more which it holds at least twice."""


class Spellings:
    """Known words by length, each with the letters it holds as 64 bits.

    One error (a letter more, less, another, or two exchanged: OSA) takes away at most one of the
    bits and adds at most one. So two operations on whole arrays leave a few words in a hundred to be
    measured exactly, and no word within reach is missed.
    """

    __slots__ = ("_by_length",)

    def __init__(self, known: Iterable[str]) -> None:
        by_length: dict[int, list[str]] = defaultdict(list)
        for word in known:
            by_length[len(word)].append(word)
        self._by_length = {
            length: (words, np.fromiter(map(_letters, words), np.uint64, len(words)))
            for length, words in by_length.items()
        }

    def near(self, word: str, most: int) -> Iterator[tuple[str, int]]:
        """Yield known words within `most` errors of `word`, and how many errors; at most 30 of a length."""
        letters = np.uint64(_letters(word))
        for length in range(len(word) - most, len(word) + most + 1):
            if of_length := self._by_length.get(length):
                for near, errors, _ in process.extract(
                    word,
                    _candidates(*of_length, letters, most),
                    scorer=OSA.distance,
                    score_cutoff=most,
                    limit=_FOUND_AT_MOST,
                ):
                    yield near, int(errors)


def _candidates(
    words: Sequence[str], letters: "NDArray[np.uint64]", asked: np.uint64, most: int
) -> list[str]:
    lost = np.bitwise_count(asked & ~letters)
    gained = np.bitwise_count(letters & ~asked)
    return [words[place] for place in np.flatnonzero((lost <= most) & (gained <= most)).tolist()]


def _letters(word: str) -> int:
    once = twice = 0
    for character in word:
        bit = 1 << (ord(character) % _LETTERS)
        twice |= once & bit
        once |= bit
    return once | twice << _LETTERS
