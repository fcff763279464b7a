"""The rules by which days come round: by date, by the year of the sun or the moon, by the week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api.tourism.events.lunar_calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    EarthlyBranch,
    date_of,
    days_of_branch,
    month_of,
)
from api.tourism.records import WEEK, Weekday

FIRST_DAY, LAST_DAY = date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31)
DAYS_AT_MOST = 60
"""So long may one occurrence last."""


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A run of days, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date, count: int) -> "Days":
        return cls(first, first + timedelta(days=count - 1))

    def touch(self, other: "Days") -> bool:
        return self.first <= other.last and self.last >= other.first


@dataclass(frozen=True, slots=True)
class OnDates:
    """On these days, and no more."""

    dates: tuple[Days, ...]

    def within(self, window: Days) -> Iterator[Days]:
        return (days for days in self.dates if days.touch(window))


@dataclass(frozen=True, slots=True)
class EveryYear:
    """From a day of the Gregorian year on; 29 February is the 28th where there is none."""

    month: int
    day: int
    days: int

    def within(self, window: Days) -> Iterator[Days]:
        for year in range(window.first.year - 1, window.last.year + 1):
            days = Days.of(_day_of(year, self.month, self.day), self.days)
            if days.touch(window):
                yield days


@dataclass(frozen=True, slots=True)
class EveryLunarYear:
    """From a day of the lunar year on; the 30th is the 29th in a month without one. Never in a leap month."""

    month: int
    day: int
    days: int

    def within(self, window: Days) -> Iterator[Days]:
        for year in _lunar_years(window):
            days = Days.of(date_of(year, self.month, self.day), self.days)
            if days.touch(window):
                yield days


@dataclass(frozen=True, slots=True)
class OnAnimalDay:
    """From the first day of an animal in a month of the lunar year on: the first Dragon day of the first month."""

    month: int
    branch: EarthlyBranch
    days: int

    def within(self, window: Days) -> Iterator[Days]:
        for year in _lunar_years(window):
            first = next(days_of_branch(month_of(year, self.month), self.branch))
            days = Days.of(first, self.days)
            if days.touch(window):
                yield days


@dataclass(frozen=True, slots=True)
class DayOfYear:
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, both days included; it may reach over New Year."""

    first: DayOfYear
    last: DayOfYear

    def holds(self, day: date) -> bool:
        first = _day_of(day.year, self.first.month, self.first.day)
        last = _day_of(day.year, self.last.month, self.last.day)
        return first <= day <= last if first <= last else day >= first or day <= last


@dataclass(frozen=True, slots=True)
class EveryWeek:
    """On days of the week, in a season or all the year."""

    weekdays: tuple[Weekday, ...]
    season: Season | None

    def within(self, window: Days) -> Iterator[Days]:
        for weekday in self.weekdays:
            for day in _each(weekday, window):
                if self.season is None or self.season.holds(day):
                    yield Days(day, day)


Rule = OnDates | EveryYear | EveryLunarYear | OnAnimalDay | EveryWeek


def planned(rule: Rule, window: Days) -> Sequence[Days]:
    """Return the runs of days that a rule gives and that touch a window, in order.

    Of a window that reaches beyond FIRST_DAY or LAST_DAY only what lies between them.
    """
    known = Days(max(window.first, FIRST_DAY), min(window.last, LAST_DAY))
    return sorted(rule.within(known)) if known.first <= known.last else ()


def _lunar_years(window: Days) -> range:
    """Return the lunar years whose months, with what begins in them, may touch a window."""
    return range(window.first.year - 1, window.last.year + 1)


def _each(weekday: Weekday, window: Days) -> Iterator[date]:
    ahead = (WEEK.index(weekday) - window.first.weekday()) % len(WEEK)
    for number in range(ahead, (window.last - window.first).days + 1, len(WEEK)):
        yield window.first + timedelta(days=number)


def _day_of(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)  # only 29 February: others are refused when they come in
