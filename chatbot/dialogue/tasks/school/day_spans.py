"""Days that follow each other: the school can be told of one such stretch at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from dialogue.turn import Turn

Span = tuple[date, date]
"""First and last day, both included."""
_SUNDAY = 6
_UNTIL = re.compile(
    r"\W*(?:(?:cho )?(?:đến|tới|den|toi)(?: (?:hết|het|ngày|ngay))?|to|until|till?|through|jusqu['’](?:à|au)"
    r"|à|a|au|[-–~～]|到|至|直到|から|부터|에서)\W*(?:the|ce|le)?\s*"
)
"""What stands between the first and the last day of a stretch."""


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


def spans_told(turn: Turn) -> list[Span]:
    """Return the days of a message; "from tomorrow until Friday" is all days between too."""
    found = sorted(turn.all_of("date"), key=lambda one: one.start)
    values: list[str] = []
    for at, one in enumerate(found):
        between = turn.text[found[at - 1].end : one.start] if at else ""
        if at and one.end and _UNTIL.fullmatch(between.casefold()) and values[-1] < one.value:
            values[-1] = f"{values[-1].partition('/')[0]}/{one.value.rpartition('/')[2]}"
        else:
            values.append(one.value)
    return spans_of(values)


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
