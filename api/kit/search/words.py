"""Cuts texts into what they are found by, and queries into what is looked for.

Words are folded; those that stand side by side are indexed joined as well, so that "sapa" and "Sa Pa",
"phanxipang" and "Phan Xi Păng" meet. Scripts written without spaces are cut into pairs of
characters, which finds any part of a name and forgives a wrong character.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from api.kit.folding import is_unspaced, words

FILLERS = frozenset(
    {"a", "an", "and", "at", "by", "city", "commune", "district", "in", "near", "of", "on"}
    | {"province", "the", "to", "town", "ward"}
    | {"au", "aux", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pres"}
    | {"gan", "huyen", "o", "phuong", "tai", "thi", "tinh", "tran", "va", "xa"}
)
"""Words that say nothing about what is meant, where no name holds them."""

_JOINED_AT_MOST = 3
_TEXTS_REMEMBERED = 16_384
"""Of the entries alone, never of what people type; three times those of the province."""


@lru_cache(_TEXTS_REMEMBERED)
def words_of_entry(text: str) -> tuple[str, ...]:
    """Return the words of a text that is searched; when one entry changes, all others are read again."""
    return tuple(words(text))


@lru_cache(_TEXTS_REMEMBERED)
def found_by(text: str) -> frozenset[str]:
    """Return all that a text is found by."""
    return frozenset(indexed_words(words_of_entry(text)))


def indexed_words(text: Sequence[str]) -> Iterator[str]:
    """Yield what a text (as `words` cuts it) is found by: words, joined words, characters and pairs of them."""
    for word in text:
        if is_unspaced(word):
            yield from word
            yield from _pairs(word)
    yield from (word for _, _, word in spans(text) if not is_unspaced(word))


def asked_words(text: Sequence[str]) -> Iterator[str]:
    """Yield what is looked for: words, and of unspaced writing the pairs of characters."""
    for word in text:
        yield from _pairs(word) if is_unspaced(word) and len(word) > 1 else [word]


def spans(text: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield every word and every join of neighbours: where it starts, where it ends, its letters."""
    for first in range(len(text)):
        for last in range(first + 1, min(first + _JOINED_AT_MOST, len(text)) + 1):
            span = text[first:last]
            if last - first == 1 or not any(map(is_unspaced, span)):
                yield first, last, "".join(span)


def _pairs(word: str) -> list[str]:
    return [word[start : start + 2] for start in range(len(word) - 1)]
