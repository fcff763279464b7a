"""Titles of choices in the reader's words, to know a tapped one again."""

from __future__ import annotations

from typing import Any

from dialogue.saying import Choice, Line, digest
from locales import translator
from phrases import PHRASES


def worded(line: Line, language: str) -> str:
    """Return a line in the reader's words."""
    if "content" in line:
        return str(line["content"])
    fields = {name: _field(value, language) for name, value in (line.get("fields") or {}).items()}
    return translator(language)(PHRASES[line["phrase"]]).format(**fields)


def _field(value: Any, language: str) -> str:  # noqa: ANN401 - a string or a phrase
    return worded(value, language) if isinstance(value, dict) else str(value)


def offered(choices: list[Choice], language: str) -> tuple[tuple[str, str], ...]:
    """Return what is kept of choices: digests of their titles, and what they stand for."""
    return tuple((digest(worded(one.title, language)), one.value) for one in choices)
