"""Days of `date` findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from dialogue.formats import WEEKDAYS


def days_of(value: str) -> list[date]:
    """Return the days of "2026-11-30" or "2026-11-30/2026-12-01", both included."""
    first, _, last = value.partition("/")
    start = date.fromisoformat(first)
    end = date.fromisoformat(last) if last else start
    return [start + timedelta(ahead) for ahead in range((end - start).days + 1)]


def all_days(values: Iterable[str]) -> list[date]:
    return sorted({day for value in values for day in days_of(value)})


def next_of(weekdays: Iterable[str], start: date) -> date:
    """Return the first day from `start` on that is one of `weekdays` (GraphQL's Weekday values)."""
    ahead = min((WEEKDAYS.index(weekday) - start.weekday()) % 7 for weekday in weekdays)
    return start + timedelta(ahead)
