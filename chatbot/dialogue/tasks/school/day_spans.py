"""Days that follow each other: the school can be told of one such stretch at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Span = tuple[date, date]
"""First and last day, both included."""
_SUNDAY = 6


def spans_of(values: Iterable[str]) -> list[Span]:
    """Return found dates ("2026-11-30" or "2026-11-30/2026-12-01") as stretches, in their order.

    Neighbours are one stretch, a Saturday and the Monday after it too: no school teaches on Sunday.
    """
    spans: list[Span] = []
    for starts, ends in sorted(map(_span, values)):
        if spans and starts <= _next_school_day(spans[-1][1]):
            spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
        else:
            spans.append((starts, ends))
    return spans


def text_of(span: Span) -> str:
    """Return a stretch as a found date."""
    starts, ends = span
    return starts.isoformat() if starts == ends else f"{starts.isoformat()}/{ends.isoformat()}"


def _span(value: str) -> Span:
    first, _, last = value.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _next_school_day(day: date) -> date:
    after = day + timedelta(days=1)
    return after + timedelta(days=1) if after.weekday() == _SUNDAY else after
