"""The readings that the languages of East Asia share; their tables differ in words and signs alone."""

from __future__ import annotations

import re

from moments import clock, days
from moments.moment import Clock, Context, Meaning, Read
from moments.numerals import hanzi
from moments.reading import in_minutes, in_units, next_units

NO_DIGIT_BEFORE = r"(?<![\d.:/〇零一二三四五六七八九十百])"
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}


def number(words: str | None) -> int:
    """Return 0 for no words, and for what is no number."""
    return (hanzi(words) or 0) if words else 0


def year_in(found: re.Match[str]) -> int | None:
    written = found.groupdict().get("year")
    return hanzi(written) if written else None


def day_and_month(found: re.Match[str], context: Context) -> Meaning | None:
    day, month = number(found["day"]), number(found["month"])
    return days.written_day(context.today, day, month, year_in(found))


def days_of_month(found: re.Match[str], context: Context) -> Meaning | None:
    first, last = number(found["day"]), number(found["last"])
    return days.days_of_month(context.today, first, last, number(found["month"]))


def day(found: re.Match[str], context: Context) -> Meaning | None:
    written = found["day"] or found.groupdict().get("number")
    return days.day_of_month(context.today, number(written))


def day_of_other_month(months: dict[str, int]) -> Read:
    """Return the reading of "the 10th of next month"."""
    return lambda found, context: days.day_of_other_month(
        context.today, number(found["day"]), months["".join(found["which"].split())]
    )


def month(found: re.Match[str], context: Context) -> Meaning | None:
    return days.coming_month(context.today, number(found["month"]), year_in(found))


def lunar_day(found: re.Match[str], context: Context) -> Meaning | None:
    name = found["month"]
    month_meant = _LUNAR_MONTHS.get(name) or number(name)
    return days.lunar_day(context.today, number(found["day"].removeprefix("初")), month_meant)


def day_of_new_year(found: re.Match[str], context: Context) -> Meaning | None:
    return days.lunar_day(context.today, number(found["day"]), 1)


def eve_of_new_year(_: re.Match[str], context: Context) -> Meaning | None:
    return days.before_tet(context.today, 30)


def counted(units: dict[str, str], sign: int = 1) -> Read:
    """Return the reading of "in N units" (`sign` 1), or of "N units ago" (-1)."""
    return lambda found, context: in_units(
        context, sign * number(found["count"]), units[found["unit"]]
    )


def next_ones(units: dict[str, str]) -> Read:
    return lambda found, context: next_units(context, number(found["count"]), units[found["unit"]])


def weekday(weekdays: dict[str, int], weeks: dict[str, int]) -> Read:
    """Return the reading of a weekday, with the week it is in where one is said."""

    def read(found: re.Match[str], context: Context) -> Meaning:
        week, wanted = found["week"], weekdays[found["weekday"]]
        if not week:
            return days.coming_weekday(context.today, wanted)
        if (count := weeks.get("".join(week.split()))) is None:
            return days.coming_weekday(context.today, wanted, also_today=False)
        return days.weekday_of_week(context.today, wanted, count)

    return read


def hour(parts: dict[str, str], halves: tuple[str, ...] = ("半",)) -> Read:
    """Return the reading of an hour with its part of the day before it."""

    def read(found: re.Match[str], _: Context) -> Clock | None:
        part = parts.get(found["part"] or "")
        said = found["minute"]
        minute = 30 if said in halves else {"一刻": 15, "三刻": 45}.get(said or "", number(said))
        return clock.clock(number(found["hour"]), minute, part)

    return read


def before(parts: dict[str, str]) -> Read:
    def read(found: re.Match[str], _: Context) -> Clock | None:
        minutes = 15 if found["less"] == "一刻" else number(found["less"])
        return clock.before(number(found["hour"]), minutes, parts.get(found["part"] or ""))

    return read


def hours_ahead(unit_minutes: dict[str, int]) -> Read:
    return lambda found, context: in_minutes(
        context, number(found["count"]) * unit_minutes[found["unit"]]
    )


def part_of(parts: dict[str, str]) -> Read:
    return lambda found, _: Clock(parts[found["part"]])
