"""Lists and days as the reader of each language writes them."""

from datetime import date

import pytest
from dialogue import formats
from dialogue.tasks.cards.wording import party

NAMES = ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("language", "lists"),
    [
        ("vi", ["A", "A, B", "A, B, C", "A, B, C, D"]),
        ("en", ["A", "A, B", "A, B, C", "A, B, C, D"]),
        ("zh-Hans", ["A", "A、B", "A、B、C", "A、B、C、D"]),
        ("fr", ["A", "A, B", "A, B, C", "A, B, C, D"]),
        ("ko", ["A", "A, B", "A, B, C", "A, B, C, D"]),
        ("ja", ["A", "A、B", "A、B、C", "A、B、C、D"]),
    ],
)
def test_a_list_of_one_to_four(language: str, lists: list[str]) -> None:
    assert [formats.listed(NAMES[:count], language) for count in (1, 2, 3, 4)] == lists


def test_a_list_of_nothing_is_empty() -> None:
    assert formats.listed([], "vi") == ""


@pytest.mark.parametrize(
    ("language", "lists"),
    [
        ("vi", ["Thứ Hai", "Thứ Hai và Thứ Ba", "Thứ Hai, Thứ Ba và Thứ Tư"]),
        ("en", ["Monday", "Monday and Tuesday", "Monday, Tuesday, and Wednesday"]),
        ("zh-Hans", ["星期一", "星期一和星期二", "星期一、星期二和星期三"]),
        ("fr", ["lundi", "lundi et mardi", "lundi, mardi et mercredi"]),
        ("ko", ["월요일", "월요일 및 화요일", "월요일, 화요일 및 수요일"]),
        ("ja", ["月曜日", "月曜日、火曜日", "月曜日、火曜日、水曜日"]),
    ],
)
def test_a_list_of_weekdays(language: str, lists: list[str]) -> None:
    days = formats.WEEKDAYS

    assert [formats.weekdays(days[:count], language) for count in (1, 2, 3)] == lists


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "2 người lớn, 1 trẻ em"),
        ("en", "2 adults, 1 child"),
        ("zh-Hans", "2 位成人、1 位儿童"),
        ("fr", "2 adultes, 1 enfant"),
        ("ko", "어른 2명, 어린이 1명"),
        ("ja", "大人2名、子ども1名"),
    ],
)
def test_a_party(language: str, words: str) -> None:
    assert party((2, 1), language) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 12, 1), "mardi 1er décembre 2026"),
        (date(2026, 12, 2), "mercredi 2 décembre 2026"),
        (date(2026, 12, 11), "vendredi 11 décembre 2026"),
    ],
)
def test_the_first_of_a_french_month(on: date, words: str) -> None:
    assert formats.day(on, "fr") == words
