"""Cuts a text into the encoder's pieces of words: the row of pieces whose scores add up to the most."""

from __future__ import annotations

from collections.abc import Iterator

from meaning.weights import Weights

_SPACE = "▁"
_WORSE_THAN_ANY = 10
"""By how much a letter that no piece holds scores less than the rarest piece."""


class Pieces:
    def __init__(self, weights: Weights) -> None:
        self._changed = weights.changed
        self._scores: dict[str, tuple[int, float]] = {}
        for number, piece in enumerate(weights.pieces):
            self._scores.setdefault(piece, (number, float(weights.scores[number])))
        self._longest = max(map(len, self._scores))
        self._unknown = weights.unknown, float(weights.scores.min()) - _WORSE_THAN_ANY
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
                known = self._scores.get(text[start:end])
                if known is None and end == start + 1:
                    known = self._unknown
                if known is not None and totals[start] + known[1] > totals[end]:
                    totals[end] = totals[start] + known[1]
                    steps[end] = known[0], start
        return list(reversed(list(_back(steps))))


def _back(steps: list[tuple[int, int]]) -> Iterator[int]:
    """Yield the numbers of the pieces from the last one on."""
    end = len(steps) - 1
    while end:
        number, end = steps[end]
        yield number
