from datetime import date, timedelta

import pytest
from moments.lunar import (
    LunarDay,
    coming_day_of_moon,
    coming_lunar,
    day_of_moon_in,
    lunar_day_of,
    new_year,
    solar_day_of,
)

TET = {
    1968: date(1968, 1, 29),  # a day before China, which reckons at UTC+8
    1985: date(1985, 1, 21),  # a month before China
    2007: date(2007, 2, 17),
    2020: date(2020, 1, 25),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 2),  # China: 3 February
}
MID_AUTUMN = {
    2020: date(2020, 10, 1),
    2023: date(2023, 9, 29),
    2024: date(2024, 9, 17),
    2025: date(2025, 10, 6),
    2026: date(2026, 9, 25),
    2027: date(2027, 9, 15),
    2028: date(2028, 10, 3),
    2029: date(2029, 9, 22),
    2030: date(2030, 9, 12),
}
HUNG_KINGS = {2024: date(2024, 4, 18), 2025: date(2025, 4, 7), 2026: date(2026, 4, 26)}
LEAP_MONTHS = {2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2024: None, 2026: None, 2027: None}


@pytest.mark.parametrize(("year", "day"), TET.items())
def test_tet(year: int, day: date) -> None:
    assert new_year(year) == day


@pytest.mark.parametrize(("year", "day"), MID_AUTUMN.items())
def test_mid_autumn(year: int, day: date) -> None:
    assert solar_day_of(LunarDay(year, 8, 15)) == day


@pytest.mark.parametrize(("year", "day"), HUNG_KINGS.items())
def test_the_day_of_the_hung_kings(year: int, day: date) -> None:
    assert solar_day_of(LunarDay(year, 3, 10)) == day


@pytest.mark.parametrize(("year", "month"), LEAP_MONTHS.items())
def test_leap_months(year: int, month: int | None) -> None:
    leaps = [m for m in range(1, 13) if solar_day_of(LunarDay(year, m, 1, is_leap=True))]
    assert leaps == ([month] if month else [])


def test_every_day_is_found_back() -> None:
    for ahead in range(3_000):
        day = date(2024, 1, 1) + timedelta(ahead)
        assert solar_day_of(lunar_day_of(day)) == day


def test_what_is_to_come() -> None:
    today = date(2026, 11, 29)
    assert lunar_day_of(today) == LunarDay(2026, 10, 21)
    assert coming_lunar(today, 1, 15) == date(2027, 2, 20)
    assert coming_lunar(date(2027, 2, 20), 1, 15) == date(2027, 2, 20)
    assert coming_day_of_moon(today, 15) == date(2026, 12, 23)
    assert coming_lunar(today, 13, 1) is None


@pytest.mark.parametrize(
    ("today", "months", "full_moon"),
    [
        (date(2026, 11, 10), 0, date(2026, 11, 23)),
        (date(2026, 11, 30), 0, date(2026, 11, 23)),
        (date(2026, 11, 30), 1, date(2026, 12, 23)),
    ],
)
def test_the_full_moon_is_that_of_the_lunar_month(
    today: date, months: int, full_moon: date
) -> None:
    assert day_of_moon_in(today, 15, months) == full_moon
