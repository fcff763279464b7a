from datetime import datetime
from typing import Any

import pytest

from api.tourism.exchange.opening_specification import joined, specifications_of, text_of
from api.tourism.opening.hours import TIME_ZONE, OpeningHours, OpenState

WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def said(days: list[str], opens: str, closes: str) -> dict[str, Any]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": days,
        "opens": opens,
        "closes": closes,
    }


EXPRESSIBLE = [
    ("24/7", [said(WEEK, "00:00:00", "23:59:00")], "24/7"),
    ("08:00-17:00", [said(WEEK, "08:00:00", "17:00:00")], "Mo,Tu,We,Th,Fr,Sa,Su 08:00-17:00"),
    ("Su 06:00-12:00", [said(["Sunday"], "06:00:00", "12:00:00")], "Su 06:00-12:00"),
    (
        "Sa-Mo 08:00-24:00",
        [said(["Saturday", "Sunday", "Monday"], "08:00:00", "23:59:00")],
        "Mo,Sa,Su 08:00-24:00",
    ),
    (
        "Mo,We 08:00-11:30,13:30-17:00; Fr 08:00-12:00",
        [
            said(["Monday", "Wednesday"], "08:00:00", "11:30:00"),
            said(["Monday", "Wednesday"], "13:30:00", "17:00:00"),
            said(["Friday"], "08:00:00", "12:00:00"),
        ],
        "Mo,We 08:00-11:30,13:30-17:00; Fr 08:00-12:00",
    ),
    (
        "Mo 18:00-00:00; Tu 08:00-10:00",
        [said(["Monday"], "18:00:00", "00:00:00"), said(["Tuesday"], "08:00:00", "10:00:00")],
        "Mo 18:00-00:00; Tu 08:00-10:00",
    ),
    ("Fr 20:00-02:00", [said(["Friday"], "20:00:00", "02:00:00")], "Fr 20:00-02:00"),
]


@pytest.mark.parametrize(("text", "specifications", "read"), EXPRESSIBLE)
def test_weekdays_and_times_are_said_and_read(
    text: str, specifications: list[dict[str, Any]], read: str
) -> None:
    assert specifications_of(text) == specifications
    assert text_of(specifications) == read
    assert specifications_of(read) != []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sunrise-sunset",
        'Su 06:00-12:00 unknown "market day"',
        "Mo-Su 08:00-17:00; PH off",
        "Mo-Fr 08:00-17:00; Fr 08:00-12:00",
        "Mar-Oct 08:00-17:00",
        "Mo-Fr 08:00-17:00 || by appointment",
        "08:00-26:00",
        "off",
        "Mo 10:00-10:00",
        "Mo 22:00-02:00; Tu 08:00-10:00",
    ],
)
def test_what_schema_org_cannot_say_is_left_out(text: str) -> None:
    assert specifications_of(text) == []


def test_addresses_of_days_are_read() -> None:
    node = said(["https://schema.org/Monday", "http://schema.org/Sunday"], "08:00", "17:00")

    assert text_of([node]) == "Mo,Su 08:00-17:00"


@pytest.mark.parametrize(
    "node",
    [
        "x",
        said([], "08:00", "17:00"),
        said(["PublicHolidays"], "08:00", "17:00"),
        said(["Monday"], "8", "17:00"),
        said(["Monday"], "08:00", "25:00"),
        said(["Monday"], "08:00", "08:00"),
        {**said(["Monday"], "08:00", "17:00"), "validFrom": "2026-01-01"},
        {"dayOfWeek": 7, "opens": "08:00", "closes": "17:00"},
    ],
)
def test_what_is_not_understood_is_not_guessed(node: object) -> None:
    assert text_of([node]) is None


def test_a_day_from_midnight_to_the_same_midnight_is_closed_as_others_write_it() -> None:
    closed = said(["Sunday"], "00:00", "00:00")

    assert text_of([closed, said(["Monday"], "08:00", "17:00")]) == "Mo 08:00-17:00"
    assert text_of([closed, said(["Saturday"], "18:00", "03:00")]) == "Sa 18:00-03:00"
    assert text_of([closed]) == "Su off"


def test_a_day_that_is_closed_and_open_is_not_understood() -> None:
    nodes = [said(["Sunday"], "00:00", "00:00"), said(["Sunday"], "08:00", "17:00")]

    assert text_of(nodes) is None


def test_the_hours_of_a_day_do_not_end_those_of_the_night_before() -> None:
    nodes = [said(["Thursday"], "18:00", "01:00"), said(["Friday"], "18:00", "03:00")]
    thursday_night = datetime(2026, 12, 4, 0, 30, tzinfo=TIME_ZONE)

    text = text_of(nodes)

    assert text == "Th 18:00-01:00, Fr 18:00-03:00"
    assert OpeningHours.of(text).state_at(thursday_night) is OpenState.OPEN


def test_texts_of_days_are_one_text_in_which_no_day_ends_the_night_before_it() -> None:
    assert joined(["Mo-Fr 08:00-17:00", "Sa 08:00-12:00"]) == "Mo-Fr 08:00-17:00; Sa 08:00-12:00"
    assert joined(["Th 18:00-01:00", "Fr 18:00-03:00"]) == "Th 18:00-01:00, Fr 18:00-03:00"


def test_nothing_is_nothing() -> None:
    assert text_of([]) is None
