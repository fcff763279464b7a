"""What the classifier sees of a message: three views of its tokens, as terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_SHORTEST, _LONGEST = 2, 5
"""Letters in a part of a word."""


@dataclass(frozen=True)
class Views:
    """Terms with how often they stand in a message.

    `written`: words and pairs of words as they were typed, marks and all. `folded`: the same without marks.
    `parts`: of 2 to 5 letters without marks, which outlive typing errors.
    """

    written: Counter[str]
    folded: Counter[str]
    parts: Counter[str]

    def each(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        return self.written, self.folded, self.parts


def views_of(texts: list[str], lemmas: list[str]) -> Views:
    """Return the views of a message with these tokens."""
    return Views(
        Counter(_words_and_pairs([text.lower() for text in texts])),
        Counter(_words_and_pairs(lemmas)),
        Counter(part for lemma in lemmas for part in _parts(f" {lemma} ")),
    )


def _words_and_pairs(words: list[str]) -> Iterator[str]:
    yield from words
    yield from (f"{one} {next_one}" for one, next_one in pairwise(words))


def _parts(word: str) -> Iterator[str]:
    for length in range(_SHORTEST, _LONGEST + 1):
        if len(word) <= length:
            yield word
            return
        yield from (word[at : at + length] for at in range(len(word) - length + 1))
