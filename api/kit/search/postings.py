"""Which rows hold a word, and how much it counts in each, in three arrays for all words together."""

from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from api.kit.search.words import found_by

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Postings:
    """The rows of a word lie side by side, from `starts[number of the word]` to the next start.

    A weight is kept as the number of one of at most 256 different weights: a posting takes 5 bytes.
    """

    __slots__ = ("_numbers", "_rows", "_starts", "_weights", "_weights_known")

    def __init__(
        self,
        numbers: dict[str, int],
        starts: "NDArray[np.int64]",
        rows: "NDArray[np.int32]",
        weights: "NDArray[np.uint8]",
        weights_known: "NDArray[np.float32]",
    ) -> None:
        self._numbers = numbers
        self._starts = starts
        self._rows = rows
        self._weights = weights
        self._weights_known = weights_known

    @classmethod
    def of(cls, weighted_texts: Sequence[Iterable[tuple[str, float]]]) -> "Postings":
        """Index the texts of each row. Of a word that a row holds in several texts the best counts."""
        numbers: dict[str, int] = {}
        held, row_of, weight_of = array("i"), array("i"), array("f")

        @cache  # names of surroundings come again from row to row
        def indexed(text: str) -> tuple[int, ...]:
            return tuple(numbers.setdefault(word, len(numbers)) for word in found_by(text))

        for row, texts in enumerate(weighted_texts):
            for text, weight in texts:
                of_text = indexed(text)
                held.extend(of_text)
                row_of.extend([row] * len(of_text))
                weight_of.extend([weight] * len(of_text))
        return cls(
            numbers,
            *_sorted(
                len(numbers),
                np.frombuffer(held, np.int32),
                np.frombuffer(row_of, np.int32),
                np.frombuffer(weight_of, np.float32),
            ),
        )

    def words(self) -> Iterable[str]:
        return self._numbers

    def __contains__(self, word: str) -> bool:
        return word in self._numbers

    def of_word(self, word: str) -> "tuple[NDArray[np.int32], NDArray[np.float32]] | None":
        """Return the rows that hold `word`, ascending, and its weight in each; None if none does."""
        number = self._numbers.get(word)
        if number is None:
            return None
        span = slice(int(self._starts[number]), int(self._starts[number + 1]))
        return self._rows[span], self._weights_known[self._weights[span]]


def _sorted(
    count: int,
    held: "NDArray[np.int32]",
    row_of: "NDArray[np.int32]",
    weight_of: "NDArray[np.float32]",
) -> "tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8], NDArray[np.float32]]":
    known, weight_number = np.unique(weight_of, return_inverse=True)
    if len(known) > np.iinfo(np.uint8).max + 1:
        raise ValueError("more than 256 different weights")
    order = np.lexsort((-weight_number, row_of, held))
    held, row_of, weight_number = held[order], row_of[order], weight_number[order]
    is_first = np.ones(len(held), np.bool)
    is_first[1:] = (held[1:] != held[:-1]) | (row_of[1:] != row_of[:-1])
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(held[is_first], minlength=count), out=starts[1:])
    return starts, row_of[is_first], weight_number[is_first].astype(np.uint8), known
