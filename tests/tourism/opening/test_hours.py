from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tourism.errors import InvalidOpeningHours
from api.tourism.opening.holidays import HolidayCalendar, shipped_holidays
from api.tourism.opening.hours import TIME_ZONE, OpeningHours, OpenState

OPEN, CLOSED, UNKNOWN = OpenState.OPEN, OpenState.CLOSED, OpenState.UNKNOWN
MONDAY, SUNDAY = (2026, 11, 30), (2026, 11, 29)
TET = (2026, 2, 17)
"""A Tuesday."""


def at(day: tuple[int, int, int], hour: int, minute: int = 0) -> datetime:
    return datetime(*day, hour, minute, tzinfo=TIME_ZONE)


@pytest.mark.parametrize(
    ("text", "when", "state"),
    [
        ("08:00-17:00", at(MONDAY, 8), OPEN),
        ("08:00-17:00", at(MONDAY, 17), CLOSED),
        ("08:00-17:00", at(TET, 10), OPEN),
        ("Mo-Fr 08:00-17:00", at(SUNDAY, 10), CLOSED),
        ("Su 06:00-12:00", at(SUNDAY, 6), OPEN),
        ("24/7", at(TET, 3), OPEN),
        ("24/7; PH off", at(TET, 3), CLOSED),
        ("Mo-Su 08:00-17:00; PH off", at(TET, 10), CLOSED),
        ("Mo-Su 08:00-17:00; PH off", at((2026, 2, 16), 10), CLOSED),
        ("Mo-Su 08:00-17:00; PH off", at((2026, 2, 20), 10), OPEN),
        ("Mo-Su 08:00-17:00; PH off", at((2026, 4, 26), 10), CLOSED),
        ("Mo-Su 08:00-17:00; PH off", at((2026, 9, 2), 10), CLOSED),
        ("Mo-Su 08:00-17:00; PH 09:00-12:00", at(TET, 13), CLOSED),
        ("Mo-Su 08:00-17:00; PH 09:00-12:00", at(TET, 11), OPEN),
        ("Mo-Fr 08:00-11:00, PH 14:00-15:00", at(TET, 10), OPEN),
        ("Mo-Fr 08:00-11:00, PH 14:00-15:00", at(TET, 14), OPEN),
        ("Sa-Su,PH 08:00-17:00", at(TET, 10), OPEN),
        ("Sa-Su,PH 08:00-17:00", at((2026, 2, 24), 10), CLOSED),
        ("PH,Su off; Mo-Sa 08:00-17:00", at(TET, 10), OPEN),
        ("Mo-Sa 08:00-17:00; PH,Su off", at(TET, 10), CLOSED),
        ("Mo-Sa 08:00-17:00; Sep PH off", at(TET, 10), OPEN),
        ("Mo-Sa 08:00-17:00; Sep PH off", at((2026, 9, 2), 10), CLOSED),
        ("Mo-Su 08:00-17:00; PH Su off", at((2026, 4, 26), 10), CLOSED),
        ("Mo-Su 08:00-17:00; PH Su off", at(TET, 10), OPEN),
        ("Mo-Su 08:00-17:00; PH +1 day off", at((2026, 9, 3), 10), CLOSED),
        ("Mo-Su 08:00-17:00; PH -1 day off", at((2026, 9, 1), 10), CLOSED),
        ('Mo-Fr 08:00-17:00 open "not on PH"', at(TET, 10), OPEN),
        ('Mo-Fr 08:00-17:00 "by appointment"', at(TET, 10), UNKNOWN),
        ('08:00-17:00; PH off || unknown "call"', at(TET, 10), UNKNOWN),
        ('"by appointment"', at(MONDAY, 10), UNKNOWN),
        ("Fr 22:00-02:00", at((2026, 11, 28), 1), OPEN),
        ("sunrise-sunset", at(MONDAY, 6, 45), OPEN),
        ("sunrise-sunset", at(MONDAY, 6, 15), CLOSED),
        ("sunrise-sunset", at(MONDAY, 17, 0), OPEN),
        ("sunrise-sunset", at(MONDAY, 17, 45), CLOSED),
        ("08:00-17:00; PH off", at((2029, 3, 1), 10), UNKNOWN),
        ("08:00-17:00; PH off", at((2024, 3, 1), 10), UNKNOWN),
        ("08:00-17:00", at((2029, 3, 1), 10), OPEN),
    ],
)
def test_the_state_at_a_time(text: str, when: datetime, state: OpenState) -> None:
    assert OpeningHours.of(text).state_at(when) is state
    assert OpeningHours.of(text).state_at(when.astimezone(UTC)) is state


