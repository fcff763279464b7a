"""Short forms of many spellings: "(khoa|khám) mắt" is two, "cho [mẹ]" finds "mẹ" where "cho" is before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gazetteer.folding import letters

_PART = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*)\)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Spelling:
    """`before` and `after`: how many letters at the ends do not belong to what is named."""

    text: str
    before: int = 0
    after: int = 0


def spellings(pattern: str, parts: Mapping[str, str]) -> Iterator[Spelling]:
    """Yield what `pattern` stands for; `parts` are the choices of its names in braces."""
    while found := _PART.search(pattern):
        pattern = f"{pattern[: found.start()]}({parts[found[1]]}){pattern[found.end() :]}"
    for text in dict.fromkeys(_choices(pattern)):
        yield _with_ends(text)


def _choices(pattern: str) -> Iterator[str]:
    found = _CHOICE.search(pattern)
    if found is None:
        yield _SPACES.sub(" ", pattern).strip()
        return
    for choice in found[1].split("|"):
        yield from _choices(pattern[: found.start()] + choice + pattern[found.end() :])


def _with_ends(text: str) -> Spelling:
    before, bracket, rest = text.partition("[")
    if not bracket:
        return Spelling(text)
    inside, _, after = rest.partition("]")
    return Spelling(before + inside + after, len(letters(before)), len(letters(after)))
