"""Calling people in, what becomes of them, and two desks that call at once, with a control."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.accounts.caller import Caller
from api.context import Services
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.queue.errors import QueueEmpty
from api.health.queue.moves import QUEUE_MOVED
from api.kit.jobs import JOBS
from tests.accounts.people import new_key, signed_in
from tests.conftest import MovableClock
from tests.health.places import FACILITY
from tests.health.waiting_room import WaitingRoom, a_waiting_room, at

ROUNDS = 5


@pytest.fixture
async def room(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> WaitingRoom:
    return await a_waiting_room(client, services, clock)


async def moves(room: WaitingRoom) -> list[dict[str, Any]]:
    """Return the payloads of the jobs for those who remind patients."""
    jobs = await room.services.store[JOBS].find({"kind": QUEUE_MOVED})
    return [job["payload"] for job in jobs]


async def test_the_next_is_called_by_the_time_of_the_place(room: WaitingRoom) -> None:
    second = await room.checked_in(1, "06:40")
    first = await room.checked_in(0, "06:50")
    room.is_now("07:00")

    result = await room.call("CallNext", {"sessionId": room.session_id})

    assert result["patient"] == {
        "appointmentId": first,
        "sessionId": room.session_id,
        "service": {"id": room.clinic.service.id},
        "number": 2,
        "name": "Vàng Thị Mẫu",
        "birthYear": None,
        "reason": "đau bụng ba ngày nay",
        "payment": "INSURANCE",
        "status": "ARRIVED",
        "isWalkIn": False,
        "start": "2026-05-04T00:00:00+00:00",
        "checkedInAt": "2026-05-03T23:50:00+00:00",
        "calledAt": "2026-05-04T00:00:00+00:00",
        "endedAt": None,
    }
    assert await room.calls_next() == second
    assert (await room.queue()).calls == (at("07:00"), at("07:00"))


async def test_whoever_is_late_is_behind_and_a_walk_in_is_after_two(room: WaitingRoom) -> None:
    late = await room.booked(0)
    walk_in = await room.walks_in("06:35")
    a, b = await room.checked_in(2, "06:40"), await room.checked_in(3, "06:46")
    room.is_now("07:31")
    await room.does("CheckInAtDesk", late.id)

    called = [await room.calls_next() for _ in range(4)]

    assert called == [a, b, walk_in, late.id]
    assert (await room.queue()).booked_in_row == 1


async def test_nobody_waits(room: WaitingRoom) -> None:
    await room.booked(0)

    assert await room.refused("CallNext", {"sessionId": room.session_id}) == "QUEUE_EMPTY"
    assert (await room.queue()).calls == ()
    assert await moves(room) == []


async def test_a_call_that_comes_twice_calls_once(room: WaitingRoom) -> None:
    first, second = await room.checked_in(0, "06:40"), await room.checked_in(1, "06:41")
    asked = {"sessionId": room.session_id, "idempotencyKey": new_key()}

    answers = [await room.call_without_key("CallNext", asked) for _ in range(2)]

    assert [it["patient"]["appointmentId"] for it in answers] == [first, first]
    assert await room.status(second) == "CHECKED_IN"


async def test_who_was_called_is_seen(room: WaitingRoom) -> None:
    called = await room.checked_in(0, "06:40")
    await room.calls_next()
    room.is_now("06:50")

    patient = await room.does("CompleteVisit", called)

    assert (patient["status"], patient["endedAt"]) == ("FULFILLED", "2026-05-03T23:50:00+00:00")
    assert await room.room() == [0, 1, 1, 1]


async def test_who_does_not_come_in_is_called_again(room: WaitingRoom) -> None:
    called = await room.checked_in(0, "06:40")
    await room.calls_next()
    room.is_now("06:43")

    patient = await room.does("RecallPatient", called)

    assert (patient["status"], patient["calledAt"]) == ("ARRIVED", "2026-05-03T23:43:00+00:00")
    assert (await room.queue()).calls == (at("06:40"),)


@pytest.mark.parametrize("operation", ["CompleteVisit", "RecallPatient"])
async def test_who_was_not_called_is_neither_seen_nor_called_again(
    room: WaitingRoom, operation: str
) -> None:
    waiting = await room.checked_in(0, "06:40")
    before = await room.appointment(waiting)

    assert await room.refused(operation, {"appointmentId": waiting}) == "NOT_CALLED"
    assert await room.appointment(waiting) == before


async def test_who_is_skipped_goes_one_place_later(room: WaitingRoom) -> None:
    absent, next_one = await room.checked_in(0, "06:40"), await room.checked_in(1, "06:41")
    room.is_now("07:00")
    assert await room.calls_next() == absent

    patient = await room.does("SkipPatient", absent)

    assert (patient["status"], patient["calledAt"]) == ("CHECKED_IN", None)
    assert (await room.queue()).not_before == {absent: at("07:15")}
    assert [await room.calls_next() for _ in range(2)] == [next_one, absent]


async def test_only_who_is_in_the_queue_is_skipped(room: WaitingRoom) -> None:
    appointment = await room.booked(0)

    assert await room.refused("SkipPatient", {"appointmentId": appointment.id}) == "NOT_IN_QUEUE"
    assert (await room.queue()).not_before == {}


@pytest.mark.parametrize(("moment", "refusal"), [("07:14", "NOT_MISSED_YET"), ("07:15", None)])
async def test_who_booked_has_missed_it_a_quarter_of_an_hour_later(
    room: WaitingRoom, moment: str, refusal: str | None
) -> None:
    appointment = await room.booked(0)
    room.is_now(moment)

    result = await room.call("MarkNoShow", {"appointmentId": appointment.id})

    assert result.get("code") == refusal
    assert await room.status(appointment.id) == ("BOOKED" if refusal else "NOSHOW")
    assert await room.room() == [0 if refusal else 1, 1, 1, 1]


async def test_who_is_checked_in_and_gone_has_missed_it_from_the_place_s_time(
    room: WaitingRoom,
) -> None:
    gone = await room.checked_in(0, "06:40")
    await room.calls_next()

    assert await room.refused("MarkNoShow", {"appointmentId": gone}) == "NOT_MISSED_YET"
    room.is_now("07:00")
    patient = await room.does("MarkNoShow", gone)

    assert (patient["status"], patient["endedAt"]) == ("NOSHOW", "2026-05-04T00:00:00+00:00")
    assert await room.refused("MarkNoShow", {"appointmentId": gone}) == "NOT_IN_QUEUE"


async def test_calls_measure_how_late_the_session_runs(room: WaitingRoom) -> None:
    for place in range(3):
        await room.checked_in(place, "06:40")
    delays: list[int] = []

    for moment in ("06:58", "07:22", "07:36"):
        room.is_now(moment)
        await room.calls_next()
        delays.append((await room.session()).delay_minutes)

    assert delays == [0, 5, 5]


async def test_each_call_tells_who_reminds_and_is_audited(room: WaitingRoom) -> None:
    called = await room.checked_in(0, "06:40")
    assert await moves(room) == []

    await room.calls_next()

    assert await moves(room) == [{"session_id": room.session_id}]
    (entry,) = await room.audited("health.visit.call")
    assert (entry.subject, entry.scope) == (called, f"facility:{FACILITY}")


async def test_another_facility_s_desk_finds_nothing(room: WaitingRoom) -> None:
    waiting = await room.checked_in(0, "06:40")
    stranger = await signed_in(room.client, room.services, "stranger@example.com")
    steps = ("CheckInAtDesk", "RecallPatient", "SkipPatient", "MarkNoShow", "CompleteVisit")

    refused = [await room.refused(step, {"appointmentId": waiting}, stranger) for step in steps] + [
        await room.refused("CallNext", {"sessionId": room.session_id}, stranger)
    ]

    assert refused == ["NOT_FOUND"] * 6
    assert await room.status(waiting) == "CHECKED_IN"


async def test_whose_role_was_taken_back_calls_nobody(room: WaitingRoom) -> None:
    waiting = await room.checked_in(0, "06:40")
    gone = Caller("gone-person", "session", room.clerk.grants)

    with pytest.raises(Exception, match="allowed"):
        await room.services.health.queue.calling.call_next(gone, room.session_id, new_key())

    assert await room.status(waiting) == "CHECKED_IN"


async def raced(room: WaitingRoom) -> list[str]:
    """Let four desks call at once; return whom they called, or what they were answered."""
    calling = room.services.health.queue.calling
    answers = await asyncio.gather(
        *(calling.call_next(room.clerk, room.session_id, new_key()) for _ in range(4)),
        return_exceptions=True,
    )
    return [it.id if isinstance(it, Appointment) else type(it).__name__ for it in answers]


async def test_desks_that_call_at_once_call_each_one_once_and_pass_over_nobody(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    room = await a_waiting_room(client, services, clock, places=3 * ROUNDS)
    waiting = [await room.checked_in(place, "06:40") for place in range(3)]
    for number in range(ROUNDS):
        if number:
            again = [await room.booked(3 * number + place) for place in range(3)]
            waiting = [one.id for one in again]
            await _come(room, again)

        answers = await raced(room)

        assert Counter(answers) == Counter([*waiting, QueueEmpty.__name__])
    assert (await room.queue()).booked_in_row == 3 * ROUNDS


async def _come(room: WaitingRoom, appointments: list[Appointment]) -> None:
    repository = AppointmentRepository(room.services.store, room.services.sealer)
    for one in appointments:
        here = replace(one, status=AppointmentStatus.CHECKED_IN, checked_in_at=room.clock())
        assert await repository.replace(here, AppointmentStatus.BOOKED)


async def test_the_control_that_looks_before_it_writes_calls_one_four_times(
    room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(3):
        await room.checked_in(place, "06:40")
    all_have_looked = asyncio.Barrier(4)
    first = (await room.services.health.queue.lines.of(await room.session())).waiting(room.clock())

    async def looking(*_: object) -> Appointment:
        # What a desk does that reads who is next, and notes the call in another step.
        line = await room.services.health.queue.lines.of(await room.session())
        waiting = line.waiting(room.clock())
        await all_have_looked.wait()
        appointments = AppointmentRepository(room.services.store, room.services.sealer)
        called = replace(waiting[0], status=AppointmentStatus.ARRIVED)
        await appointments.replace(called, AppointmentStatus.CHECKED_IN)
        return called

    monkeypatch.setattr(room.services.health.queue.calling, "call_next", looking)

    assert await raced(room) == [first[0].id] * 4


async def test_a_desk_that_was_slower_looks_again(
    room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await room.checked_in(0, "06:40"), await room.checked_in(1, "06:41")
    move, lost = AppointmentChanges.move, [True]

    async def slower(
        changes: AppointmentChanges, appointment: Appointment, came_from: AppointmentStatus
    ) -> Appointment:
        if lost and lost.pop():  # another desk was faster, between looking and writing
            appointment = replace(appointment, version=appointment.version - 1)
        return await move(changes, appointment, came_from)

    monkeypatch.setattr(AppointmentChanges, "move", slower)

    assert await room.calls_next() == first
    assert await room.status(second) == "CHECKED_IN"
    assert (await room.queue()).booked_in_row == 1
