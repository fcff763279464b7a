from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.appointments.caps import PATIENT_TURNS
from api.health.appointments.repository import HEALTH_APPOINTMENTS
from api.health.directory.records import Payment
from api.health.schedules.session_repository import SessionRepository
from tests.accounts.exporting import run_jobs
from tests.accounts.families import withdraw
from tests.accounts.people import MAI, SignedInPerson, new_key, signed_in
from tests.conftest import NOW, MovableClock
from tests.health.booking import (
    MAI_S_NAME,
    MOTHER,
    REASON,
    a_booker,
    a_relative,
    book,
    booked,
    call,
    change,
    found_slots,
    held,
    hold,
    mine,
    room,
)
from tests.health.places import MONDAY, Clinic, a_clinic

HANOI_FRIEND = "+84987654321"


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_booker(client, services)


async def test_a_place_is_held_for_five_minutes_and_no_search_finds_it(
    client: httpx.AsyncClient, mai: SignedInPerson, clinic: Clinic
) -> None:
    slot = clinic.slots[0]

    appointment = await held(client, mai, slot)

    assert appointment | {"id": None} == {
        "id": None,
        "slotId": slot.id,
        "sessionId": clinic.session.id,
        "patientId": None,
        "patientName": MAI_S_NAME,
        "reason": None,
        "payment": None,
        "language": "en",
        "start": "2026-05-04T00:00:00+00:00",
        "end": "2026-05-04T00:15:00+00:00",
        "status": "PENDING",
        "heldUntil": "2026-05-01T09:35:00+00:00",
        "queueNumber": None,
        "bookedAt": None,
        "cancelledBy": None,
        "movedTo": None,
        "facility": appointment["facility"],
        "service": {"id": clinic.service.id, "name": {"text": "Consultation"}},
        "practitioner": {"id": clinic.practitioner.id, "name": clinic.practitioner.name},
    }
    assert appointment["facility"]["id"] == clinic.service.facility_id
    assert await found_slots(client, clinic) == [it.id for it in clinic.slots[1:]]


