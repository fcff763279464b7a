"""Delays and the end of a session: by the desk before time, and by itself two hours after it."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.queue import ending
from api.health.queue.ending import END_SESSION
from api.health.queue.leaving import Leaving
from api.health.schedules.errors import SessionClosed
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.errors import SlotNotFound
from api.health.slots.repository import SlotRepository
from api.kit.jobs import JOBS, Jobs
from api.kit.store import WriteConflict
from tests.accounts.exporting import run_jobs
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.health.waiting_room import WaitingRoom, a_waiting_room, at

CLOSING = {"reason": "Bác sĩ đi cấp cứu"}


@pytest.fixture
async def room(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> WaitingRoom:
    return await a_waiting_room(client, services, clock)


async def is_planned(room: WaitingRoom) -> None:
    jobs = Jobs(room.services.store, room.clock)
    await ending.plan_end(jobs, await room.session())


async def a_day(room: WaitingRoom, *, calls: bool) -> dict[str, str]:
    """Let one come and be called, one come, one stay away, and one walk in; return their ids."""
    people = {
        "called": await room.checked_in(0, "06:40"),
        "waits": await room.checked_in(1, "06:41"),
        "away": (await room.booked(2)).id,
        "walks in": await room.walks_in("06:50"),
    }
    if calls:
        await room.calls_next()
    return people


async def states(room: WaitingRoom, people: dict[str, str]) -> dict[str, str]:
    return {name: await room.status(one) for name, one in people.items()}


async def test_the_desk_says_how_late_the_session_runs_and_why(room: WaitingRoom) -> None:
    asked = {"sessionId": room.session_id, "minutes": 30, "reason": " Bác sĩ  đang mổ "}

    result = await room.call("SetDelay", asked)

    assert result["session"]["delayMinutes"] == 30
    assert result["session"]["delayReason"] == "Bác sĩ đang mổ"
    (entry,) = await room.audited("health.session.delay")
    assert (entry.subject, entry.details) == (room.session_id, {"minutes": 30})


async def test_a_call_measures_anew_what_was_declared(room: WaitingRoom) -> None:
    await room.checked_in(0, "06:50")
    await room.call("SetDelay", {"sessionId": room.session_id, "minutes": 45})
    room.is_now("07:21")

    await room.calls_next()

    assert (await room.session()).delay_minutes == 20
    assert (await room.queue()).declared is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"minutes": -1}, "INVALID_DELAY"),
        ({"minutes": 481}, "INVALID_DELAY"),
        ({"minutes": 5, "reason": "a" * 201}, "INVALID_TEXT"),
        ({"minutes": 5, "reason": "\u202e"}, "INVALID_TEXT"),
    ],
)
async def test_a_delay_that_is_not_understood_changes_nothing(
    room: WaitingRoom, wrong: dict[str, object], code: str
) -> None:
    assert await room.refused("SetDelay", {"sessionId": room.session_id, **wrong}) == code
    assert (await room.session()).delay_minutes == 0


async def test_a_closed_session_gives_no_places_and_keeps_its_patients(room: WaitingRoom) -> None:
    booked = await room.booked(3)
    waits = await room.checked_in(0, "06:40")

    result = await room.call("CloseSession", {"sessionId": room.session_id, **CLOSING})

    assert (result["session"]["isOpen"], result["session"]["closedBecause"]) == (
        False,
        "Bác sĩ đi cấp cứu",
    )
    assert await room.status(booked.id) == "BOOKED"
    assert await room.calls_next() == waits
    with pytest.raises(SlotNotFound):
        await SlotRepository(room.services.store).take(room.clinic.slots[1].id)
    (entry,) = await room.audited("health.session.close")
    assert (entry.subject, entry.details) == (room.session_id, {})


async def test_a_session_is_closed_once(room: WaitingRoom) -> None:
    closing = room.services.health.desk.sessions.close

    answers = await asyncio.gather(
        *(closing(room.clerk, room.session_id, "Hết giờ", new_key()) for _ in range(3)),
        return_exceptions=True,
    )

    assert Counter(isinstance(it, SessionClosed) for it in answers) == {True: 2, False: 1}
    late = {"sessionId": room.session_id, "minutes": 5}
    assert await room.refused("SetDelay", late) == "SESSION_CLOSED"


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (True, ["FULFILLED", "CANCELLED", "NOSHOW", "CANCELLED"]),
        (False, ["FULFILLED", "FULFILLED", "NOSHOW", "FULFILLED"]),
    ],
)
async def test_two_hours_after_its_end_a_session_ends_by_itself(
    room: WaitingRoom, calls: bool, expected: list[str]
) -> None:
    people = await a_day(room, calls=calls)
    room.is_now("09:59")
    await run_jobs(room.services, room.clock)
    assert (await room.session()).state.name == "OPEN"

    room.is_now("10:00")
    await run_jobs(room.services, room.clock)

    assert list((await states(room, people)).values()) == expected
    assert (await room.session()).state.name == "CLOSED"
    assert (await room.queue()).settled_at == at("10:00")
    # Of four places: who was seen has used one up, the others gave theirs back.
    assert sum(await room.room()) == 4 - expected.count("FULFILLED")


async def test_who_was_sent_home_has_missed_nothing(room: WaitingRoom) -> None:
    people = await a_day(room, calls=True)
    room.is_now("10:00")

    await run_jobs(room.services, room.clock)

    sent_home = await room.appointment(people["waits"])
    assert sent_home.cancelled_by is not None
    assert sent_home.cancelled_by.name == "FACILITY"


async def test_a_session_that_was_made_longer_ends_later(room: WaitingRoom) -> None:
    away = await room.booked(0)
    await is_planned(room)
    await SessionRepository(room.services.store).move_end(room.session_id, at("08:30"))
    room.is_now("10:00")

    await run_jobs(room.services, room.clock)
    assert await room.status(away.id) == "BOOKED"
    room.is_now("10:30")
    await run_jobs(room.services, room.clock)

    assert await room.status(away.id) == "NOSHOW"


async def test_a_booking_plans_the_end_of_its_session_once(room: WaitingRoom) -> None:
    changes = room.services.health.booking.changes
    for place in range(2):
        held = await room.booked(place, status=AppointmentStatus.PENDING)
        await changes.move(_booked(held), AppointmentStatus.PENDING)

    jobs = await room.services.store[JOBS].find({"kind": END_SESSION})

    assert [(job["payload"], job["due_at"]) for job in jobs] == [
        ({"session_id": room.session_id}, at("10:00"))
    ]


def _booked(held: Appointment) -> Appointment:
    return replace(held, status=AppointmentStatus.BOOKED)


async def test_killed_amid_the_end_it_goes_on_where_it_stopped(
    room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [(await room.booked(place)).id for place in range(4)]
    await is_planned(room)
    monkeypatch.setattr(ending, "_DECIDED_AT_ONCE", 1)
    missed, steps = Leaving.missed, [True] * 2

    async def killed_later(leaving: Leaving, appointment: Appointment) -> None:
        await missed(leaving, appointment)
        if not steps:
            raise RuntimeError("killed")
        steps.pop()

    monkeypatch.setattr(Leaving, "missed", killed_later)
    room.is_now("10:00")
    await run_jobs(room.services, room.clock)
    after_the_kill = [await room.status(one) for one in away]
    room_after_the_kill = await room.room()

    monkeypatch.setattr(Leaving, "missed", missed)
    room.clock.advance(hours=1)
    await run_jobs(room.services, room.clock)

    assert Counter(after_the_kill) == {"NOSHOW": 2, "BOOKED": 2}
    assert sum(room_after_the_kill) == 2
    assert [await room.status(one) for one in away] == ["NOSHOW"] * 4
    assert await room.room() == [1, 1, 1, 1]


async def test_of_a_no_show_and_its_room_neither_is_kept_alone(
    room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    appointment = await room.booked(0)
    room.is_now("07:15")

    async def killed(*_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(SlotRepository, "give_back", killed)
    calling = room.services.health.queue.calling
    with pytest.raises(RuntimeError):
        await calling.mark_no_show(room.clerk, appointment.id, new_key())

    assert await room.status(appointment.id) == "BOOKED"
    assert await room.room() == [0, 1, 1, 1]


async def test_the_worker_and_the_desk_at_once_decide_once(
    room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    appointment = await room.booked(0)
    changes = room.services.health.booking.changes
    stale = await room.appointment(appointment.id)
    room.is_now("07:15")
    await room.does("MarkNoShow", appointment.id)

    with pytest.raises(WriteConflict):
        await changes.move(stale, AppointmentStatus.BOOKED)

    assert await room.status(appointment.id) == "NOSHOW"
    assert (await room.queue()).kept_until == at("08:00") + timedelta(days=90)
