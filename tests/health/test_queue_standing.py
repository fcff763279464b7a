"""Where a patient stands: how many are before, when to expect the call, and live on a socket."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from api.context import Services
from api.health.appointments.records import CancelledBy
from api.health.queue.moves import QUEUE_MOVED
from api.kit.events import EVENTS
from api.kit.jobs import JOBS
from tests.accounts.people import SignedInPerson, signed_in
from tests.conftest import MovableClock, document
from tests.health.waiting_room import WaitingRoom, a_waiting_room

DEADLINE_SECONDS = 60


@pytest.fixture
async def room(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> WaitingRoom:
    return await a_waiting_room(client, services, clock)


@pytest.fixture
async def mai(room: WaitingRoom) -> SignedInPerson:
    return await signed_in(room.client, room.services)


async def standing(room: WaitingRoom, person: SignedInPerson, appointment_id: str) -> Any:  # noqa: ANN401
    return await room.ask("MyQueue", {"appointmentId": appointment_id}, person)


async def told(room: WaitingRoom, person: SignedInPerson, appointment_id: str) -> tuple[int, str]:
    """Return how many are before, and the expected time by the clocks of Vietnam."""
    found = await standing(room, person, appointment_id)
    hours, rest = found["expectedAt"][11:16].split(":")
    return found["before"], f"{(int(hours) + 7) % 24:02}:{rest}"


async def test_before_the_morning_it_is_by_the_plan(room: WaitingRoom, mai: SignedInPerson) -> None:
    await room.booked(0)
    await room.booked(1)
    mine = await room.booked(2, mai)

    assert await told(room, mai, mine.id) == (2, "07:30")


async def test_who_does_not_come_in_time_is_before_nobody(
    room: WaitingRoom, mai: SignedInPerson
) -> None:
    await room.booked(0)
    mine = await room.checked_in(1, "06:50", mai)

    assert await told(room, mai, mine) == (1, "07:15")
    room.is_now("07:16")
    assert await told(room, mai, mine) == (0, "07:16")


async def test_the_pace_of_the_calls_is_what_counts(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    room = await a_waiting_room(client, services, clock, capacity=2)
    mai = await signed_in(client, services)
    mine = (await room.booked(3, mai)).id
    for place in (0, 0, 1, 1, 2, 2):
        await room.checked_in(place, "06:50")
    await room.does("CheckInAtDesk", mine)
    assert await told(room, mai, mine) == (6, "07:45")

    for moment in ("07:00", "07:04", "07:08", "07:12"):
        room.is_now(moment)
        await room.calls_next()

    assert await told(room, mai, mine) == (2, "07:24")


async def test_a_declared_delay_is_told_with_its_reason(
    room: WaitingRoom, mai: SignedInPerson
) -> None:
    mine = await room.booked(0, mai)
    asked = {"sessionId": room.session_id, "minutes": 40, "reason": "Bác sĩ đang mổ"}

    await room.call("SetDelay", asked)

    found = await standing(room, mai, mine.id)
    assert (found["delayMinutes"], found["delayReason"]) == (40, "Bác sĩ đang mổ")
    assert await told(room, mai, mine.id) == (0, "07:40")


async def test_who_comes_late_is_told_where_they_would_stand(
    room: WaitingRoom, mai: SignedInPerson
) -> None:
    mine = await room.booked(0, mai)
    await room.checked_in(2, "06:50")
    room.is_now("07:20")

    before, _ = await told(room, mai, mine.id)

    assert before == 1


async def test_who_was_called_waits_no_more(room: WaitingRoom, mai: SignedInPerson) -> None:
    mine = await room.checked_in(0, "06:50", mai)
    await room.calls_next()

    found = await standing(room, mai, mine)

    assert (found["status"], found["before"], found["expectedAt"]) == ("ARRIVED", None, None)
    assert found["calledAt"] == "2026-05-03T23:50:00+00:00"


async def test_nobody_sees_another_s_place(room: WaitingRoom, mai: SignedInPerson) -> None:
    theirs = await room.booked(0)

    for appointment_id in (theirs.id, "no-such-appointment"):
        variables = {"appointmentId": appointment_id}
        assert await room.ask_refused("MyQueue", variables, mai) == "NOT_FOUND"


async def test_those_who_remind_learn_who_waits_in_which_order(room: WaitingRoom) -> None:
    first, second = await room.checked_in(0, "06:40"), await room.checked_in(2, "06:41")
    await room.booked(1)

    found = await room.services.health.queue.standings.of_session(room.session_id)

    assert [(one.appointment_id, one.before) for one in found] == [(first, 0), (second, 2)]
    assert await room.services.health.queue.standings.of_session("none") == []


async def test_a_cancellation_of_the_day_moves_the_queue_and_an_early_one_tells_nobody(
    room: WaitingRoom,
) -> None:
    today, earlier = await room.booked(0), await room.booked(1)
    changes, store = room.services.health.booking.changes, room.services.store

    room.clock.advance(days=-3)
    await changes.cancel(earlier, CancelledBy.PATIENT)
    assert (await store[EVENTS].count({}), await store[JOBS].count({"kind": QUEUE_MOVED})) == (0, 0)

    room.is_now("06:30")
    await changes.cancel(today, CancelledBy.PATIENT)
    jobs = await store[JOBS].find({"kind": QUEUE_MOVED})
    assert [job["payload"] for job in jobs] == [{"session_id": room.session_id}]
    (event,) = await store[EVENTS].find({})
    assert event["payload"] == {"session_id": room.session_id}


@asynccontextmanager
async def listening(
    port: int, person: SignedInPerson | None, appointment_id: str
) -> AsyncGenerator[Any]:
    """Subscribe, and give what hears the next message."""
    url = f"ws://127.0.0.1:{port}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        payload = {"authorization": person.headers["authorization"]} if person else {}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))

        async def hear() -> dict[str, Any]:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return dict(json.loads(await socket.recv()))

        assert (await hear())["type"] == "connection_ack"
        asked = {
            "query": document("health/QueueChanged"),
            "variables": {"appointmentId": appointment_id},
        }
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        yield hear


async def test_the_queue_is_followed_live_and_names_nobody(
    room: WaitingRoom, mai: SignedInPerson, port: int
) -> None:
    other = await room.checked_in(0, "06:31")
    mine = await room.checked_in(1, "06:32", mai)
    heard: list[dict[str, Any]] = []

    async with listening(port, mai, mine) as hear:
        heard.append(await hear())
        for step in (room.calls_next, room.calls_next):
            await step()
            heard.append(await hear())

    told_live = [it["payload"]["data"]["queueChanged"] for it in heard]
    assert [(it["status"], it["before"]) for it in told_live] == [
        ("CHECKED_IN", 1),
        ("CHECKED_IN", 0),
        ("ARRIVED", None),
    ]
    assert {it["appointmentId"] for it in told_live} == {mine}
    assert not any(secret in json.dumps(heard) for secret in (other, "Vàng"))


async def test_a_stranger_follows_nothing(
    room: WaitingRoom, mai: SignedInPerson, port: int
) -> None:
    theirs = await room.booked(0)
    codes: list[str] = []

    for person in (mai, None):
        async with listening(port, person, theirs.id) as hear:
            message = await hear()
        payload: Any = message["payload"]
        first: dict[str, Any] = (payload if message["type"] == "error" else payload["errors"])[0]
        codes.append(str(first["extensions"]["code"]))

    assert codes == ["NOT_FOUND", "NOT_SIGNED_IN"]
