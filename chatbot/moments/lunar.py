"""The lunisolar calendar of Viet Nam: months begin on the day of the new moon at UTC+7.

The moments of new moons and the longitude of the sun follow J. Meeus, Astronomical Algorithms (2nd ed.),
chapters 49 and 25, without their smallest terms: some minutes at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import floor, radians, sin

_J2000 = 2451545.0
_ORDINAL_TO_JULIAN = 1721424.5
_VIETNAM = 7 / 24
_MONTH = 29.530588861
_FIRST_NEW_MOON = 2451550.09766

# Days for the sine of so many times M (the sun's anomaly), M' (the moon's), F (its latitude), and the node.
_NEW_MOON_TERMS = (
    (-0.40720, 0, 1, 0, 0),
    (0.17241, 1, 0, 0, 0),
    (0.01608, 0, 2, 0, 0),
    (0.01039, 0, 0, 2, 0),
    (0.00739, -1, 1, 0, 0),
    (-0.00514, 1, 1, 0, 0),
    (0.00208, 2, 0, 0, 0),
    (-0.00111, 0, 1, -2, 0),
    (-0.00057, 0, 1, 2, 0),
    (0.00056, 1, 2, 0, 0),
    (-0.00042, 0, 3, 0, 0),
    (0.00042, 1, 0, 2, 0),
    (0.00038, 1, 0, -2, 0),
    (-0.00024, -1, 2, 0, 0),
    (-0.00017, 0, 0, 0, 1),
)


@dataclass(frozen=True)
class LunarDay:
    """`year` is the solar one in which the lunar year began."""

    year: int
    month: int
    day: int
    is_leap: bool = False


@dataclass(frozen=True)
class _Month:
    number: int
    is_leap: bool
    first: date
    end: date


def lunar_day_of(day: date) -> LunarDay:
    for year in (day.year, day.year + 1):
        for month in _months_until_tenth(year):
            if month.first <= day < month.end:
                lunar_year = year - 1 if month.number > 10 else year
                return LunarDay(
                    lunar_year, month.number, (day - month.first).days + 1, month.is_leap
                )
    raise ValueError(day)


def solar_day_of(lunar: LunarDay) -> date | None:
    """Return None for a day or a leap month which that year has not."""
    for month in _months_until_tenth(lunar.year + (lunar.month > 10)):
        if (month.number, month.is_leap) == (lunar.month, lunar.is_leap):
            day = month.first + timedelta(lunar.day - 1)
            return day if month.first <= day < month.end else None
    return None


def coming_lunar(today: date, month: int, day: int) -> date | None:
    """Return the first such day from `today` on, in no leap month."""
    for year in range(today.year - 1, today.year + 3):
        found = solar_day_of(LunarDay(year, month, day))
        if found and found >= today:
            return found
    return None


def coming_day_of_moon(today: date, day: int) -> date:
    """Return the first day from `today` on that is the `day`th (1 to 29) of any lunar month."""
    ahead = (today + timedelta(days) for days in range(62))
    return next(one for one in ahead if lunar_day_of(one).day == day)


def day_of_moon_in(today: date, day: int, months: int) -> date:
    """Return the `day`th (1 to 29) of the lunar month that `today` is in, or of one of the next (`months`)."""
    first = today - timedelta(lunar_day_of(today).day - 1)
    for _ in range(months):
        first = coming_day_of_moon(first + timedelta(1), 1)
    return first + timedelta(day - 1)


def new_year(year: int) -> date:
    """Return Tết of the solar `year`."""
    found = solar_day_of(LunarDay(year, 1, 1))
    if found is None:
        raise ValueError(year)
    return found


@lru_cache(maxsize=64)
def _months_until_tenth(year: int) -> tuple[_Month, ...]:
    """Return the months from the eleventh of the year before, which has the winter solstice, to the tenth."""
    first, end = (_moon_of_solstice(solstice) for solstice in (year - 1, year))
    days = [_new_moon_day(moon) for moon in range(first, end + 1)]
    leap = _leap_month(days) if end - first == 13 else None
    months = []
    number = 10
    for place, start in enumerate(days[:-1]):
        number += place != leap
        months.append(_Month((number - 1) % 12 + 1, place == leap, start, days[place + 1]))
    return tuple(months)


def _leap_month(days: list[date]) -> int:
    """Return the place of the first month in which the sun enters no twelfth of its way."""
    twelfths = [_twelfth_of_sun(day) for day in days]
    return next(place for place in range(1, 13) if twelfths[place] == twelfths[place + 1])


def _moon_of_solstice(year: int) -> int:
    """Return the number of the new moon that begins the month of the winter solstice of `year`."""
    moon = round((year + 0.97 - 2000) * 12.3685)
    while _is_past_solstice(_new_moon_day(moon + 1)):
        moon -= 1
    while not _is_past_solstice(_new_moon_day(moon + 1)):
        moon += 1
    return moon


def _is_past_solstice(day: date) -> bool:
    """Tell whether the solstice, 270 degrees, was before `day` began; asked between October and March."""
    return _twelfth_of_sun(day) in {9, 10, 11, 0, 1}


def _twelfth_of_sun(day: date) -> int:
    """Return the twelfth of its way (0 to 11) in which the sun stands when `day` begins in Viet Nam."""
    return floor(_longitude_of_sun(day.toordinal() + _ORDINAL_TO_JULIAN - _VIETNAM) / 30)


def _longitude_of_sun(julian: float) -> float:
    century = (julian - _J2000) / 36525
    mean = 280.46646 + 36000.76983 * century + 0.0003032 * century**2
    anomaly = radians(357.52911 + 35999.05029 * century - 0.0001537 * century**2)
    centre = (1.914602 - 0.004817 * century) * sin(anomaly)
    centre += 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    node = radians(125.04 - 1934.136 * century)
    return (mean + centre - 0.00569 - 0.00478 * sin(node)) % 360


@lru_cache(maxsize=1024)
def _new_moon_day(number: int) -> date:
    """Return the day in Viet Nam of new moon `number`, counted from that of 6 January 2000."""
    century = number / 1236.85
    julian = _FIRST_NEW_MOON + _MONTH * number + 0.00015437 * century**2
    julian += _from_mean_moon(number, century) - _clock_behind(century)
    return date.fromordinal(floor(julian - _ORDINAL_TO_JULIAN + _VIETNAM))


def _from_mean_moon(number: int, century: float) -> float:
    sun = radians(2.5534 + 29.10535670 * number)
    moon = radians(201.5643 + 385.81693528 * number + 0.0107582 * century**2)
    latitude = radians(160.7108 + 390.67050284 * number - 0.0016118 * century**2)
    node = radians(124.7746 - 1.56375588 * number)
    flattening = 1 - 0.002516 * century
    return sum(
        days
        * flattening ** abs(of_sun)
        * sin(of_sun * sun + of_moon * moon + of_f * latitude + of_node * node)
        for days, of_sun, of_moon, of_f, of_node in _NEW_MOON_TERMS
    )


def _clock_behind(century: float) -> float:
    """Return in days how far the turning earth is behind even time: 64 s in 2000, about 75 s in 2030."""
    return (64 + 37 * century) / 86400
