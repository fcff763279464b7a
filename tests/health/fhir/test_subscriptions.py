"""What a system is told of its facility's appointments: signed, in order, again and again until taken."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.fhir.exchange import Resource
from api.health.fhir.subscriptions.delivering import (
    FIRST_PAUSE,
    GIVEN_UP_AFTER,
    LEASE,
    LONGEST_PAUSE,
    pause_after,
)
from api.health.fhir.subscriptions.noting import DELIVER
from api.health.fhir.subscriptions.records import Subscription
from api.health.fhir.subscriptions.repository import (
    FHIR_EVENTS,
    FHIR_SUBSCRIPTIONS,
    SubscriptionRepository,
)
from api.health.fhir.subscriptions.service import SUBSCRIPTIONS_AT_MOST
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.transactions import transact
from tests.accounts.exporting import run_jobs
from tests.conftest import MovableClock
from tests.health.appointments import REASON, an_appointment
from tests.health.fhir.hospital import BASE, Hospital, a_hospital, checked, refused
from tests.health.fhir.receiver import Receiver, a_receiver
from tests.health.places import ELSEWHERE, Clinic, a_clinic

SECRET = f"{BASE}/StructureDefinition/subscription-secret"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with a_receiver() as one:
        yield one


def subscription(
    endpoint: str,
    *,
    criteria: str = "Appointment?",
    payload: str | None = None,
    **fields: Any,  # noqa: ANN401
) -> Resource:
    channel = {"type": "rest-hook", "endpoint": endpoint}
    return {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "HIS",
        "criteria": criteria,
        "channel": channel if payload is None else {**channel, "payload": payload},
        **fields,
    }


async def subscribe(hospital: Hospital, endpoint: str, **fields: Any) -> Resource:  # noqa: ANN401
    reply = await hospital.send("POST", "Subscription", subscription(endpoint, **fields))
    assert reply.status_code == 201, reply.text
    made: Resource = reply.json()
    return made


async def put(hospital: Hospital, resource: Resource, **changes: Any) -> httpx.Response:  # noqa: ANN401
    return await hospital.send(
        "PUT",
        f"Subscription/{resource['id']}",
        {**{k: v for k, v in resource.items() if k != "extension"}, **changes},
        headers={"if-match": f'W/"{resource["meta"]["versionId"]}"'},
    )


async def change(services: Services, clinic: Clinic, number: int = 0) -> Appointment:
    """Let somebody book a place."""
    return await services.health.booking.changes.add(an_appointment(clinic.slots[number]))


async def test_a_subscription_is_active_and_shows_its_secret_once(hospital: Hospital) -> None:
    reply = await hospital.send("POST", "Subscription", subscription("https://his.example.vn/in"))

    made = reply.json()
    read = await hospital.follow(reply.headers["location"])
    (extension,) = made.pop("extension")
    assert (reply.status_code, made["status"]) == (201, "active")
    assert extension["url"] == SECRET
    assert len(extension["valueString"]) == 43
    assert read == made


async def test_an_end_that_is_no_moment_and_a_channel_that_is_nothing_are_refused(
    hospital: Hospital, store: Store
) -> None:
    hostile: list[dict[str, Any]] = [{"end": 1_780_000_000}, {"end": None}, {"channel": None}]

    found = [
        refused(
            await hospital.send("POST", "Subscription", {**subscription("https://a.vn/"), **it})
        )
        for it in hostile
    ]

    assert [code for _, _, code in found] == ["INVALID_PARAMETER"] + ["NOT_A_RESOURCE"] * 2
    assert await store[FHIR_SUBSCRIPTIONS].count({}) == 0


async def test_a_change_is_told_by_ids_alone_and_signed(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock, receiver: Receiver
) -> None:
    made = await subscribe(hospital, receiver.url, payload="application/fhir+json")
    appointment = await change(services, clinic)

    await run_jobs(services, clock)

    (received,) = receiver.received
    bundle = checked(json.loads(received.body))
    status = bundle["entry"][0]["resource"]
    assert received.is_signed_with(made["extension"][0]["valueString"])
    assert not received.is_signed_with("another secret")
    assert received.headers["content-type"] == "application/fhir+json"
    assert bundle["type"] == "history"
    assert bundle["entry"][1] == {
        "fullUrl": f"{BASE}/Appointment/{appointment.id}",
        "request": {"method": "POST", "url": "Appointment"},
        "response": {"status": "201", "etag": 'W/"1"'},
    }
    assert [one["name"] for one in status["parameter"]] == [
        "subscription",
        "status",
        "type",
        "events-since-subscription-start",
        "notification-event",
    ]
    assert REASON not in received.body.decode()
    assert appointment.patient_name not in received.body.decode()


async def test_without_a_payload_nothing_is_sent_but_headers(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock, receiver: Receiver
) -> None:
    made = await subscribe(hospital, receiver.url)
    await change(services, clinic)

    await run_jobs(services, clock)

    (received,) = receiver.received
    assert (received.body, received.number) == (b"", 1)
    assert received.headers["x-laocai-subscription"] == made["id"]
    assert received.is_signed_with(made["extension"][0]["valueString"])


async def test_events_come_in_order_each_once(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock, receiver: Receiver
) -> None:
    await subscribe(hospital, receiver.url)
    for number in range(4):
        await change(services, clinic, number)

    await run_jobs(services, clock)
    await run_jobs(services, clock)

    assert receiver.numbers == [1, 2, 3, 4]


async def test_only_what_is_asked_for_is_told(
    hospital: Hospital,
    services: Services,
    store: Store,
    clinic: Clinic,
    clock: MovableClock,
    receiver: Receiver,
) -> None:
    await subscribe(hospital, receiver.url, criteria="Appointment?status=checked-in")
    elsewhere = await a_clinic(store, ELSEWHERE)
    changes = services.health.booking.changes
    booked = await change(services, clinic)
    held = an_appointment(
        clinic.slots[1], status=AppointmentStatus.PENDING, booked_at=None, queue_number=None
    )
    await changes.add(held)
    await changes.add(an_appointment(elsewhere.slots[0], status=AppointmentStatus.CHECKED_IN))
    await changes.move(
        replace(booked, status=AppointmentStatus.CHECKED_IN), AppointmentStatus.BOOKED
    )

    await run_jobs(services, clock)

    events = await store[FHIR_EVENTS].find({})
    assert [(it["appointment_id"], it["version"]) for it in events] == [(booked.id, 2)]
    assert receiver.numbers == [1]


async def test_what_was_not_kept_is_not_told(
    hospital: Hospital, services: Services, store: Store, clinic: Clinic, receiver: Receiver
) -> None:
    await subscribe(hospital, receiver.url)

    async def undone() -> None:
        await change(services, clinic)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await transact(store, undone)

    assert await store[FHIR_EVENTS].count({}) == 0
    assert await store[JOBS].count({"kind": DELIVER}) == 0


async def test_a_failure_holds_back_what_comes_after_it(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock, receiver: Receiver
) -> None:
    await subscribe(hospital, receiver.url)
    receiver.status = 500
    for number in range(2):
        await change(services, clinic, number)
    await run_jobs(services, clock)
    receiver.status = 200

    await run_jobs(services, clock)
    early = receiver.numbers
    clock.advance(seconds=FIRST_PAUSE.total_seconds())
    await run_jobs(services, clock)

    assert early == [1]
    assert receiver.numbers == [1, 1, 2]


@pytest.mark.parametrize("status", [301, 404, 410])
async def test_only_success_is_success(
    hospital: Hospital,
    services: Services,
    store: Store,
    clinic: Clinic,
    clock: MovableClock,
    receiver: Receiver,
    status: int,
) -> None:
    await subscribe(hospital, receiver.url)
    receiver.status = status
    await change(services, clinic)

    await run_jobs(services, clock)

    (kept,) = await store[FHIR_SUBSCRIPTIONS].find({})
    assert (kept["delivered"], kept["failures"], kept["failing_since"]) == (0, 1, clock())


def test_pauses_grow_and_differ() -> None:
    pauses = [pause_after(number) for number in (1, 2, 3, 20, 10_000)]

    longest = [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4, LONGEST_PAUSE, LONGEST_PAUSE]
    assert all(most / 2 <= it <= most for it, most in zip(pauses, longest, strict=True))
    assert len({pause_after(20) for _ in range(9)}) > 1


async def test_after_a_day_it_is_given_up_and_a_put_resumes_it(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock, receiver: Receiver
) -> None:
    made = await subscribe(hospital, receiver.url)
    receiver.status = 503
    await change(services, clinic)
    await run_jobs(services, clock)
    clock.advance(seconds=GIVEN_UP_AFTER.total_seconds())
    await run_jobs(services, clock)
    tried = len(receiver.received)
    await hospital.sign_in()
    given_up = await hospital.get(f"Subscription/{made['id']}")
    await change(services, clinic, 1)
    clock.advance(hours=1)
    await run_jobs(services, clock)
    left_alone = len(receiver.received)
    receiver.status = 200
    await hospital.sign_in()

    resumed = await put(hospital, given_up, status="active")
    await run_jobs(services, clock)

    assert (given_up["status"], given_up["error"]) == (
        "error",
        "Not reached since 2026-05-01T09:30:00Z; event 1 is next.",
    )
    assert tried == left_alone == 2
    assert (resumed.status_code, resumed.json()["status"]) == (200, "active")
    assert "error" not in resumed.json()
    assert receiver.numbers[2:] == [1, 2]


async def test_a_run_that_was_killed_sends_again_under_the_same_number(
    hospital: Hospital,
    services: Services,
    store: Store,
    clinic: Clinic,
    clock: MovableClock,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await subscribe(hospital, receiver.url)
    await change(services, clinic)
    await change(services, clinic, 1)
    delivering = services.health.fhir.delivering
    (first, second) = await store[JOBS].find({"kind": DELIVER})

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(SubscriptionRepository, "took", killed)
        with pytest.raises(asyncio.CancelledError):
            await delivering.deliver(first["payload"])
    await delivering.deliver(second["payload"])  # finds it in the hands of the one that died
    held_back = receiver.numbers
    await delivering.deliver(first["payload"])

    assert held_back == [1]
    assert receiver.numbers == [1, 1, 2]


async def test_what_another_run_holds_is_looked_at_again(
    hospital: Hospital,
    services: Services,
    store: Store,
    clinic: Clinic,
    clock: MovableClock,
    receiver: Receiver,
) -> None:
    made = await subscribe(hospital, receiver.url)
    await change(services, clinic)
    await store[FHIR_SUBSCRIPTIONS].update_one(
        {"_id": made["id"]}, {"$set": {"lease": "gone", "lease_until": clock() + LEASE}}
    )
    await run_jobs(services, clock)
    meanwhile = receiver.numbers
    clock.advance(seconds=LEASE.total_seconds())

    await run_jobs(services, clock)

    assert meanwhile == []
    assert receiver.numbers == [1]


@pytest.mark.parametrize("is_guarded", [True, False])
async def test_two_runs_at_once_keep_the_order(
    hospital: Hospital,
    services: Services,
    store: Store,
    clinic: Clinic,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_guarded: bool,
) -> None:
    if not is_guarded:
        monkeypatch.setattr(SubscriptionRepository, "lease", unguarded)
    await subscribe(hospital, receiver.url)
    for number in range(4):
        await change(services, clinic, number)
    jobs = await store[JOBS].find({"kind": DELIVER})

    await asyncio.gather(*(services.health.fhir.delivering.deliver(it["payload"]) for it in jobs))

    assert (receiver.numbers == [1, 2, 3, 4]) is is_guarded


async def unguarded(
    self: SubscriptionRepository, subscription_id: str, *_: object
) -> Subscription | None:
    """Let every run deliver, as if there were no lease."""
    return await self.get(subscription_id)


async def test_nobody_is_told_who_is_revoked_ended_or_off(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock, receiver: Receiver
) -> None:
    off = await subscribe(hospital, receiver.url)
    await put(hospital, off, status="off")
    await subscribe(hospital, receiver.url, end="2026-05-01T09:30:00Z")
    gone = await subscribe(hospital, receiver.url)
    await hospital.send("DELETE", f"Subscription/{gone['id']}")
    await subscribe(hospital, receiver.url)
    await change(services, clinic)
    await services.health.fhir.registry.revoke(hospital.id)

    await run_jobs(services, clock)

    assert receiver.received == []


async def test_another_systems_subscription_is_not_seen(
    hospital: Hospital,
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    store: Store,
) -> None:
    made = await subscribe(hospital, "https://his.example.vn/in")
    other = await a_hospital(client, services, clock, ELSEWHERE)
    before = await store[FHIR_SUBSCRIPTIONS].find({})

    replies = [
        await other.send("GET", f"Subscription/{made['id']}"),
        await put(other, made, status="off"),
        await other.send("DELETE", f"Subscription/{made['id']}"),
    ]

    listed = await other.get("Subscription")
    assert {refused(it) for it in replies} == {(404, "not-found", "NOT_FOUND")}
    assert "entry" not in listed
    assert await store[FHIR_SUBSCRIPTIONS].find({}) == before


async def test_a_system_has_so_many_at_most(hospital: Hospital, store: Store) -> None:
    replies = await asyncio.gather(
        *(
            hospital.send("POST", "Subscription", subscription("https://his.example.vn/in"))
            for _ in range(SUBSCRIPTIONS_AT_MOST + 3)
        )
    )

    codes = sorted(reply.status_code for reply in replies)
    assert codes == [201] * SUBSCRIPTIONS_AT_MOST + [422] * 3
    assert await store[FHIR_SUBSCRIPTIONS].count({}) == SUBSCRIPTIONS_AT_MOST


async def test_subscriptions_that_cannot_be(hospital: Hospital, store: Store) -> None:
    good = subscription("https://his.example.vn/in")
    channel = good["channel"]
    endpoints = (
        "http://his.example.vn/in",
        "https://10.0.0.1/in",
        "https://169.254.169.254/latest",
        "https://[fc00::1]/in",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://user@his.example.vn/in",
        "https://his/in",
        "ftp://his.example.vn/in",
        "file:///etc/passwd",
        "https://his.example.vn/" + "x" * 3000,
    )
    bodies = [
        *({**good, "channel": {**channel, "endpoint": it}} for it in endpoints),
        {**good, "channel": {"type": "rest-hook"}},
        {**good, "channel": {**channel, "type": "email"}},
        {**good, "channel": {**channel, "payload": "application/fhir+xml"}},
        {**good, "channel": {**channel, "header": ["Authorization: x"]}},
        {**good, "contact": [{"system": "phone", "value": "1"}]},
        {**good, "status": "error"},
        {**good, "reason": "x" * 201},
        {**good, "criteria": "Patient?"},
        {**good, "criteria": "Appointment?" + "x" * 1001},
    ]
    criteria = ["Appointment?colour=red", "Appointment?date=x", "Appointment?status=x"]

    replies = [await hospital.send("POST", "Subscription", body) for body in bodies]
    unknown = [
        await hospital.send("POST", "Subscription", {**good, "criteria": it}) for it in criteria
    ]

    assert [refused(it)[::2] for it in replies] == [(422, "SUBSCRIPTION_REFUSED")] * len(bodies)
    assert [refused(it)[::2] for it in unknown] == [
        (400, "UNKNOWN_PARAMETER"),
        (400, "INVALID_PARAMETER"),
        (400, "INVALID_PARAMETER"),
    ]
    assert await store[FHIR_SUBSCRIPTIONS].count({}) == 0


async def test_criteria_that_are_not_understood_any_more_stop_no_booking(
    hospital: Hospital, services: Services, store: Store, clinic: Clinic
) -> None:
    made = await subscribe(hospital, "https://his.example.vn/in")
    await store[FHIR_SUBSCRIPTIONS].update_one(
        {"_id": made["id"]}, {"$set": {"criteria": "Appointment?colour=red"}}
    )

    appointment = await change(services, clinic)

    assert appointment.status is AppointmentStatus.BOOKED
    assert await store[FHIR_EVENTS].count({}) == 0


async def test_a_secret_lies_sealed(hospital: Hospital, store: Store) -> None:
    made = await subscribe(hospital, "https://his.example.vn/in")

    (kept,) = await store[FHIR_SUBSCRIPTIONS].find({})
    assert made["extension"][0]["valueString"] not in str(kept)
