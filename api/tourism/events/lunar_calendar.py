"""The lunar calendar of Vietnam, computed for the meridian of 105° east (UTC+7).

The rules are those of the Chinese calendar of 1645: a month begins on the day of the new moon, the
eleventh month holds the winter solstice, and of thirteen months between two solstices the first
in which the sun enters no twelfth of its way is the leap month. Beijing counts days by UTC+8, so a new
moon or a solstice near midnight makes another day, now and then another month, of it: Tết came a
month earlier in 1985, and a day in 1968, 2007 and 2030.

Vietnam has counted so since 1968 (North Vietnam) and 1975 (the whole country).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from functools import lru_cache
from itertools import pairwise

from api.tourism.events.moon_and_sun import lunation_about, new_moon, sun_longitude

FIRST_YEAR, LAST_YEAR = 1968, 2100
MONTH_DAYS_AT_MOST = 30

_OFFSET_DAYS = 7 / 24
_ORDINAL_OF_JULIAN_DAY_ZERO = -1_721_424.5
_DEGREES_A_TERM = 30
_WINTER = 9  # the twelfth that begins with the solstice, counted from the spring equinox
_YEARS_REMEMBERED = 200
_MONTHS_OF_A_LEAP_YEAR = 13


class EarthlyBranch(StrEnum):
    """The twelve days that follow each other without end, by their animals (Tý, Sửu, Dần, Mão…)."""

    RAT = auto()
    OX = auto()
    TIGER = auto()
    CAT = auto()
    DRAGON = auto()
    SNAKE = auto()
    HORSE = auto()
    GOAT = auto()
    MONKEY = auto()
    ROOSTER = auto()
    DOG = auto()
    PIG = auto()


_BRANCHES = tuple(EarthlyBranch)


@dataclass(frozen=True, slots=True, order=True)
class LunarDate:
    """A day of the lunar calendar; `year` is the Gregorian one in which the lunar year begins."""

    year: int
    month: int
    is_leap: bool
    day: int


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """A month, which has 29 or 30 days."""

    year: int
    month: int
    is_leap: bool
    first_day: date
    days: int

    def day(self, number: int) -> date:
        """Return a day of it; the last one for the 30th of a month that has 29."""
        return self.first_day + timedelta(days=min(number, self.days) - 1)


def lunar_date_of(day: date) -> LunarDate:
    """Return the lunar date of a day from FIRST_YEAR to LAST_YEAR."""
    for month in (*_months_until_winter(day.year), *_months_until_winter(day.year + 1)):
        passed = (day - month.first_day).days
        if 0 <= passed < month.days:
            return LunarDate(month.year, month.month, month.is_leap, passed + 1)
    raise AssertionError(day)  # the months of two winters leave no day out


def month_of(year: int, month: int) -> LunarMonth:
    """Return a month, 1 to 12, of a lunar year: the regular one where there is a leap month too."""
    found = (*_months_until_winter(year), *_months_until_winter(year + 1))
    return next(it for it in found if (it.year, it.month, it.is_leap) == (year, month, False))


def date_of(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a day of a regular month; see LunarMonth.day."""
    return month_of(year, month).day(day)


def branch_of(day: date) -> EarthlyBranch:
    return _BRANCHES[(day.toordinal() + 2) % len(_BRANCHES)]


def days_of_branch(month: LunarMonth, branch: EarthlyBranch) -> Iterator[date]:
    """Yield the two or three days of a month that belong to a branch."""
    every = (month.day(number) for number in range(1, month.days + 1))
    return (day for day in every if branch_of(day) is branch)


@lru_cache(maxsize=_YEARS_REMEMBERED)
def _months_until_winter(year: int) -> tuple[LunarMonth, ...]:
    """Return the months from the one of the winter solstice of the year before to the last before that of `year`."""
    beginnings = _new_moons(_winter_month(year - 1), _winter_month(year))
    leap = _leap_month(beginnings)
    months: list[LunarMonth] = []
    number, lunar_year = 10, year - 1
    for place, (first, following) in enumerate(pairwise(beginnings)):
        if place != leap:
            number = number % 12 + 1
            lunar_year = year if number == 1 else lunar_year
        months.append(
            LunarMonth(
                lunar_year, number, place == leap, date.fromordinal(first), following - first
            )
        )
    return tuple(months)


def _leap_month(beginnings: tuple[int, ...]) -> int | None:
    """Return the place of the first month in which the sun enters no twelfth, if thirteen begin."""
    months = list(pairwise(beginnings))
    if len(months) < _MONTHS_OF_A_LEAP_YEAR:
        return None
    return next(
        place
        for place, (first, following) in enumerate(months)
        if _twelfth_at_start(first) == _twelfth_at_start(following)
    )


def _new_moons(first: int, last: int) -> tuple[int, ...]:
    found = [first]
    while found[-1] < last:
        # From the middle of the next month no new moon is missed.
        found.append(_new_moon_until(found[-1] + 45))
    return tuple(found)


def _winter_month(year: int) -> int:
    """Return the ordinal of the day on which the month of the winter solstice of a year begins."""
    day = date(year, 12, 18).toordinal()
    while _twelfth_at_start(day + 1) != _WINTER:
        day += 1
    return _new_moon_until(day)


def _new_moon_until(day: int) -> int:
    """Return the ordinal of the last day up to `day` that has a new moon."""
    lunation = lunation_about(day - _ORDINAL_OF_JULIAN_DAY_ZERO) + 2
    while (found := _local_day(new_moon(lunation))) > day:
        lunation -= 1
    return found


def _local_day(julian_day: float) -> int:
    """Return the ordinal of the day, as counted in Vietnam, in which a moment lies."""
    return int(julian_day + _ORDINAL_OF_JULIAN_DAY_ZERO + _OFFSET_DAYS)


def _twelfth_at_start(day: int) -> int:
    """Return in which twelfth of its way the sun stands when a day begins in Vietnam."""
    start = day - _ORDINAL_OF_JULIAN_DAY_ZERO - _OFFSET_DAYS
    return int(sun_longitude(start) // _DEGREES_A_TERM)