@pytest.mark.parametrize(
    ("text", "when", "change"),
    [
        ("08:00-17:00", at(MONDAY, 10), at(MONDAY, 17)),
        ("08:00-17:00", at(MONDAY, 18), at((2026, 12, 1), 8)),
        ("Su 06:00-12:00", at(MONDAY, 10), at((2026, 12, 6), 6)),
        ("08:00-17:00; PH off", at((2026, 2, 15), 18), at((2026, 2, 20), 8)),
        ("24/7", at(MONDAY, 10), None),
        ("2035 Jan 01 08:00-17:00", at(MONDAY, 10), None),
        ("24/7; PH off", at((2028, 12, 31), 10), at((2029, 1, 1), 0)),
        ("08:00-17:00; PH off", at((2030, 1, 1), 10), None),
    ],
)
def test_the_next_change(text: str, when: datetime, change: datetime | None) -> None:
    assert OpeningHours.of(text).next_change(when) == change


def test_intervals_follow_each_other_and_say_what_is_not_known() -> None:
    hours = OpeningHours.of("08:00-17:00; PH off")

    found = hours.intervals(at((2028, 12, 31), 12), at((2029, 1, 2), 0))

    assert [(it.start, it.end, it.state) for it in found] == [
        (at((2028, 12, 31), 12), at((2028, 12, 31), 17), OPEN),
        (at((2028, 12, 31), 17), at((2029, 1, 1), 0), CLOSED),
        (at((2029, 1, 1), 0), at((2029, 1, 2), 0), UNKNOWN),
    ]


def test_open_intervals_leave_out_what_is_closed() -> None:
    hours = OpeningHours.of('Mo 08:00-11:00,14:00-17:00; Mo 18:00-19:00 unknown "ask"')

    found = hours.open_intervals(at(MONDAY, 0), at((2026, 12, 1), 0))

    assert [(it.start.hour, it.end.hour, it.state, it.comment) for it in found] == [
        (18, 19, UNKNOWN, "ask")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "open all day",
        "Mo-Fr 25:00-26:00",
        "8h-17h",
        "SH off",
        "Mo-Fr 08:00-17:00; SH 09:00-12:00",
        "08:00-17:00\n",
        "08:00-17:00\x00",
        "a" * 256,
        "(" * 200,
        "Jan 01,PH off",
        "💥",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidOpeningHours):
        OpeningHours.of(text)


@given(st.text(alphabet='MoTuWeFrSaSuPHSH 0123456789:-,;|+[]()"offunknown', max_size=60))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        hours = OpeningHours.of(text)
    except InvalidOpeningHours:
        return

    assert hours.state_at(at(MONDAY, 10)) in OpenState


DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
spans = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda span: span[0] < span[1])
rules = st.tuples(st.sets(st.sampled_from((*DAYS, "PH")), min_size=1), st.one_of(st.none(), spans))


@given(
    st.lists(rules, min_size=1, max_size=5),
    st.sets(st.integers(0, 27), max_size=6),
    st.integers(0, 27),
    st.integers(0, 23),
)
def test_rules_with_holidays_mean_what_they_say(
    program: list[tuple[set[str], tuple[int, int] | None]],
    holidays: set[int],
    day: int,
    hour: int,
) -> None:
    """The later rule that names a day decides over it, whether by its weekday or as a holiday."""
    start = date(2026, 6, 1)
    calendar = HolidayCalendar(
        2026, 2026, {start + timedelta(days=number): {"vi": "Lễ"} for number in holidays}
    )
    text = "; ".join(f"{_listed(days)} {_written(span)}" for days, span in program)
    when = datetime(2026, 6, 1, hour, 30, tzinfo=TIME_ZONE) + timedelta(days=day)

    state = OpeningHours.of(text, calendar).state_at(when)

    deciding = [
        span
        for days, span in program
        if DAYS[when.weekday()] in days or ("PH" in days and day in holidays)
    ]
    span = deciding[-1] if deciding else None
    assert (state is OPEN) == (span is not None and span[0] <= hour < span[1])


def _listed(days: set[str]) -> str:
    return ",".join(day for day in (*DAYS, "PH") if day in days)


def _written(span: tuple[int, int] | None) -> str:
    return "off" if span is None else f"{span[0]:02}:00-{span[1]:02}:00"


def test_the_holidays_of_tet_are_named() -> None:
    calendar = shipped_holidays()

    assert (calendar.name_of(date(2027, 2, 6)) or {})["en"] == "Lunar New Year (Tết)"
    assert calendar.name_of(date(2026, 11, 24)) is None
    assert calendar.knows(date(2028, 12, 31))
    assert not calendar.knows(date(2029, 1, 1))


def test_every_holiday_is_named_in_six_languages() -> None:
    tags = {"vi", "en", "zh-Hans", "fr", "ko", "ja"}

    assert {frozenset(names) for names in shipped_holidays().names.values()} == {frozenset(tags)}
