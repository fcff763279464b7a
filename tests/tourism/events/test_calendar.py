"""When events are on, by their rules and by what was said of single occurrences."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from api.kit.formats import VIETNAM_TIME
from api.tourism.events.calendar import next_of, occurrences_of
from api.tourism.events.lunar_calendar import EarthlyBranch
from api.tourism.events.records import Event, EventStatus, OccurrenceChange
from api.tourism.events.rules import (
    DayOfYear,
    Days,
    EveryLunarYear,
    EveryWeek,
    EveryYear,
    OnAnimalDay,
    OnDates,
    Rule,
    Season,
)
from api.tourism.records import Weekday
from tests.tourism.events.events import an_event


def at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=VIETNAM_TIME)


def days_of(event: Event, start: datetime, end: datetime) -> list[str]:
    return [
        f"{it.days.first}/{(it.days.last - it.days.first).days + 1}"
        for it in occurrences_of(event, start, end)
    ]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (EveryYear(6, 1, 10), ["2026-06-01/10", "2027-06-01/10"]),
        (EveryYear(12, 30, 5), ["2025-12-30/5", "2026-12-30/5", "2027-12-30/5"]),
        (EveryLunarYear(1, 15, 1), ["2026-03-03/1", "2027-02-20/1"]),
        (EveryLunarYear(12, 23, 1), ["2026-02-10/1", "2027-01-30/1"]),
        (OnAnimalDay(1, EarthlyBranch.DRAGON, 1), ["2026-02-23/1", "2027-02-06/1"]),
        (OnAnimalDay(1, EarthlyBranch.CAT, 1), ["2026-02-22/1", "2027-02-17/1"]),
    ],
)
def test_yearly_rules_give_one_occurrence_a_year(rule: Rule, days: list[str]) -> None:
    found = days_of(an_event(rule), at(2026, 1, 1), at(2028, 1, 1))

    assert found == days


def test_a_lunar_festival_is_kept_in_the_regular_month_and_not_in_the_leap_month_after_it() -> None:
    sixth_month = an_event(EveryLunarYear(6, 1, 1))

    found = days_of(sixth_month, at(2025, 6, 1), at(2025, 12, 31))

    assert found == ["2025-06-25/1"]


def test_a_leap_day_is_the_28th_in_other_years() -> None:
    found = days_of(an_event(EveryYear(2, 29, 1)), at(2027, 1, 1), at(2029, 1, 1))

    assert found == ["2027-02-28/1", "2028-02-29/1"]


def test_a_weekly_event_keeps_its_season_also_over_new_year() -> None:
    winter = Season(DayOfYear(12, 20), DayOfYear(1, 10))
    saturdays = an_event(EveryWeek((Weekday.SATURDAY,), winter))

    found = days_of(saturdays, at(2026, 12, 1), at(2027, 2, 1))

    assert found == ["2026-12-26/1", "2027-01-02/1", "2027-01-09/1"]


def test_what_began_before_a_window_and_lasts_into_it_is_on() -> None:
    event = an_event(OnDates((Days(date(2026, 6, 1), date(2026, 6, 30)),)))

    assert days_of(event, at(2026, 6, 29), at(2026, 6, 30)) == ["2026-06-01/30"]
    assert days_of(event, at(2026, 7, 1), at(2026, 7, 2)) == []
    assert days_of(event, at(2026, 5, 30), at(2026, 6, 1)) == []


def test_days_are_those_of_vietnam() -> None:
    event = an_event(OnDates((Days(date(2026, 6, 6), date(2026, 6, 6)),)))
    just_before = datetime(2026, 6, 5, 16, 59, tzinfo=UTC)

    assert days_of(event, just_before - timedelta(hours=1), just_before) == []
    assert days_of(event, just_before, just_before + timedelta(minutes=2)) == ["2026-06-06/1"]


def test_a_night_ends_on_the_day_after() -> None:
    rule = OnDates((Days(date(2026, 6, 6), date(2026, 6, 6)),))

    (night,) = occurrences_of(
        an_event(rule, starts_at=time(20, 0), ends_at=time(0, 30)), at(2026, 6, 7), at(2026, 6, 8)
    )

    assert (night.start, night.end) == (
        at(2026, 6, 6, 20),
        datetime(2026, 6, 7, 0, 30, tzinfo=VIETNAM_TIME),
    )


@pytest.mark.parametrize(
    ("status", "is_held"),
    [
        (EventStatus.SCHEDULED, True),
        (EventStatus.MOVED, True),
        (EventStatus.CANCELLED, False),
        (EventStatus.POSTPONED, False),
    ],
)
def test_what_is_not_held_is_told_but_is_not_next(status: EventStatus, is_held: bool) -> None:
    rule = EveryLunarYear(1, 15, 1)
    changes = {date(2027, 2, 20): OccurrenceChange(status)}
    event = an_event(rule, changes=changes)

    found = occurrences_of(event, at(2027, 1, 1), at(2027, 12, 31))
    following = next_of(event, at(2027, 1, 1))

    assert [it.is_held for it in found] == [is_held]
    assert following is not None
    assert following.days.first == (date(2027, 2, 20) if is_held else date(2028, 2, 9))


def test_an_occurrence_moves_into_a_window_and_out_of_another() -> None:
    moved = OccurrenceChange(EventStatus.MOVED, Days(date(2026, 7, 4), date(2026, 7, 5)))
    event = an_event(EveryYear(6, 6, 2), changes={date(2026, 6, 6): moved})

    assert days_of(event, at(2026, 6, 1), at(2026, 6, 30)) == []
    assert days_of(event, at(2026, 7, 1), at(2026, 7, 31)) == ["2026-07-04/2"]


def test_what_was_said_of_an_occurrence_that_the_rule_gives_no_more_is_forgotten() -> None:
    cancelled = OccurrenceChange(EventStatus.CANCELLED)
    event = an_event(EveryYear(6, 7, 1), changes={date(2026, 6, 6): cancelled})

    found = occurrences_of(event, at(2026, 6, 1), at(2026, 6, 30))

    assert [(it.days.first, it.status) for it in found] == [
        (date(2026, 6, 7), EventStatus.SCHEDULED)
    ]


def test_announced_days_are_certain_and_others_are_about_right() -> None:
    announced = OccurrenceChange(EventStatus.SCHEDULED, Days(date(2026, 6, 5), date(2026, 6, 7)))
    event = an_event(
        EveryYear(6, 1, 10), dates_are_announced=True, changes={date(2026, 6, 1): announced}
    )

    this_year, next_year = occurrences_of(event, at(2026, 1, 1), at(2027, 12, 31))

    assert (this_year.days.first, this_year.is_confirmed) == (date(2026, 6, 5), True)
    assert (next_year.days.first, next_year.is_confirmed) == (date(2027, 6, 1), False)


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 2, tzinfo=UTC), datetime(1960, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)]
)  # fmt: skip
def test_beyond_what_the_calendar_knows_nothing_is_on(moment: datetime) -> None:
    assert days_of(an_event(EveryLunarYear(1, 15, 1)), moment, moment + timedelta(days=1)) == []
