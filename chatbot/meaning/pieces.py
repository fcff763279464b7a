"""Cuts a text into the encoder's pieces of words: the row of pieces whose scores add up to the most."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

from meaning.weights import Weights

_SPACE = "▁"
_WORSE_THAN_ANY = 10
"""By how much a letter that no piece holds scores less than the rarest piece."""
_OF_OUR_SCRIPTS = re.compile(
    "[\\u0000-\\u036f\\u1e00-\\u1eff\\u2000-\\u27bf\\u2e80-\\ud7a3\\uff00-\\uffef\\U0001f000-\\U0001faff]+"
)
"""Latin letters, Han, kana, Hangul, signs and faces: the pieces of other scripts would take a third of the memory."""


class Pieces:
    def __init__(self, weights: Weights) -> None:
        self._changed = weights.changed
        self._numbers: dict[str, int] = {}
        for number, piece in enumerate(weights.pieces()):
            if _OF_OUR_SCRIPTS.fullmatch(piece):
                self._numbers.setdefault(piece, number)
        self._scores = array("f", weights.scores.tolist())
        self._longest = max(map(len, self._numbers))
        self._unknown = weights.unknown
        self._scores[self._unknown] = min(self._scores) - _WORSE_THAN_ANY
        self._first, self._last, self._most = weights.first, weights.last, weights.longest - 2

    def of(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`, between those of its beginning and its end."""
        written = " ".join("".join(self._changed.get(one, one) for one in text).split(" "))
        while "  " in written:
            written = written.replace("  ", " ")
        if not written.startswith(" "):
            written = f" {written}"
        return [self._first, *self._best(written.replace(" ", _SPACE))[: self._most], self._last]

    def _best(self, text: str) -> list[int]:
        totals = [0.0] + [float("-inf")] * len(text)
        steps = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                number = self._numbers.get(text[start:end])
                if number is None and end == start + 1:
                    number = self._unknown
                if number is not None and totals[start] + self._scores[number] > totals[end]:
                    totals[end] = totals[start] + self._scores[number]
                    steps[end] = number, start
        return list(reversed(list(_back(steps))))


def _back(steps: list[tuple[int, int]]) -> Iterator[int]:
    """Yield the numbers of the pieces from the last one on."""
    end = len(steps) - 1
    while end:
        number, end = steps[end]
        yield number
