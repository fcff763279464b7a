"""The public holidays of Vietnam, year by year (data/holidays.json): no rule gives them, a decree does.

The days of Tết and of the Hùng kings follow the moon. Of Tết the file has the eve and the first three days, which are
always free; the fifth day, and a second day at National Day, are fixed each year and can be added. A day
that is not yet confirmed counts as an ordinary one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

SHIPPED_HOLIDAYS = Path(__file__).parents[1] / "data" / "holidays.json"


class _Day(BaseModel):
    model_config = ConfigDict(extra="forbid")

    date: date
    holiday: str
    confirmed: bool


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    first_year: int
    last_year: int
    holidays: dict[str, dict[str, str]]
    days: list[_Day]


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """Names (by BCP 47 language) of the days off; known from `first_year` to `last_year`, both whole."""

    first_year: int
    last_year: int
    names: Mapping[date, Mapping[str, str]]

    def knows(self, day: date) -> bool:
        return self.first_year <= day.year <= self.last_year

    def name_of(self, day: date) -> Mapping[str, str] | None:
        """Return what the day off is called, None for an ordinary day."""
        return self.names.get(day)

    @classmethod
    def in_file(cls, path: Path) -> "HolidayCalendar":
        """Read it. Raises pydantic.ValidationError, or KeyError for a day of a holiday without a name."""
        file = _File.model_validate_json(path.read_bytes())
        names = {day.date: file.holidays[day.holiday] for day in file.days if day.confirmed}
        return cls(file.first_year, file.last_year, names)


@cache
def shipped_holidays() -> HolidayCalendar:
    return HolidayCalendar.in_file(SHIPPED_HOLIDAYS)
