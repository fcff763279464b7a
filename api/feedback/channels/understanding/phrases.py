"""Phrases found in texts: the longest at each place, of words as they are written or without marks.

East Asian scripts are written without spaces: there each letter is a word. A Vietnamese text that is
written with its marks is read with them, for without them many words fall together (sạch, sách).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from api.kit.folding import is_unspaced, words

Value = TypeVar("Value")
_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĩũ]")
"""Letters that among our languages only Vietnamese has."""


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """`start` counts words, `length` too."""

    value: Value
    start: int
    length: int


def is_marked(text: str) -> bool:
    """Tell whether a text is Vietnamese with its marks."""
    return _MARKED.search(unicodedata.normalize("NFC", text).casefold()) is not None


def folded_tokens(text: str) -> list[str]:
    """Return the words without marks; letters of East Asian scripts each by itself."""
    return [token for word in words(text) for token in (word if is_unspaced(word) else (word,))]


def marked_tokens(text: str) -> list[str]:
    """Return the words as they are written."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


class Phrases(Generic[Value]):
    """Phrases with a value each; of two that are written alike the first counts."""

    def __init__(self, phrases: Mapping[str, Value]) -> None:
        self._folded: dict[tuple[str, ...], Value] = {}
        self._marked: dict[tuple[str, ...], Value] = {}
        for phrase, value in phrases.items():
            self._folded.setdefault(tuple(folded_tokens(phrase)), value)
            self._marked.setdefault(tuple(marked_tokens(phrase)), value)
        self._longest = max(map(len, self._folded), default=0)

    def found_in(self, text: str) -> list[Found[Value]]:
        """Return what stands in a text, in its order, none over another."""
        if is_marked(text):
            return list(self._matches(marked_tokens(text), self._marked))
        return list(self._matches(folded_tokens(text), self._folded))

    def _matches(
        self, tokens: Sequence[str], known: Mapping[tuple[str, ...], Value]
    ) -> Iterator[Found[Value]]:
        start = 0
        while start < len(tokens):
            length = self._length_at(tokens, start, known)
            if length:
                yield Found(known[tuple(tokens[start : start + length])], start, length)
            start += length or 1

    def _length_at(
        self, tokens: Sequence[str], start: int, known: Mapping[tuple[str, ...], Value]
    ) -> int:
        for length in range(min(self._longest, len(tokens) - start), 0, -1):
            if tuple(tokens[start : start + length]) in known:
                return length
        return 0
