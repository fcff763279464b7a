"""Cuts a message into tokens, and tokens into the pieces that names begin and end with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import regex

from gazetteer.folding import fold, letters

_IDEOGRAPHIC = r"\p{Han}\p{Hiragana}\p{Katakana}々ー"
TOKEN = regex.compile(
    rf"[{_IDEOGRAPHIC}]"
    rf"|[^\W_{_IDEOGRAPHIC}]+(?:[-'’./:][^\W_{_IDEOGRAPHIC}]+)*"  # a word, l'eau, 8:30, 15/8
    r"|[\p{Emoji_Presentation}]"
)
_PIECE = regex.compile(
    r"\p{Hangul}+|[^\W_\p{Hangul}]+(?:(?<!\b(?:qu|[ldjmnstc]))['’][^\W_\p{Hangul}]+|[-./:][^\W_\p{Hangul}]+)*",
    regex.IGNORECASE,
)
"""A word without what clings to it: "l" and "hôpital" of "l'hôpital", "QL4D" and "에" of "QL4D에"."""


class Token(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Word:
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokens(text: str) -> list[Word]:
    return [Word(found.group(), found.start()) for found in TOKEN.finditer(text)]


@dataclass(frozen=True)
class Piece:
    start: int
    end: int
    letters: str


def pieces(words: Iterable[Token]) -> Iterator[Piece]:
    for word in words:
        for found in _PIECE.finditer(word.text):
            if key := letters(fold(found.group())):
                yield Piece(word.start + found.start(), word.start + found.end(), key)
