"""A school year as a calendar: pure rules, without store and clock."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto

from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.students.calendar.errors import InvalidCalendar
from api.tourism.opening.holidays import HolidayCalendar

_FIRST_MONTH = 8
TERMS_AT_MOST = 4
DAYS_OFF_AT_MOST = 60
EXTRA_DAYS_AT_MOST = 60
REASON_CHARACTERS_AT_MOST = 120
LATE_MINUTES_AT_MOST = 60
SATURDAY = 5


class Shift(StrEnum):
    """When a class is at school: many schools teach two halves of their pupils in turn."""

    MORNING = auto()
    AFTERNOON = auto()
    WHOLE_DAY = auto()


class DayKind(StrEnum):
    TEACHING = auto()
    NO_CALENDAR = auto()
    """The school has not said when it teaches in this year: nobody is absent."""
    OUTSIDE_TERMS = auto()
    WEEKEND = auto()
    HOLIDAY = auto()
    DAY_OFF = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `starts` to `ends`, both included."""

    starts: date
    ends: date

    def holds(self, day: date) -> bool:
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class DayOff:
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Bells:
    """When a shift begins and ends, on the clocks of Vietnam."""

    starts: time
    ends: time

    def begin(self, day: date) -> datetime:
        return datetime.combine(day, self.starts, VIETNAM_TIME)

    def end(self, day: date) -> datetime:
        return datetime.combine(day, self.ends, VIETNAM_TIME)


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """What a day is. `names`: of the holiday, by BCP 47 tag; `reason`: of a day off, as the school wrote it."""

    kind: DayKind
    names: Mapping[str, str] | None = None
    reason: str | None = None

    @property
    def teaches(self) -> bool:
        return self.kind is DayKind.TEACHING


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """A school's year. `year`: in which it begins; `weekdays`: on which it teaches, Monday being 0.

    `late_after`: minutes after the bell at which somebody comes late. `extra_days`: made up for,
    whatever the rest says.
    """

    school_id: str
    year: int
    terms: tuple[Span, ...]
    weekdays: frozenset[int]
    days_off: tuple[DayOff, ...]
    extra_days: frozenset[date]
    bells: Mapping[Shift, Bells]
    late_after: int
    version: int = 1

    def day(self, day: date, holidays: HolidayCalendar) -> SchoolDay:
        """Return what a day is. What the school says of one day goes before what holds for all."""
        if day in self.extra_days:
            return SchoolDay(DayKind.TEACHING)
        if not any(term.holds(day) for term in self.terms):
            return SchoolDay(DayKind.OUTSIDE_TERMS)
        if names := holidays.name_of(day):
            return SchoolDay(DayKind.HOLIDAY, names=names)
        if off := next((it for it in self.days_off if it.span.holds(day)), None):
            return SchoolDay(DayKind.DAY_OFF, reason=off.reason)
        is_weekday = day.weekday() in self.weekdays
        return SchoolDay(DayKind.TEACHING if is_weekday else DayKind.WEEKEND)

    def is_late(self, shift: Shift, at: datetime) -> bool:
        """Tell whether somebody who comes at an aware moment comes too late for the shift."""
        day = day_in_vietnam(at)
        return at > self.bells[shift].begin(day) + timedelta(minutes=self.late_after)


def school_year_of(day: date) -> int:
    """Return in which year the school year of a day begins: in August."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def year_span(year: int) -> Span:
    return Span(date(year, _FIRST_MONTH, 1), date(year + 1, _FIRST_MONTH, 1) - timedelta(days=1))


def checked(calendar: SchoolCalendar) -> SchoolCalendar:
    """Return the calendar, or raise InvalidCalendar, which names the field."""
    year = year_span(calendar.year)
    _check_spans(calendar.terms, year, "terms", TERMS_AT_MOST)
    if not calendar.terms:
        raise InvalidCalendar("terms")
    ordered = sorted(calendar.terms, key=lambda term: term.starts)
    if any(later.starts <= sooner.ends for sooner, later in itertools.pairwise(ordered)):
        raise InvalidCalendar("terms")
    _check_spans([it.span for it in calendar.days_off], year, "daysOff", DAYS_OFF_AT_MOST)
    if not all(_is_fit(it.reason) for it in calendar.days_off):
        raise InvalidCalendar("daysOff")
    too_many = len(calendar.extra_days) > EXTRA_DAYS_AT_MOST
    if too_many or not all(map(year.holds, calendar.extra_days)):
        raise InvalidCalendar("extraDays")
    if not calendar.weekdays or not calendar.weekdays <= frozenset(range(7)):
        raise InvalidCalendar("weekdays")
    if not calendar.bells or any(it.starts >= it.ends for it in calendar.bells.values()):
        raise InvalidCalendar("bells")
    if not 0 <= calendar.late_after <= LATE_MINUTES_AT_MOST:
        raise InvalidCalendar("lateAfter")
    return calendar


def _check_spans(spans: "tuple[Span, ...] | list[Span]", year: Span, field: str, most: int) -> None:
    is_sound = all(year.starts <= span.starts <= span.ends <= year.ends for span in spans)
    if len(spans) > most or not is_sound:
        raise InvalidCalendar(field)


def _is_fit(reason: str) -> bool:
    return 0 < len(reason) <= REASON_CHARACTERS_AT_MOST and reason.isprintable()
