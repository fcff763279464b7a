"""Finds names as people type them: without marks, joined or parted, misspelt, in any of the languages.

A word of the query matches the same word of a name, the beginning of a longer one, or one a typing
error or two away (api.kit.search.words tells what a word is).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz

from api.kit.folding import is_unspaced, words
from api.kit.search.postings import Postings
from api.kit.search.spellings import Spellings
from api.kit.search.words import FILLERS, asked_words, spans, words_of_entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

HITS_AT_MOST = 500
WORST_RANK = 1_000

# Bounds of the work for one query.
_QUERY_WORDS_AT_MOST = 12
_COMPLETIONS_AT_MOST = 200
_CORRECTED_SPANS_AT_MOST = 8

# From how many letters on a word is completed (the last one: from 2), and one or two errors are forgiven;
# a known word is only taken for a misspelt one when it is long.
_COMPLETED_LENGTH = 4
_FORGIVING_LENGTH = 5
_VERY_FORGIVING_LENGTH = 9
_TELLING_LENGTH = 7

# What a match is worth: completed, completed though it is a word itself, with 0, 1 or 2 errors.
_COMPLETED = 0.9
_COMPLETED_THOUGH_KNOWN = 0.7
_CORRECTED = (1.0, 0.85, 0.7)

# How a score is made, and below what it is not shown. Tuned on tests/tourism/test_search.py.
_PAIR_IMPORTANCE = 2.5
_NAME_LIKENESS = 0.2
_LEAST_LIKENESS = 60
_LEAST_COVERAGE = 0.6
_LEAST_SCORE = 0.33
_LEAST_SHARE_OF_BEST = 0.35


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: its names, best first to be found by, and texts around it that count less.

    `names` and `context` give each text its weight, from 0 to 1.
    """

    id: str
    names: Mapping[str, float]
    context: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found; `rank` 0 is what was typed exactly, higher is further from it."""

    id: str
    rank: int


class SearchIndex:
    """An immutable index in memory; safe to read from any thread."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        ordered = sorted(entries, key=lambda entry: entry.id)
        self._ids = [entry.id for entry in ordered]
        self._names = [
            tuple((" ".join(words_of_entry(name)), weight) for name, weight in entry.names.items())
            for entry in ordered
        ]
        self._postings = Postings.of(
            [(*entry.names.items(), *entry.context.items()) for entry in ordered]
        )
        self._typed = sorted(word for word in self._postings.words() if not is_unspaced(word))
        self._single = sorted(_single_words(ordered).intersection(self._typed))
        self._spellings = Spellings(self._typed)

    def find(self, text: str, among: "NDArray[np.bool] | None" = None) -> list[Hit]:
        """Return the entries that `text` may mean, best first, ties by id; at most HITS_AT_MOST.

        `among`: a flag for each entry in the order of their ids; others are not looked at.

        Entries in which all words are found come alone; only without any such do those come
        that miss a word or two.
        """
        asked = list(asked_words(words(text)[:_QUERY_WORDS_AT_MOST]))
        if not asked or not self._ids:
            return []
        matched = np.zeros((len(asked), len(self._ids)), dtype=np.float32)
        self._match_exactly(asked, matched)
        self._match_completed(asked, matched)
        self._match_corrected(asked, matched)
        if among is not None:
            matched[:, np.logical_not(among)] = 0.0
        return self._ranked(" ".join(words(text)), self._best(*_telling(asked, matched)))

    def _match_exactly(self, asked: "Sequence[str]", matched: "NDArray[np.float32]") -> None:
        for first, last, word in spans(asked):
            self._mark(matched, first, last, word, 1.0)

    def _match_completed(self, asked: "Sequence[str]", matched: "NDArray[np.float32]") -> None:
        for place, word in enumerate(asked):
            is_last = place == len(asked) - 1
            if not is_unspaced(word) and len(word) >= (2 if is_last else _COMPLETED_LENGTH):
                likeness = _COMPLETED_THOUGH_KNOWN if word in self._postings else _COMPLETED
                for longer in self._completions_of(word):
                    self._mark(matched, place, place + 1, longer, likeness)

    def _completions_of(self, word: str) -> Iterator[str]:
        among = self._typed if len(word) >= _FORGIVING_LENGTH else self._single
        start = bisect_left(among, word)
        for longer in among[start : start + _COMPLETIONS_AT_MOST]:
            if not longer.startswith(word):
                return
            yield longer

    def _match_corrected(self, asked: "Sequence[str]", matched: "NDArray[np.float32]") -> None:
        unknown: NDArray[np.bool] = np.logical_not(np.any(matched, axis=1))
        doubtful = [
            (first, last, word)
            for first, last, word in sorted(spans(asked), key=lambda span: span[1] - span[0])
            if len(word) >= (_FORGIVING_LENGTH if unknown[first:last].any() else _TELLING_LENGTH)
            and (unknown[first:last].any() or last - first == 1)
        ]
        for first, last, word in doubtful[:_CORRECTED_SPANS_AT_MOST]:
            for near, errors in self._spellings.near(word, errors_forgiven(word)):
                self._mark(matched, first, last, near, _CORRECTED[errors])

    def _mark(
        self, matched: "NDArray[np.float32]", first: int, last: int, word: str, likeness: float
    ) -> None:
        if found := self._postings.of_word(word):
            rows, weights = found
            for place in range(first, last):
                row = matched[place]
                row[rows] = np.maximum(row[rows], weights * likeness)

    def _best(
        self, asked: "Sequence[str]", matched: "NDArray[np.float32]"
    ) -> list[tuple[int, float]]:
        """Return the rows that are worth showing and their scores, 0 to 1, best first."""
        holders: list[int] = (matched > 0).sum(axis=1).tolist()
        importance = np.array(
            [
                _PAIR_IMPORTANCE if is_unspaced(word) else log(1 + len(self._ids) / (1 + held))
                for word, held in zip(asked, holders, strict=True)
            ],
            dtype=np.float32,
        )
        importance /= importance.sum()
        is_whole = (matched > 0).all(axis=0)
        is_shown = is_whole if is_whole.any() else importance @ (matched > 0) >= _LEAST_COVERAGE
        rows = np.flatnonzero(is_shown)
        scores = importance @ matched[:, rows]
        order = np.lexsort((rows, -scores))[:HITS_AT_MOST]
        return list(zip(rows[order].tolist(), scores[order].tolist(), strict=True))

    def _ranked(self, text: str, best: Sequence[tuple[int, float]]) -> list[Hit]:
        scores = {
            row: (1 - _NAME_LIKENESS) * score + _NAME_LIKENESS * self._likeness(text, row)
            for row, score in best
        }
        least = max(_LEAST_SCORE, _LEAST_SHARE_OF_BEST * max(scores.values(), default=0.0))
        hits = [
            Hit(self._ids[row], WORST_RANK - round(WORST_RANK * score))
            for row, score in scores.items()
            if score >= least
        ]
        return sorted(hits, key=lambda hit: (hit.rank, hit.id))

    def _likeness(self, text: str, row: int) -> float:
        return max(
            (
                fuzz.ratio(text, name, score_cutoff=_LEAST_LIKENESS) * weight / 100
                for name, weight in self._names[row]
            ),
            default=0.0,
        )


def errors_forgiven(word: str) -> int:
    """Return how many typing errors are forgiven in a folded word."""
    if len(word) < _FORGIVING_LENGTH:
        return 0
    return 2 if len(word) >= _VERY_FORGIVING_LENGTH else 1


def _single_words(entries: Sequence[Entry]) -> set[str]:
    texts = {text for entry in entries for text in (*entry.names, *entry.context)}
    return {word for text in texts for word in words_of_entry(text)}


def _telling(
    asked: "Sequence[str]", matched: "NDArray[np.float32]"
) -> "tuple[list[str], NDArray[np.float32]]":
    """Leave out fillers that were found nowhere, unless there is nothing else."""
    is_found: list[bool] = np.any(matched, axis=1).tolist()
    kept = [
        place for place, word in enumerate(asked) if is_found[place] or word not in FILLERS
    ] or list(range(len(asked)))
    return [asked[place] for place in kept], matched[kept]
