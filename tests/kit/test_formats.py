from datetime import UTC, date, datetime

import pytest

from api.kit.formats import (
    date_text,
    day_of_year_text,
    distance_text,
    moment_text,
    money_text,
    number_text,
    weekday_text,
)

SUNDAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sunday, May 3, 2026"),
        ("vi", "Chủ Nhật, 3 tháng 5, 2026"),
        ("zh-Hans", "2026年5月3日星期日"),
        ("fr", "dimanche 3 mai 2026"),
        ("ko", "2026년 5월 3일 일요일"),
        ("ja", "2026年5月3日日曜日"),
    ],
)
def test_a_date_says_its_weekday(language: str, text: str) -> None:
    assert date_text(SUNDAY, language) == text


@pytest.mark.parametrize("language", ["hmn", "mww", "hnj", "tyz", "nonsense"])
def test_languages_without_formats_use_the_vietnamese_ones(language: str) -> None:
    assert date_text(SUNDAY, language) == "Chủ Nhật, 3 tháng 5, 2026"


def test_a_moment_is_shown_as_the_clocks_in_the_province_have_it() -> None:
    evening_in_utc = datetime(2026, 5, 3, 20, tzinfo=UTC)

    assert moment_text(evening_in_utc, "vi") == "03:00 4 thg 5, 2026"
    assert moment_text(evening_in_utc, "fr") == "4 mai 2026, 03:00"


@pytest.mark.parametrize(
    ("metres", "text"),
    [
        (0, "0 m"),
        (847, "850 m"),
        (994.9, "990 m"),
        (995, "1 km"),
        (3_420, "3,4 km"),
        (9_949, "9,9 km"),
        (9_950, "10 km"),
        (27_300, "27 km"),
    ],
)
def test_a_distance_is_no_finer_than_its_use(metres: float, text: str) -> None:
    assert distance_text(metres, "vi") == text


def test_a_distance_has_the_units_of_its_language() -> None:
    assert distance_text(3_420, "zh-Hans") == "3.4公里"


def test_money_is_whole_dong() -> None:
    assert money_text(150_000, "en") == "₫150,000"
    assert money_text(150_000, "vi") == "150.000\xa0₫"


def test_a_large_number_is_grouped_as_its_readers_group_it() -> None:
    assert number_text(100_000_000, "en") == "100,000,000"
    assert number_text(100_000_000, "vi") == "100.000.000"
    assert number_text(100_000_000, "fr") == "100\u202f000\u202f000"


def test_weekdays_begin_on_monday() -> None:
    assert [weekday_text(day, "en") for day in (0, 6)] == ["Monday", "Sunday"]
    assert weekday_text(6, "ko") == "일요일"


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    first = datetime(2026, 6, 1, 1, 1, tzinfo=UTC)

    assert date_text(first.date(), "fr") == "lundi 1er juin 2026"
    assert day_of_year_text(6, 1, "fr") == "1er juin"
    assert moment_text(first, "fr") == "1er juin 2026, 08:01"
    assert day_of_year_text(6, 11, "fr") == "11 juin"
    assert date_text(first.date(), "en") == "Monday, June 1, 2026"
