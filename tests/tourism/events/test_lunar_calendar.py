"""The lunar calendar of Vietnam against dates that are known."""

from datetime import date, timedelta

import pytest

from api.tourism.events.lunar_calendar import (
    EarthlyBranch,
    LunarDate,
    branch_of,
    date_of,
    lunar_date_of,
    month_of,
)
from api.tourism.opening.holidays import shipped_holidays

BEIJING_S = {
    1968: date(1968, 1, 30),
    1985: date(1985, 2, 20),
    2007: date(2007, 2, 18),
    2030: date(2030, 2, 3),
    2053: date(2053, 2, 19),
}
"""New Year by the calendar of China, in years in which Vietnam has another day."""


@pytest.mark.parametrize(
    ("year", "tet"),
    [
        (1968, date(1968, 1, 29)),
        (1975, date(1975, 2, 11)),
        (1985, date(1985, 1, 21)),
        (2000, date(2000, 2, 5)),
        (2007, date(2007, 2, 17)),
        (2020, date(2020, 1, 25)),
        (2023, date(2023, 1, 22)),
        (2024, date(2024, 2, 10)),
        (2030, date(2030, 2, 2)),
        (2053, date(2053, 2, 18)),
    ],
)
def test_tet_falls_on_the_day_that_vietnam_keeps(year: int, tet: date) -> None:
    found = date_of(year, 1, 1)

    assert found == tet
    assert found != BEIJING_S.get(year)


@pytest.mark.parametrize(
    ("year", "month"),
    [(1985, 2), (1987, 7), (2004, 2), (2006, 7), (2014, 9), (2017, 6), (2020, 4), (2023, 2), (2025, 6), (2028, 5), (2033, 11)],
)  # fmt: skip
def test_leap_months_stand_where_the_almanac_has_them(year: int, month: int) -> None:
    regular = month_of(year, month)

    after = lunar_date_of(regular.first_day + timedelta(days=regular.days))

    assert after == LunarDate(year, month, True, 1)


def test_a_year_without_a_leap_month_has_twelve_months() -> None:
    last = month_of(2026, 12)

    assert lunar_date_of(last.first_day + timedelta(days=last.days)) == LunarDate(2027, 1, False, 1)
    assert date_of(2027, 1, 1) - date_of(2026, 1, 1) == timedelta(days=354)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_the_days_off_that_follow_the_moon_are_those_of_the_holiday_calendar(year: int) -> None:
    holidays = shipped_holidays()
    tet, hung_kings = date_of(year, 1, 1), date_of(year, 3, 10)

    around_tet = [holidays.name_of(tet + timedelta(days=number)) for number in range(-1, 3)]

    assert all(name and name["en"] == "Lunar New Year (Tết)" for name in around_tet)
    assert (holidays.name_of(hung_kings) or {})["vi"] == "Giỗ Tổ Hùng Vương"


@pytest.mark.parametrize(
    ("lunar", "day"),
    [
        ((2025, 1, 15), date(2025, 2, 12)),
        ((2026, 1, 15), date(2026, 3, 3)),
        ((2027, 1, 15), date(2027, 2, 20)),
        ((2028, 1, 15), date(2028, 2, 9)),
        ((2024, 7, 17), date(2024, 8, 20)),
        ((2025, 7, 17), date(2025, 9, 8)),
        ((2028, 7, 17), date(2028, 9, 5)),
        ((2025, 8, 15), date(2025, 10, 6)),
        ((2028, 8, 15), date(2028, 10, 3)),
    ],
)
def test_festivals_fall_on_the_days_that_were_kept_or_announced(
    lunar: tuple[int, int, int], day: date
) -> None:
    assert date_of(*lunar) == day


def test_the_thirtieth_of_a_short_month_is_its_last_day() -> None:
    assert month_of(2026, 2).days == 29
    assert date_of(2026, 2, 30) == date_of(2026, 2, 29) == date(2026, 4, 16)


def test_every_day_of_a_century_follows_the_one_before_it() -> None:
    day, end = date(1968, 2, 1), date(2100, 12, 31)
    was = lunar_date_of(day)
    while day < end:
        day += timedelta(days=1)
        now_is = lunar_date_of(day)
        assert now_is.day == was.day + 1 or (now_is.day == 1 and was.day in (29, 30)), day
        assert (now_is.year, now_is.month, now_is.is_leap) >= (was.year, was.month, was.is_leap)
        was = now_is


def test_the_days_bear_the_animals_of_the_almanac() -> None:
    tet_of_the_dragon = date(2024, 2, 10)  # the day Giáp Thìn of the year Giáp Thìn

    assert branch_of(tet_of_the_dragon) is EarthlyBranch.DRAGON
    assert branch_of(tet_of_the_dragon - timedelta(days=1)) is EarthlyBranch.CAT
    assert branch_of(tet_of_the_dragon + timedelta(days=12)) is EarthlyBranch.DRAGON
