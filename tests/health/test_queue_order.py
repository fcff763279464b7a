"""In which order people are called, and what the pace of a session makes of a wait."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.health.queue.order import InQueue, Turn, call_order, let_others_go, turn_of
from api.health.queue.pace import measured_delay, next_call, pace_of, planned_pace
from tests.health.waiting_room import at

QUARTER = timedelta(minutes=15)


def booked(name: str, place: str, came: str | None, number: int = 1) -> InQueue:
    return InQueue(name, number, at(place), at(came) if came else None)


def walk_in(name: str, came: str, number: int = 9) -> InQueue:
    return InQueue(name, number, None, at(came))


def called(*waiting: InQueue, now: str = "07:00", booked_in_row: int = 0) -> str:
    """Return the names of those waiting in the order of calls."""
    order = call_order(waiting, now=at(now), step=QUARTER, booked_in_row=booked_in_row)
    return "".join(one.id for one in order)


def test_places_go_by_their_time_and_not_by_who_came_first() -> None:
    assert called(booked("b", "07:15", "06:20"), booked("a", "07:00", "06:50")) == "ab"


def test_of_one_place_the_lower_number_goes_first() -> None:
    first, second = booked("a", "07:00", "06:55", number=1), booked("b", "07:00", "06:40", number=2)

    assert called(second, first) == "ab"


def test_a_quarter_of_an_hour_late_is_still_in_time() -> None:
    assert called(booked("b", "07:15", "07:10"), booked("a", "07:00", "07:15")) == "ab"


def test_who_is_later_goes_behind_those_in_time_of_the_next_place() -> None:
    late = booked("L", "07:00", "07:16")

    order = called(late, booked("a", "07:30", "07:20"), booked("b", "07:45", "07:20"), now="07:20")

    assert order == "aLb"


def test_who_comes_at_the_very_time_of_a_place_goes_behind_those_who_have_it() -> None:
    late = booked("L", "07:00", "07:30")

    assert turn_of(late, QUARTER) == Turn(at("07:30"), is_behind=True, number=1)
    assert called(late, booked("a", "07:30", "07:20"), now="07:30") == "aL"


def test_after_two_with_a_place_one_walk_in_is_called() -> None:
    places = [booked(name, "07:00", "06:50", number) for number, name in enumerate("abcd", 1)]

    order = called(*places, walk_in("X", "06:40"), walk_in("Y", "06:45"))

    assert order == "abXcdY"


def test_the_calls_before_count() -> None:
    places = [booked(name, "07:00", "06:50", number) for number, name in enumerate("ab", 1)]

    assert called(*places, walk_in("X", "06:40"), booked_in_row=1) == "aXb"
    assert called(*places, walk_in("X", "06:40"), booked_in_row=2) == "Xab"


def test_walk_ins_fill_the_time_before_places() -> None:
    early = booked("a", "07:45", "07:00")

    assert called(early, walk_in("X", "07:01"), walk_in("Y", "07:02"), now="07:02") == "XYa"
    assert called(early, walk_in("X", "07:01"), now="07:30") == "aX"


def test_walk_ins_go_by_when_they_came() -> None:
    assert called(walk_in("Y", "07:02", 1), walk_in("X", "07:01", 2)) == "XY"


def test_who_was_not_there_when_called_goes_one_place_later() -> None:
    absent = booked("a", "07:00", "06:50")
    behind = let_others_go(absent, [booked("b", "07:15", "06:50")], QUARTER, at("07:05"))
    skipped = InQueue("a", 1, at("07:00"), at("06:50"), not_before=behind)

    order = called(
        skipped, booked("b", "07:15", "06:50"), booked("c", "07:30", "06:50"), now="07:05"
    )

    assert behind == at("07:20")
    assert order == "bac"


def test_where_places_are_far_apart_the_next_one_goes_before_who_was_not_there() -> None:
    absent, next_one = booked("a", "07:30", "06:50"), booked("b", "08:15", "06:55", number=2)
    also_absent = InQueue("c", 3, at("07:45"), at("06:50"), not_before=at("08:00"))

    behind = let_others_go(absent, [next_one, also_absent], QUARTER, at("07:05"))
    skipped = InQueue("a", 1, at("07:30"), at("06:50"), not_before=behind)

    assert behind == at("08:15")
    assert called(skipped, next_one, now="07:05") == "ba"


def test_who_was_not_there_is_not_called_again_before_the_other_lane() -> None:
    absent = InQueue("a", 1, at("07:00"), at("06:50"), not_before=at("07:20"))
    absent_walk_in = InQueue("X", 9, None, at("06:55"), not_before=at("07:20"))

    assert called(absent, walk_in("Y", "07:02"), now="07:05") == "Ya"
    assert called(absent, walk_in("Y", "07:02"), now="07:20") == "aY"
    assert called(absent_walk_in, booked("b", "09:00", "06:50"), now="07:05") == "bX"
    assert called(absent, absent_walk_in, now="07:05") == "aX"


def test_a_walk_in_that_is_only_expected_is_a_bug() -> None:
    with pytest.raises(ValueError, match="X"):
        called(InQueue("X", 1, None, None))


MINUTES = st.integers(min_value=0, max_value=240)
WAITING = st.lists(
    st.tuples(st.none() | MINUTES, MINUTES, st.none() | MINUTES), min_size=1, max_size=12
)


@given(WAITING, MINUTES, st.integers(min_value=0, max_value=3))
def test_everybody_is_called_once_and_walk_ins_are_never_passed_over_for_long(
    people: list[tuple[int | None, int, int | None]], now: int, booked_in_row: int
) -> None:
    begin = at("06:00")
    waiting = [
        InQueue(
            str(number),
            number,
            None if place is None else begin + timedelta(minutes=place),
            begin + timedelta(minutes=came),
            None if not_before is None else begin + timedelta(minutes=not_before),
        )
        for number, (place, came, not_before) in enumerate(people)
    ]

    order = call_order(
        waiting,
        now=begin + timedelta(minutes=now),
        step=QUARTER,
        booked_in_row=booked_in_row,
    )

    assert sorted(one.id for one in order) == sorted(one.id for one in waiting)
    kinds = "".join("w" if one.place is None else "b" for one in order)
    before_the_last_walk_in = kinds[: kinds.rfind("w") + 1]
    assert "bbb" not in before_the_last_walk_in
    for lane in (True, False):
        turns = [turn_of(one, QUARTER) for one in order if (one.place is None) is lane]
        assert turns == sorted(turns)


def test_the_pace_is_as_planned_until_there_are_enough_calls() -> None:
    planned = planned_pace(at("07:00"), at("08:00"), 6)

    assert planned == timedelta(minutes=10)
    assert pace_of([at("07:00"), at("07:30"), at("07:50")], planned) == planned


def test_the_pace_is_the_median_of_the_last_calls() -> None:
    calls = [at(text) for text in ("06:00", "07:00", "07:06", "07:12", "07:20", "07:25", "08:00")]

    assert pace_of(calls, QUARTER) == timedelta(minutes=7)


def test_a_pace_is_a_minute_to_an_hour() -> None:
    assert pace_of([at("07:00")] * 5, QUARTER) == timedelta(minutes=1)
    assert planned_pace(at("07:00"), at("11:00"), 0) == timedelta(hours=1)


def test_the_next_call_is_a_pace_after_the_last_and_never_past() -> None:
    calls = [at("07:00"), at("07:10")]

    assert next_call(calls, at("07:00"), QUARTER, at("07:12")) == at("07:25")
    assert next_call(calls, at("07:00"), QUARTER, at("07:40")) == at("07:40")
    assert next_call([], at("07:00"), QUARTER, at("06:40")) == at("07:00")


@pytest.mark.parametrize(
    ("called_at", "minutes"),
    [("06:50", 0), ("07:00", 0), ("07:04", 0), ("07:05", 5), ("07:34", 30)],
)
def test_a_delay_is_told_in_fives(called_at: str, minutes: int) -> None:
    assert measured_delay(at("07:00"), at(called_at)) == minutes
