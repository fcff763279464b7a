"""Which parts of a text answer to what was typed, to be shown in bold.

Parts and not offsets: every language counts characters in its own way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from unicodedata import normalize

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from api.kit.folding import fold, is_unspaced, words
from api.kit.search.index import errors_forgiven
from api.kit.search.words import FILLERS, asked_words, spans

_TEXT_CHARACTERS_AT_MOST = 200
_ASKED_WORDS_AT_MOST = 12
_BEGINNING_LENGTH = 2
_TEXTS_REMEMBERED, _CHARACTERS_REMEMBERED = 2_048, 4_096
"""Names come again from search to search."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text. All parts of a text, joined, are the text."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word that is looked for, and how many errors are forgiven in it."""

    letters: str
    is_unspaced: bool
    errors: int

    @classmethod
    def of(cls, letters: str) -> "_Asked":
        unspaced = is_unspaced(letters)
        return cls(letters, unspaced, 0 if unspaced else errors_forgiven(letters))


@dataclass(frozen=True, slots=True)
class _Word:
    """A folded word of the text; `origins` tells, for each of its letters, which character it came from."""

    letters: str
    origins: tuple[int, ...]


def highlighted(text: str, asked: str) -> tuple[Segment, ...]:
    """Cut `text` into what answers to `asked` and what does not.

    A word answers when it is the same, begins alike, is a typing error or two away (as in the
    index), or is the same when joined with its neighbours; of unspaced writing, each pair of characters.
    """
    text = normalize("NFC", text)
    looked_for = _looked_for(asked)
    marked = [False] * len(text)
    for place in _matched(_words_of(text[:_TEXT_CHARACTERS_AT_MOST]), looked_for):
        marked[place] = True
    _join_across_spaces(text, marked)
    return tuple(
        Segment("".join(character for character, _ in part), is_match)
        for is_match, part in groupby(zip(text, marked, strict=True), key=lambda pair: pair[1])
    )


def most_like(names: Iterable[str], asked: str) -> str | None:
    """Return the one of `names` that is most like what was typed, None for no names."""
    typed = _folded(asked)
    return max(names, key=lambda name: fuzz.WRatio(typed, _folded(name)), default=None)


@lru_cache(_TEXTS_REMEMBERED)
def _folded(text: str) -> str:
    return " ".join(words(text))


def length_matched(segments: Sequence[Segment]) -> int:
    """Return how many characters answer."""
    return sum(len(it.text) for it in segments if it.is_match)


@lru_cache(_TEXTS_REMEMBERED)
def _looked_for(asked: str) -> tuple[_Asked, ...]:
    """Return words, joined neighbours and pairs of characters; fillers only where there is nothing else."""
    cut = words(asked)[:_ASKED_WORDS_AT_MOST]
    pairs = [word for word in asked_words(cut) if is_unspaced(word)]
    telling = [word for word in cut if word not in FILLERS and not is_unspaced(word)]
    if not telling and not pairs:
        telling = cut
    joined = (word for first, last, word in spans(cut) if last - first > 1 and word.isascii())
    return tuple(map(_Asked.of, dict.fromkeys((*telling, *pairs, *joined))))


@lru_cache(_TEXTS_REMEMBERED)
def _words_of(text: str) -> tuple[_Word, ...]:
    folded: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        letters = _letters(character)
        folded.append(letters)
        origins.extend([place] * len(letters))
    line, start = "".join(folded), 0
    found: list[_Word] = []
    for word in words(line):
        start = line.index(word, start)
        found.append(_Word(word, tuple(origins[start : start + len(word)])))
        start += len(word)
    return tuple(found)


@lru_cache(_CHARACTERS_REMEMBERED)
def _letters(character: str) -> str:
    return fold(character) or ("" if character.strip() else " ")


def _matched(of_text: Sequence[_Word], looked_for: Sequence[_Asked]) -> Iterator[int]:
    for first, last, joined in spans([word.letters for word in of_text]):
        for asked in looked_for:
            for start, end in _matched_in(joined, asked, is_single=last - first == 1):
                origins = [origin for word in of_text[first:last] for origin in word.origins]
                yield from origins[start:end]


def _matched_in(letters: str, asked: _Asked, *, is_single: bool) -> Iterator[tuple[int, int]]:
    """Yield from where to where `letters` answer."""
    if asked.is_unspaced:
        start = letters.find(asked.letters)
        while start >= 0:
            yield start, start + len(asked.letters)
            start = letters.find(asked.letters, start + 1)
    elif letters == asked.letters or _is_misspelt(letters, asked):
        yield 0, len(letters)
    elif (
        is_single and len(asked.letters) >= _BEGINNING_LENGTH and letters.startswith(asked.letters)
    ):
        yield 0, len(asked.letters)


def _is_misspelt(letters: str, asked: _Asked) -> bool:
    return (
        abs(len(letters) - len(asked.letters)) <= asked.errors
        and asked.errors > 0
        and OSA.distance(letters, asked.letters, score_cutoff=asked.errors) <= asked.errors
    )


def _join_across_spaces(text: str, marked: list[bool]) -> None:
    """Mark the space between two marked words, so that they are one part."""
    for place in range(1, len(text) - 1):
        if text[place].isspace() and marked[place - 1] and marked[place + 1]:
            marked[place] = True
