"""Terms by Vietnam's calendar, by table: exact moments."""

from datetime import UTC, datetime

import pytest

from api.feedback.clocks.working_days import Term, TermUnit, shipped_calendar
from api.kit.formats import VIETNAM_TIME


def at(text: str) -> datetime:
    """Return a moment on the clocks of Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM_TIME)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # An ordinary week: the day itself does not count.
        ("2026-05-12T09:00", 1, "2026-05-13T17:00"),
        ("2026-05-12T23:59", 1, "2026-05-13T17:00"),
        ("2026-05-15T09:00", 1, "2026-05-18T17:00"),
        ("2026-05-16T09:00", 1, "2026-05-18T17:00"),
        ("2026-05-12T09:00", 5, "2026-05-19T17:00"),
        # Tết 2026: off from Monday 16 to Friday 20 February.
        ("2026-02-12T09:00", 1, "2026-02-13T17:00"),
        ("2026-02-13T09:00", 1, "2026-02-23T17:00"),
        ("2026-02-13T16:59", 2, "2026-02-24T17:00"),
        ("2026-02-15T00:00", 1, "2026-02-23T17:00"),
        ("2026-02-17T00:01", 1, "2026-02-23T17:00"),
        ("2026-02-20T23:00", 5, "2026-02-27T17:00"),
        ("2026-02-11T08:00", 5, "2026-02-25T17:00"),
        # New Year 2026: Friday 2 January off, made up for on Saturday 10.
        ("2025-12-31T09:00", 1, "2026-01-05T17:00"),
        ("2026-01-09T09:00", 1, "2026-01-10T17:00"),
        ("2026-01-09T09:00", 2, "2026-01-12T17:00"),
        # Hùng Kings on Sunday 26 April: Monday is off; 30 April and 1 May are.
        ("2026-04-24T09:00", 1, "2026-04-28T17:00"),
        ("2026-04-24T09:00", 3, "2026-05-04T17:00"),
        # National Day 2026: 31 August to 2 September off, Saturday 22 August worked.
        ("2026-08-21T09:00", 1, "2026-08-22T17:00"),
        ("2026-08-28T09:00", 1, "2026-09-03T17:00"),
        # Tết 2027: the first and second day on a weekend are made up for.
        ("2027-02-04T09:00", 1, "2027-02-11T17:00"),
    ],
)
def test_working_days(start: str, days: int, end: str) -> None:
    found = shipped_calendar().end_of(Term(days, TermUnit.WORKING_DAYS), at(start))

    assert found == at(end)


def test_hours_do_not_stop_for_a_holiday() -> None:
    found = shipped_calendar().end_of(Term(4, TermUnit.HOURS), at("2026-02-17T23:00"))

    assert found == at("2026-02-18T03:00")


def test_the_day_is_that_in_vietnam() -> None:
    evening_in_utc = datetime(2026, 5, 12, 20, 0, tzinfo=UTC)

    found = shipped_calendar().end_of(Term(1, TermUnit.WORKING_DAYS), evening_in_utc)

    assert found == at("2026-05-14T17:00")
    assert found.tzinfo is UTC
