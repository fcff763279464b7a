"""Terms in hours and in working days, by Vietnam's calendar.

A holiday on a Saturday or Sunday is made up for by the next day that would be worked (Labour Code 2019,
article 111); what else a year's decision moves stands in data/working_days.json. The day on which a term
begins does not count, and it ends with the office hours of its last day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.tourism.opening.holidays import shipped_holidays

SHIPPED_DAYS = Path(__file__).parents[1] / "data" / "working_days.json"
OFFICES_CLOSE = time(17, 0, tzinfo=VIETNAM_TIME)
_SATURDAY = 5
_DAY = timedelta(days=1)


class TermUnit(StrEnum):
    HOURS = "HOURS"
    WORKING_DAYS = "WORKING_DAYS"


@dataclass(frozen=True, slots=True)
class Term:
    amount: int
    unit: TermUnit


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    source: str
    days_off: list[date]
    days_worked: list[date]


class WorkingCalendar:
    """`holidays`: by law; `days_off`: besides them; `days_worked`: weekend days that make up for others."""

    def __init__(
        self,
        holidays: Collection[date],
        days_off: Collection[date] = (),
        days_worked: Collection[date] = (),
    ) -> None:
        self._worked = frozenset(days_worked)
        self._off = {*holidays, *days_off}
        for holiday in sorted(holidays):
            if holiday.weekday() >= _SATURDAY and holiday not in self._worked:
                self._off.add(self._next_worked(holiday))

    def is_worked(self, day: date) -> bool:
        """Tell whether offices are open on a day."""
        if day in self._worked:
            return True
        return day.weekday() < _SATURDAY and day not in self._off

    def end_of(self, term: Term, start: datetime) -> datetime:
        """Return the moment at which a term that begins at `start` (aware) is over."""
        if term.unit is TermUnit.HOURS:
            return start + timedelta(hours=term.amount)
        day = day_in_vietnam(start)
        for _ in range(term.amount):
            day = self._next_worked(day)
        return datetime.combine(day, OFFICES_CLOSE).astimezone(start.tzinfo)

    def _next_worked(self, day: date) -> date:
        day += _DAY
        while not self.is_worked(day):
            day += _DAY
        return day


@cache
def shipped_calendar() -> WorkingCalendar:
    file = _File.model_validate_json(SHIPPED_DAYS.read_bytes())
    return WorkingCalendar(shipped_holidays().names.keys(), file.days_off, file.days_worked)
