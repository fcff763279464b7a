"""Patients without an appointment: in the queue at once, and never more than the session can take."""

import asyncio
from collections import Counter

import httpx
import pytest

from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import HEALTH_APPOINTMENTS, AppointmentRepository
from api.health.desk.errors import SessionFull
from api.health.desk.walk_in_repository import HEALTH_WALK_INS, WalkInRepository
from api.health.desk.walk_ins import NewWalkIn
from api.health.slots.repository import SlotRepository
from api.kit.jobs import JOBS
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.health.waiting_room import WALK_IN, WaitingRoom, a_waiting_room, at

NEW = NewWalkIn("Giàng A Páo", 1961, None)


@pytest.fixture
async def room(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> WaitingRoom:
    return await a_waiting_room(client, services, clock)


async def people(room: WaitingRoom) -> int:
    return await room.services.store[HEALTH_APPOINTMENTS].count({})


async def test_who_walks_in_is_checked_in_with_the_next_number(room: WaitingRoom) -> None:
    await room.booked(0)

    result = await room.call("AddWalkIn", {"sessionId": room.session_id, **WALK_IN})

    patient = result["patient"]
    assert patient == {
        "appointmentId": patient["appointmentId"],
        "sessionId": room.session_id,
        "service": {"id": room.clinic.service.id},
        "number": 2,
        "name": "Giàng A Páo",
        "birthYear": 1961,
        "reason": "ho nhiều",
        "payment": None,
        "status": "CHECKED_IN",
        "isWalkIn": True,
        "start": "2026-05-04T00:00:00+00:00",
        "checkedInAt": "2026-05-03T23:30:00+00:00",
        "calledAt": None,
        "endedAt": None,
    }
    kept = await room.appointment(patient["appointmentId"])
    assert (kept.slot_id, kept.booker_id, kept.dependant_id, kept.patient_key) == (
        None,
        None,
        None,
        "",
    )


async def test_who_it_is_lies_sealed_and_is_audited_without_a_name(room: WaitingRoom) -> None:
    walk_in = await room.walks_in("06:40")

    documents = [
        await room.services.store[spec].get(walk_in)
        for spec in (HEALTH_APPOINTMENTS, HEALTH_WALK_INS)
    ]

    assert not any(secret in repr(documents) for secret in ("Giàng", "1961", "ho nhiều"))
    (entry,) = await room.audited("health.visit.walk_in")
    assert (entry.subject, entry.details) == (walk_in, {})


async def test_a_replay_adds_nobody(room: WaitingRoom) -> None:
    asked = {"sessionId": room.session_id, **WALK_IN, "idempotencyKey": new_key()}

    answers = [await room.call_without_key("AddWalkIn", asked) for _ in range(2)]

    assert answers[0] == answers[1]
    assert await people(room) == 1


async def test_a_walk_in_takes_room_of_the_session_so_that_nobody_books_it(
    room: WaitingRoom,
) -> None:
    room.is_now("07:16")

    for _ in range(4):
        await room.walks_in("07:16")

    assert await room.room() == [0, 0, 0, 0]
    assert await room.refused("AddWalkIn", {"sessionId": room.session_id, **WALK_IN}) == (
        "SESSION_FULL"
    )
    assert await people(room) == 4
    assert (await room.session()).next_number == 5


async def test_who_missed_a_place_leaves_it_to_a_walk_in(room: WaitingRoom) -> None:
    missed = [(await room.booked(place)).id for place in range(4)]
    room.is_now("07:16")
    assert await room.refused("AddWalkIn", {"sessionId": room.session_id, **WALK_IN}) == (
        "SESSION_FULL"
    )
    await room.does("MarkNoShow", missed[0])

    walk_in = await room.walks_in("07:17")
    await room.calls_next()
    await room.does("MarkNoShow", walk_in)

    assert await room.room() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [("05:59", "SESSION_NOT_BEGUN"), ("06:00", None), ("07:59", None), ("08:00", "SESSION_CLOSED")],
)
async def test_from_an_hour_before_the_session_until_its_end(
    room: WaitingRoom, moment: str, refusal: str | None
) -> None:
    room.is_now(moment)

    result = await room.call("AddWalkIn", {"sessionId": room.session_id, **WALK_IN})

    assert result.get("code") == refusal
    assert await people(room) == (0 if refusal else 1)