async def test_what_is_held_is_booked_with_the_next_number_of_the_session(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    friend = await a_booker(client, services, HANOI_FRIEND)
    await booked(client, friend, clinic.slots[1])
    appointment = await held(client, mai, clinic.slots[0])

    result = await book(client, mai, appointment["id"], language="ko-KR")

    assert result["appointment"] == appointment | {
        "status": "BOOKED",
        "heldUntil": None,
        "reason": REASON,
        "payment": "INSURANCE",
        "language": "ko",
        "queueNumber": 2,
        "bookedAt": NOW.isoformat(),
    }


async def test_a_place_is_booked_for_a_mother(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    mother = await a_relative(client, services, mai)

    appointment = await booked(client, mai, clinic.slots[0], mother)

    assert (appointment["patientId"], appointment["patientName"]) == (mother, MOTHER["name"])


async def test_what_is_asked_twice_is_done_once(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    holding, booking, cancelling = new_key(), new_key(), new_key()

    first = await hold(client, mai, clinic.slots[0], key=holding)
    again = await hold(client, mai, clinic.slots[0], key=holding)
    appointment_id = first["appointment"]["id"]
    made = [await book(client, mai, appointment_id, key=booking) for _ in range(2)]
    ended = [
        await change(client, "CancelAppointment", mai, appointment_id, key=cancelling)
        for _ in range(2)
    ]

    assert first == again
    assert made[0] == made[1]
    assert ended[0] == ended[1]
    assert await room(services, clinic.slots[0]) == 1


async def test_somebody_else_s_place_cannot_be_had(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    friend = await a_booker(client, services, HANOI_FRIEND)
    await held(client, friend, clinic.slots[0])

    result = await hold(client, mai, clinic.slots[0])

    assert (result["code"], result["field"]) == ("SLOT_TAKEN", "slotId")
    assert await mine(client, mai) == []


async def test_a_place_that_has_begun_or_is_none_cannot_be_had(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    begun = await a_clinic(services.store, start=NOW)
    elsewhere = begun.slots[1]

    over = await hold(client, mai, begun.slots[0])
    values = {"slotId": "no such place", "idempotencyKey": new_key()}
    none = await call(client, "HoldSlot", {"input": values}, mai)

    assert (over["code"], none["code"]) == ("NOT_FOUND", "NOT_FOUND")
    assert await room(services, begun.slots[0]) == 1
    assert (await hold(client, mai, elsewhere))["__typename"] == "HoldSlotSuccess"


async def test_who_has_no_name_or_did_not_agree_holds_nothing(
    client: httpx.AsyncClient, services: Services, clinic: Clinic
) -> None:
    person = await a_booker(client, services, name=None, agrees=False)
    mother = await a_relative(client, services, person, agrees=False)

    nameless = await hold(client, person, clinic.slots[0])
    without = await hold(client, person, clinic.slots[0], mother)
    stranger = await hold(client, person, clinic.slots[0], "somebody else's")

    assert (nameless["code"], without["code"], stranger["code"]) == (
        "NAME_MISSING",
        "CONSENT_MISSING",
        "NOT_FOUND",
    )
    assert "HEALTH" in without["message"]
    assert await room(services, clinic.slots[0]) == 1


async def test_a_child_of_seven_must_have_agreed_too(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    child = await a_relative(client, services, mai, relation="CHILD", bornOn="2020-01-01")
    await booked(client, mai, clinic.slots[0], child)
    assert await services.health.booking.consent.is_given(*await _ids(services, child))


async def test_nobody_books_for_a_child_who_came_of_age(
    client: httpx.AsyncClient,
    services: Services,
    mai: SignedInPerson,
    clinic: Clinic,
    clock: MovableClock,
) -> None:
    teen = await a_relative(client, services, mai, relation="CHILD", bornOn="2008-05-02")
    clock.advance(days=1)

    refused = await hold(client, await signed_in(client, services, MAI), clinic.slots[0], teen)

    assert (refused["code"], await room(services, clinic.slots[0])) == ("NOT_FOUND", 1)


async def _ids(services: Services, child: str) -> tuple[str, str]:
    document = await services.store[HEALTH_APPOINTMENTS].find_one({"dependant_id": child})
    assert document is not None
    return document["booker_id"], child


async def test_consent_withdrawn_while_a_place_is_held_gives_the_place_back(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    appointment = await held(client, mai, clinic.slots[0])

    await withdraw(services, mai, ConsentPurpose.HEALTH)
    result = await book(client, mai, appointment["id"])

    assert result["code"] == "NOT_FOUND"
    assert await room(services, clinic.slots[0]) == 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"payment": "SELF_PAY"}, "PAYMENT_NOT_OFFERED", "payment"),
        ({"reason": "x" * 501}, "INVALID_REASON", "reason"),
        ({"reason": "a\u202eb"}, "INVALID_REASON", "reason"),
        ({"reason": "<script>"}, "INVALID_REASON", "reason"),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY", None),
    ],
)
async def test_what_cannot_be_booked_stays_held(
    client: httpx.AsyncClient,
    services: Services,
    mai: SignedInPerson,
    changes: dict[str, Any],
    code: str,
    field: str | None,
) -> None:
    clinic = await a_clinic(services.store, payments=[Payment.INSURANCE])
    appointment = await held(client, mai, clinic.slots[0])

    result = await book(client, mai, appointment["id"], **changes)

    assert (result["code"], result["field"]) == (code, field)
    assert await mine(client, mai) == [appointment]
    session = await SessionRepository(services.store).get(clinic.session.id)
    assert session == clinic.session


async def test_a_session_that_the_desk_closed_takes_no_more(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    appointment = await held(client, mai, clinic.slots[0])
    await SessionRepository(services.store).change(clinic.session, close=True)

    result = await book(client, mai, appointment["id"])

    assert result["code"] == "SESSION_CLOSED"
    assert await mine(client, mai) == [appointment]


@pytest.mark.parametrize("has_worker", [True, False])
async def test_no_hold_outlives_its_time(
    client: httpx.AsyncClient,
    services: Services,
    mai: SignedInPerson,
    clinic: Clinic,
    clock: MovableClock,
    has_worker: bool,
) -> None:
    appointment = await held(client, mai, clinic.slots[0])
    clock.advance(minutes=5)
    if has_worker:
        await run_jobs(services, clock)
        assert await room(services, clinic.slots[0]) == 1

    late = await book(client, mai, appointment["id"])

    assert late["code"] == "HOLD_OVER"
    assert await room(services, clinic.slots[0]) == 1
    ended = {"status": "CANCELLED", "cancelledBy": "HOLD_EXPIRED", "heldUntil": None}
    assert await mine(client, mai) == [appointment | ended]


async def test_a_search_finds_again_what_is_held_no_more(
    client: httpx.AsyncClient, mai: SignedInPerson, clinic: Clinic, clock: MovableClock
) -> None:
    await held(client, mai, clinic.slots[0])
    clock.advance(minutes=5)

    assert await found_slots(client, clinic) == [it.id for it in clinic.slots]


async def test_the_end_of_a_hold_does_not_touch_what_was_booked(
    client: httpx.AsyncClient,
    services: Services,
    mai: SignedInPerson,
    clinic: Clinic,
    clock: MovableClock,
) -> None:
    appointment = await booked(client, mai, clinic.slots[0])
    clock.advance(minutes=6)

    await run_jobs(services, clock)

    assert await mine(client, mai) == [appointment]
    assert await room(services, clinic.slots[0]) == 0


async def test_who_lets_go_gives_the_place_back(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    appointment = await held(client, mai, clinic.slots[0])

    result = await change(client, "ReleaseHold", mai, appointment["id"])
    again = await change(client, "ReleaseHold", mai, appointment["id"])

    assert (result["appointment"]["status"], result["appointment"]["cancelledBy"]) == (
        "CANCELLED",
        "PATIENT",
    )
    assert again["code"] == "APPOINTMENT_OVER"
    assert await room(services, clinic.slots[0]) == 1


async def test_what_is_booked_is_not_let_go_as_a_hold(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    appointment = await booked(client, mai, clinic.slots[0])

    released = await change(client, "ReleaseHold", mai, appointment["id"])
    booked_again = await book(client, mai, appointment["id"])

    assert (released["code"], booked_again["code"]) == ("APPOINTMENT_OVER", "APPOINTMENT_OVER")
    assert await mine(client, mai) == [appointment]


async def test_own_appointments_come_in_pages_the_latest_start_first(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    tomorrow = await a_clinic(services.store, start=MONDAY + timedelta(days=1))
    early = await booked(client, mai, clinic.slots[0])
    late = await held(client, mai, tomorrow.slots[0])

    page = await call(client, "MyAppointments", {"first": 1}, mai)
    after = page["pageInfo"]["endCursor"]

    assert [edge["node"] for edge in page["edges"]] == [late]
    assert await mine(client, mai, first=1, after=after) == [early]
    assert await mine(client, mai, status="BOOKED") == [early]


async def test_nobody_but_the_booker_reaches_an_appointment(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    appointment = await booked(client, mai, clinic.slots[0])
    friend = await a_booker(client, services, HANOI_FRIEND)
    asked = {"id": appointment["id"]}

    assert await call(client, "Appointment", asked, mai) == appointment
    assert await call(client, "Appointment", asked, friend) is None
    for operation in ("CancelAppointment", "ReleaseHold"):
        result = await change(client, operation, friend, appointment["id"])
        assert result["code"] == "NOT_FOUND"
    assert await mine(client, mai) == [appointment]
    assert await services.store[PATIENT_TURNS].count({}) == 1
