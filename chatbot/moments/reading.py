"""The readings that tables share."""

from __future__ import annotations

import re

from moments import clock, days
from moments.moment import Clock, Context, Kind, Meaning, Read, Rule
from moments.patterns import latin


def ahead(count: int) -> Read:
    """Return the reading of a word that means the day in `count` days."""
    return lambda _, context: days.in_days(context.today, count)


def part(name: str) -> Read:
    return lambda _found, _context: Clock(name)


def hour_of(hour: int, minute: int = 0) -> Read:
    return lambda _found, _context: Clock(None, hour, minute, is_certain=True)


def each_year(month: int, day: int) -> Read:
    return lambda _, context: days.written_day(context.today, day, month)


def each_lunar_year(month: int, day: int) -> Read:
    return lambda _, context: days.lunar_day(context.today, day, month)


def coming_tet(_: object, context: Context) -> Meaning:
    return days.tet(context.today)


def easter(_: object, context: Context) -> Meaning:
    return days.easter(context.today)


def weeks(count: int) -> Read:
    return lambda _, context: days.week(context.today, count)


def weekends(count: int) -> Read:
    return lambda _, context: days.weekend(context.today, count)


def months(count: int) -> Read:
    return lambda _, context: days.month(context.today, count)


def years(count: int) -> Read:
    return lambda _, context: days.year(context.today, count)


def in_units(context: Context, count: int, unit: str) -> Meaning | None:
    """Return the day in `count` of `unit`: "day", "week" or "month"."""
    if unit == "month":
        return days.day_in_months(context.today, count)
    return days.in_days(context.today, count * (7 if unit == "week" else 1))


def next_units(context: Context, count: int, unit: str) -> Meaning | None:
    """Return the days from today to the end of the next `count` of `unit`."""
    end = in_units(context, count, unit)
    return f"{context.today.isoformat()}/{end}" if count > 0 and isinstance(end, str) else None


def in_minutes(context: Context, minutes: int) -> Clock | None:
    return clock.hours_from_now(context, minutes) if minutes > 0 else None


def date_words(table: dict[str, Read]) -> tuple[Rule, ...]:
    """Return a rule for each pattern of Latin words that always means the same."""
    return tuple(Rule("date", latin(pattern), read) for pattern, read in table.items())


def time_words(table: dict[str, Read]) -> tuple[Rule, ...]:
    return tuple(Rule("time", latin(pattern), read) for pattern, read in table.items())


def rules_as_written(kind: Kind, table: dict[str, Read]) -> tuple[Rule, ...]:
    """Return the rules of a script whose words have no room between them."""
    return tuple(Rule(kind, re.compile(pattern), read) for pattern, read in table.items())