async def test_a_closed_session_takes_nobody(room: WaitingRoom) -> None:
    await room.call("CloseSession", {"sessionId": room.session_id, "reason": "Hết giờ"})

    refused = await room.refused("AddWalkIn", {"sessionId": room.session_id, **WALK_IN})

    assert refused == "SESSION_CLOSED"
    assert await people(room) == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": "  "}, "INVALID_PATIENT"),
        ({"name": "a" * 121}, "INVALID_PATIENT"),
        ({"name": "a\u202eb"}, "INVALID_PATIENT"),
        ({"birthYear": 1899}, "INVALID_PATIENT"),
        ({"birthYear": 2027}, "INVALID_PATIENT"),
        ({"reason": ""}, "INVALID_TEXT"),
        ({"reason": "a" * 501}, "INVALID_TEXT"),
    ],
)
async def test_what_is_not_understood_is_refused(
    room: WaitingRoom, wrong: dict[str, object], code: str
) -> None:
    refused = await room.refused("AddWalkIn", {"sessionId": room.session_id, **WALK_IN, **wrong})

    assert refused == code
    assert await people(room) == 0


async def test_many_desks_at_once_take_no_more_than_the_session_can(room: WaitingRoom) -> None:
    adding = room.services.health.desk.walk_ins

    answers = await asyncio.gather(
        *(adding.add(room.clerk, room.session_id, NEW, new_key()) for _ in range(7)),
        return_exceptions=True,
    )

    assert Counter(type(it) for it in answers) == Counter({Appointment: 4, SessionFull: 3})
    numbers = [it.queue_number for it in answers if isinstance(it, Appointment)]
    assert sorted(str(it) for it in numbers) == ["1", "2", "3", "4"]
    assert await room.room() == [0, 0, 0, 0]


async def test_the_control_without_a_conditional_write_takes_more(
    room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = SlotRepository(room.services.store)

    async def unguarded(_: SlotRepository, slot_id: str) -> object:
        return await slots.get(slot_id)  # looks, and counts nobody

    monkeypatch.setattr(SlotRepository, "take", unguarded)
    adding = room.services.health.desk.walk_ins

    for _ in range(5):
        await adding.add(room.clerk, room.session_id, NEW, new_key())

    assert await people(room) == 5


async def test_nothing_is_kept_by_halves(
    room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(WalkInRepository, "add", killed)
    with pytest.raises(RuntimeError):
        await room.services.health.desk.walk_ins.add(room.clerk, room.session_id, NEW, new_key())

    assert await people(room) == 0
    assert await room.room() == [1, 1, 1, 1]
    assert (await room.session()).next_number == 1


async def test_years_of_birth_are_sealed_anew_and_go_with_the_appointment(
    room: WaitingRoom,
) -> None:
    walk_in = await room.walks_in("06:40")

    kept = await room.services.store[HEALTH_WALK_INS].get(walk_in)

    assert kept is not None
    appointments = await room.services.store[HEALTH_APPOINTMENTS].get(walk_in)
    assert appointments is not None
    assert kept["kept_until"] == appointments["kept_until"]
    assert await WalkInRepository(room.services.store, room.services.sealer).seal_anew() == 0


async def test_a_walk_in_lets_the_session_end_by_itself(room: WaitingRoom) -> None:
    walk_in = await room.walks_in("06:40")

    jobs = await room.services.store[JOBS].find({"kind": "health.end_session"})

    assert [job["due_at"] for job in jobs] == [at("10:00")]
    appointments = AppointmentRepository(room.services.store, room.services.sealer)
    found = await appointments.of_session(room.session_id, [AppointmentStatus.CHECKED_IN])
    assert [one.id for one in found] == [walk_in]
