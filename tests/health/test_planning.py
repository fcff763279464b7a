"""What a schedule makes of days, and what differs from what is there."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from api.health.directory.records import ServiceMode
from api.health.schedules.checking import check_schedule
from api.health.schedules.differences import differences
from api.health.schedules.errors import InvalidSchedule
from api.health.schedules.planning import Offer, days_from, planned
from api.health.schedules.records import Absence, Schedule, WeeklySession
from api.health.slots.records import Slot
from api.tourism.opening.holidays import shipped_holidays
from tests.conftest import NOW
from tests.health.places import a_practitioner, a_schedule, a_service, a_weekly_session

MONDAY = date(2026, 5, 4)


def an_offer(*sessions: WeeklySession, mode: ServiceMode = ServiceMode.IN_PERSON) -> Offer:
    service, practitioner = a_service(mode=mode), a_practitioner()
    return Offer(a_schedule(service, practitioner, *sessions), service, practitioner)


def slots_of(offer: Offer, days: int = 7, now: datetime = NOW) -> tuple[Slot, ...]:
    return planned(offer, days_from(MONDAY, days), shipped_holidays(), now).slots


def starts(offer: Offer, days: int = 7, now: datetime = NOW) -> list[str]:
    return [f"{slot.start:%m-%dT%H:%M}" for slot in slots_of(offer, days, now)]


def with_schedule(offer: Offer, **changes: object) -> Offer:
    return replace(offer, schedule=replace(offer.schedule, **changes))  # type: ignore[arg-type]


def test_places_follow_one_another_on_the_clocks_of_vietnam() -> None:
    offer = an_offer(a_weekly_session(1, time(7), time(8), slot_minutes=25))

    plan = planned(offer, days_from(MONDAY, 8), shipped_holidays(), NOW)

    assert [f"{it.start:%m-%dT%H:%M}" for it in plan.slots] == [
        "05-04T00:00",
        "05-04T00:25",
        "05-11T00:00",
        "05-11T00:25",
    ]
    assert [it.end for it in plan.sessions] == [
        datetime(2026, 5, 4, 1, tzinfo=UTC),
        datetime(2026, 5, 11, 1, tzinfo=UTC),
    ]
    assert plan.slots[0].end == datetime(2026, 5, 4, 0, 25, tzinfo=UTC)
    assert plan.slots[0].session_id == plan.sessions[0].id


def test_a_place_has_what_its_schedule_service_and_practitioner_say() -> None:
    offer = an_offer(a_weekly_session(capacity=2, overbooking=1), mode=ServiceMode.REMOTE)

    slot = slots_of(offer)[0]

    assert (slot.capacity, slot.room, slot.is_open, slot.is_remote) == (3, 3, True, True)
    assert (slot.languages, slot.specialty) == (("vi", "en"), "general")


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({}, ["05-04", "05-11"]),
        ({"first_day": date(2026, 5, 5)}, ["05-11"]),
        ({"last_day": date(2026, 5, 10)}, ["05-04"]),
        ({"absences": (Absence("a", date(2026, 5, 11), date(2026, 5, 12), ""),)}, ["05-04"]),
        (
            {"absences": (Absence("a", date(2026, 5, 5), date(2026, 5, 10), ""),)},
            ["05-04", "05-11"],
        ),
    ],
)
def test_days_on_which_it_is_given(changes: dict[str, object], days: list[str]) -> None:
    offer = with_schedule(an_offer(a_weekly_session(closes=time(7, 15))), **changes)

    assert [start[:5] for start in starts(offer, 14)] == days


def test_public_holidays_are_off_unless_it_works_on_them() -> None:
    friday = an_offer(a_weekly_session(5, closes=time(7, 15)))
    before = datetime(2026, 4, 1, tzinfo=UTC)
    labour_day, holidays = [date(2026, 5, 1)], shipped_holidays()
    earlier = with_schedule(friday, first_day=date(2026, 4, 1))
    at_work = with_schedule(earlier, works_on_holidays=True)

    assert planned(earlier, labour_day, holidays, before).slots == ()
    assert len(planned(at_work, labour_day, holidays, before).slots) == 1


def test_nothing_is_made_of_what_has_begun_or_is_given_no_more() -> None:
    offer = an_offer()
    service, person = offer.service, offer.practitioner
    assert person is not None

    assert starts(offer, now=datetime(2026, 5, 4, 0, 15, tzinfo=UTC)) == [
        "05-04T00:30",
        "05-04T00:45",
    ]
    assert starts(replace(offer, service=replace(service, is_active=False))) == []
    assert starts(replace(offer, practitioner=replace(person, is_active=False))) == []


def test_without_a_practitioner_vietnamese_is_spoken() -> None:
    offer = replace(with_schedule(an_offer(), practitioner_id=None), practitioner=None)

    assert {slot.languages for slot in slots_of(offer)} == {("vi",)}


def test_what_is_as_planned_differs_in_nothing() -> None:
    slots = slots_of(an_offer())
    had = replace(slots[0], room=0)

    found = differences(slots, [had, *slots[1:]], set())

    assert (found.new, found.outdated, found.reopened, found.affected) == ([], [], [], 0)


def test_what_is_missing_is_new() -> None:
    slots = slots_of(an_offer())

    assert differences(slots, slots[:1], set()).new == list(slots[1:])


def test_what_left_the_plan_is_closed_and_who_has_it_is_affected() -> None:
    free, had, closed = slots_of(an_offer(a_weekly_session(capacity=3)))[:3]

    found = differences([], [free, replace(had, room=1), replace(closed, is_open=False)], set())

    assert (found.closed, found.affected) == ([free.id, had.id], 2)


def test_a_free_place_takes_any_new_shape_and_opens_again() -> None:
    plan = slots_of(an_offer())[0]
    longer = replace(plan, end=plan.end + timedelta(minutes=5))
    closed = replace(plan, is_open=False)
    bigger = replace(plan, capacity=4, room=4)

    for there in (longer, closed, bigger):
        found = differences([plan], [there], set())
        assert found.reshaped == [(plan, there.capacity)]
        assert (found.outdated, found.affected) == ([plan.id], 0)


def test_a_place_that_is_had_is_resized_as_far_as_its_patients_allow() -> None:
    plan = slots_of(an_offer(a_weekly_session(capacity=2)))[0]
    two_of_five = replace(plan, capacity=5, room=3)
    three_of_five = replace(plan, capacity=5, room=2)

    fits, too_many = (differences([plan], [it], set()) for it in (two_of_five, three_of_five))

    assert (fits.resized, fits.closed, fits.affected) == ([(plan, 5)], [], 0)
    assert (too_many.resized, too_many.closed, too_many.affected) == ([], [plan.id], 1)


def test_ended_sessions_stay_as_the_desk_left_them() -> None:
    plan = slots_of(an_offer())
    left = [replace(slot, is_open=False) for slot in plan[:2]]

    found = differences(plan, left, {plan[0].session_id})

    assert (found.new, found.outdated, found.reopened) == ([], [], [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sessions": ()}, "sessions"),
        ({"sessions": (a_weekly_session(8),)}, "sessions"),
        ({"sessions": (a_weekly_session(opens=time(8), closes=time(8)),)}, "sessions"),
        ({"sessions": (a_weekly_session(slot_minutes=4),)}, "sessions"),
        ({"sessions": (a_weekly_session(slot_minutes=61),)}, "sessions"),
        ({"sessions": (a_weekly_session(capacity=0),)}, "sessions"),
        ({"sessions": (a_weekly_session(capacity=51),)}, "sessions"),
        ({"sessions": (a_weekly_session(overbooking=2),)}, "sessions"),
        ({"sessions": (a_weekly_session(), a_weekly_session(opens=time(7, 30)))}, "sessions"),
        ({"last_day": date(2026, 5, 3)}, "lastDay"),
        ({"absences": (Absence("a", date(2026, 5, 5), date(2026, 5, 4), ""),)}, "lastDay"),
        ({"absences": (Absence("a", MONDAY, date.max, ""),)}, "lastDay"),
        ({"absences": (Absence("a", date.max, MONDAY, ""),)}, "lastDay"),
        ({"absences": (Absence("a", MONDAY, MONDAY, "<b>"),)}, "note"),
        ({"absences": (Absence("a", MONDAY, MONDAY, "x" * 201),)}, "note"),
        ({"absences": (Absence("a", MONDAY, MONDAY, ""),) * 61}, "absences"),
    ],
)
def test_what_cannot_be_names_its_field(changes: dict[str, object], field: str) -> None:
    schedule: Schedule = with_schedule(an_offer(), **changes).schedule

    with pytest.raises(InvalidSchedule) as refused:
        check_schedule(schedule)

    assert refused.value.field == field


def test_sessions_that_touch_are_fine() -> None:
    check_schedule(
        an_offer(a_weekly_session(), a_weekly_session(opens=time(8), closes=time(9))).schedule
    )
