"""Opening hours in OpenStreetMap's syntax, evaluated where the province is.

A kept library does the work; the holidays are ours (holiday_rules.py). Sunrise and sunset are those of the
middle of the province, a few minutes off at its borders.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import opening_hours

from api.tourism.errors import InvalidOpeningHours
from api.tourism.opening.holiday_rules import mentions_holidays, with_holidays
from api.tourism.opening.holidays import HolidayCalendar, shipped_holidays

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CHARACTERS_AT_MOST = 255
"""As OpenStreetMap bounds a value."""

_MIDDLE = (22.1, 104.3)
_EXPRESSIONS_REMEMBERED = 4_096
_CHANGE_WITHIN_DAYS = 400

Answer = TypeVar("Answer")

_PARSER_ERROR: type[Exception] = vars(opening_hours)["ParserError"]
"""Left out of the types that the library declares."""


class OpenState(StrEnum):
    OPEN = auto()
    CLOSED = auto()
    UNKNOWN = auto()


_STATES = {
    opening_hours.State.OPEN: OpenState.OPEN,
    opening_hours.State.CLOSED: OpenState.CLOSED,
    opening_hours.State.UNKNOWN: OpenState.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class OpenInterval:
    """From `start` until before `end`, in the time of the province. `comment`: as the expression has it."""

    start: datetime
    end: datetime
    state: OpenState
    comment: str


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """An expression that can be asked. `known_until`: from then on holidays are not known, if they matter."""

    text: str
    known_from: datetime | None
    known_until: datetime | None
    _evaluated: opening_hours.OpeningHours

    @classmethod
    def of(cls, text: str, holidays: HolidayCalendar | None = None) -> "OpeningHours":
        """Read an expression. Raises InvalidOpeningHours."""
        return _remembered(text) if holidays is None else _read(text, holidays)

    def state_at(self, at: datetime) -> OpenState:
        """Return whether it is open at an aware time."""
        if not self._is_known(at):
            return OpenState.UNKNOWN
        return _STATES[_guarded(lambda: self._evaluated.state(_local(at))[0], self.text)]

    def next_change(self, at: datetime) -> datetime | None:
        """Return when the state changes next, in the time of the province; None if not within 400 days."""
        if not self._is_known(at):
            return None
        change = _guarded(lambda: self._evaluated.next_change(_local(at)), self.text)
        changes = [it for it in (change, self.known_until) if it is not None]
        soonest = min(changes, default=None)
        is_soon = soonest is not None and soonest - at <= timedelta(days=_CHANGE_WITHIN_DAYS)
        return soonest if is_soon else None

    def intervals(self, start: datetime, end: datetime) -> tuple[OpenInterval, ...]:
        """Return what holds from `start` until before `end`, one interval after the other."""
        start, end = _local(start), _local(end)
        known_from = start if self.known_from is None else min(max(start, self.known_from), end)
        known_until = end if self.known_until is None else max(min(end, self.known_until), start)
        found = (
            _guarded(lambda: list(self._evaluated.intervals(known_from, known_until)), self.text)
            if known_from < known_until
            else []
        )
        between = [OpenInterval(a, b, _STATES[state], comment) for a, b, state, comment in found]
        before = _unknown(start, min(known_from, known_until))
        return (*before, *between, *_unknown(max(known_until, known_from), end))

    def open_intervals(self, start: datetime, end: datetime) -> tuple[OpenInterval, ...]:
        """Return the intervals in which it is open, or may be (UNKNOWN)."""
        return tuple(it for it in self.intervals(start, end) if it.state is not OpenState.CLOSED)

    def _is_known(self, at: datetime) -> bool:
        return (self.known_from is None or at >= self.known_from) and (
            self.known_until is None or at < self.known_until
        )


def _unknown(start: datetime, end: datetime) -> tuple[OpenInterval, ...]:
    return (OpenInterval(start, end, OpenState.UNKNOWN, ""),) if start < end else ()


@lru_cache(_EXPRESSIONS_REMEMBERED)
def _remembered(text: str) -> OpeningHours:
    return _read(text, shipped_holidays())


def _read(text: str, holidays: HolidayCalendar) -> OpeningHours:
    if not 0 < len(text) <= CHARACTERS_AT_MOST or not text.isprintable():
        raise InvalidOpeningHours(reason=text[:CHARACTERS_AT_MOST])
    _evaluated(text)  # as written, so that what is wrong is wrong in the writer's own words
    evaluated = _evaluated(with_holidays(text, holidays.names, _holds))
    if not mentions_holidays(text):
        return OpeningHours(text, None, None, evaluated)
    known_from = datetime(holidays.first_year, 1, 1, tzinfo=TIME_ZONE)
    known_until = datetime(holidays.last_year + 1, 1, 1, tzinfo=TIME_ZONE)
    return OpeningHours(text, known_from, known_until, evaluated)


def _evaluated(text: str) -> opening_hours.OpeningHours:
    return _guarded(
        lambda: opening_hours.OpeningHours(
            text,
            timezone=TIME_ZONE,
            coords=_MIDDLE,
            auto_country=False,
            max_interval_days=_CHANGE_WITHIN_DAYS,
        ),
        text,
    )


def _holds(selector: str, day: date) -> bool:
    noon = datetime.combine(day, time(12), TIME_ZONE)
    days = _evaluated(f"{selector} 00:00-24:00")
    return _guarded(lambda: days.state(noon)[0], selector) == opening_hours.State.OPEN


def _guarded(ask: Callable[[], Answer], text: str) -> Answer:
    """Return what the library answers. Raises InvalidOpeningHours, also where the library gives up."""
    try:
        return ask()
    except (_PARSER_ERROR, SyntaxError, ValueError, OverflowError) as error:
        raise InvalidOpeningHours(reason=text) from error
    except BaseException as error:
        # A bug in its compiled part arrives as a PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise InvalidOpeningHours(reason=text) from error


def _local(at: datetime) -> datetime:
    return at.astimezone(TIME_ZONE)
