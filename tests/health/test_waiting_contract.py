"""Waiting, moving and reminders through the contract, and the page behind "I can't come"."""

from typing import Any

import httpx
import pytest

from api.context import Services
from api.health.slots.repository import SlotRepository
from tests.accounts.exporting import exported, run_jobs
from tests.accounts.families import caller_of, grant
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import MovableClock, send_raw
from tests.health.booking import a_booker, book, call, hold
from tests.health.places import FACILITY, Clinic, a_clinic
from tests.health.waiting import monday_at

WAITS, HAS_IT = "waits@example.com", "has.it@example.com"
WISH = {"facilityId": FACILITY, "specialty": "general", "from": "2026-05-04", "to": "2026-05-04"}


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store, places=1)


@pytest.fixture
async def holder(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_booker(client, services, HAS_IT, name="Has It")


@pytest.fixture
async def waits(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_booker(client, services, WAITS, name="Waits")


async def an_appointment(
    client: httpx.AsyncClient, person: SignedInPerson, clinic: Clinic, language: str = "en"
) -> dict[str, Any]:
    held = await hold(client, person, clinic.slots[0])
    booked = await book(client, person, held["appointment"]["id"], language=language)
    appointment: dict[str, Any] = booked["appointment"]
    return appointment


async def does(
    client: httpx.AsyncClient,
    operation: str,
    person: SignedInPerson | None,
    **values: Any,  # noqa: ANN401
) -> dict[str, Any]:
    if operation != "SetHealthReminders":
        values = {"idempotencyKey": new_key(), **values}
    result: dict[str, Any] = await call(client, operation, {"input": values}, person)
    return result


async def entries(client: httpx.AsyncClient, person: SignedInPerson) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await call(client, "MyWaitlist", {}, person))["entries"]
    return found


async def a_desk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    clerk = await signed_in(client, services, "desk@example.com")
    await grant(services, clerk, f"clerk facility:{FACILITY}")
    return clerk


async def test_from_waiting_to_a_place(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clinic: Clinic,
    holder: SignedInPerson,
    waits: SignedInPerson,
) -> None:
    appointment = await an_appointment(client, holder, clinic)
    joined = await does(client, "JoinWaitlist", waits, **WISH)
    await does(client, "CancelAppointment", holder, appointmentId=appointment["id"])
    await run_jobs(services, clock)
    (entry,) = await entries(client, waits)
    offer = entry["offer"]

    taken = await does(
        client, "TakeOffer", waits, appointmentId=offer["id"], payment="INSURANCE", reason="ho"
    )

    assert (joined["entry"]["state"], joined["entry"]["status"]) == ("WAITING", "WAITLIST")
    assert entry["state"] == "OFFERED"
    assert entry["aheadOfYou"] == 0
    assert offer["heldUntil"] == "2026-05-01T09:45:00+00:00"
    assert taken["appointment"] == {
        "id": offer["id"],
        "status": "BOOKED",
        "start": "2026-05-04T00:00:00+00:00",
        "queueNumber": 2,
    }
    (entry,) = await entries(client, waits)
    assert (entry["state"], entry["status"], entry["offer"]) == ("FILLED", None, None)


async def test_an_offer_is_of_the_one_who_waits_alone(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clinic: Clinic,
    holder: SignedInPerson,
    waits: SignedInPerson,
) -> None:
    appointment = await an_appointment(client, holder, clinic)
    await does(client, "JoinWaitlist", waits, **WISH)
    await does(client, "CancelAppointment", holder, appointmentId=appointment["id"])
    await run_jobs(services, clock)
    (entry,) = await entries(client, waits)
    values = {"appointmentId": entry["offer"]["id"]}

    taken = await does(client, "TakeOffer", holder, **values, payment="INSURANCE")
    declined = await does(client, "DeclineOffer", holder, **values)

    assert (taken["code"], declined["code"]) == ("NOT_FOUND", "NOT_FOUND")
    (entry,) = await entries(client, waits)
    assert entry["state"] == "OFFERED"


async def test_declined_and_left(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clinic: Clinic,
    holder: SignedInPerson,
    waits: SignedInPerson,
) -> None:
    appointment = await an_appointment(client, holder, clinic)
    joined = await does(client, "JoinWaitlist", waits, **WISH)
    await does(client, "CancelAppointment", holder, appointmentId=appointment["id"])
    await run_jobs(services, clock)
    (entry,) = await entries(client, waits)

    declined = await does(client, "DeclineOffer", waits, appointmentId=entry["offer"]["id"])
    left = await does(client, "LeaveWaitlist", waits, id=joined["entry"]["id"])

    assert declined["appointment"]["status"] == "CANCELLED"
    assert (left["entry"]["state"], left["entry"]["status"]) == ("LEFT", "CANCELLED")


async def test_a_refused_wish_says_which_part(
    client: httpx.AsyncClient, waits: SignedInPerson
) -> None:
    refused = await does(client, "JoinWaitlist", waits, **{**WISH, "specialty": "astrology"})

    assert refused == {
        "__typename": "HealthError",
        "code": "INVALID_WISH",
        "field": "specialty",
        "message": "Name a service, or a facility and a specialty that it has, and days from today"
        " on, 90 ahead at most.",
    }


async def test_a_cancelled_session_and_what_to_have_instead(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clinic: Clinic,
    holder: SignedInPerson,
) -> None:
    appointment = await an_appointment(client, holder, clinic)
    there = await a_clinic(services.store, "bvdk-khu-vuc-lao-cai", places=2, start=monday_at(14))
    desk = await a_desk(client, services)
    values = {"sessionId": clinic.session.id, "reason": "EQUIPMENT"}
    of_stranger = await does(client, "CancelSession", holder, **values)
    cancelled = await does(client, "CancelSession", desk, **values)
    await run_jobs(services, clock)
    asked = {"appointmentId": appointment["id"]}
    offers = await call(client, "AffectedOffers", asked, holder)
    await SlotRepository(services.store).take(there.slots[0].id)

    gone = await does(client, "TakeReplacement", holder, **asked, slotId=there.slots[0].id)
    taken = await does(client, "TakeReplacement", holder, **asked, slotId=there.slots[1].id)

    assert of_stranger["code"] == "NOT_FOUND"
    assert cancelled["cancelled"] == {"sessionIds": [clinic.session.id], "affected": 1}
    assert [it["id"] for it in offers["slots"]] == [it.id for it in there.slots]
    assert offers["slots"][0]["facility"]["distance"] > 20_000
    assert (gone["__typename"], gone["code"]) == ("ReplacementGoneError", "SLOT_TAKEN")
    assert [it["id"] for it in gone["slots"]] == [there.slots[1].id]
    assert (taken["appointment"]["status"], taken["appointment"]["queueNumber"]) == ("BOOKED", 1)


async def test_offers_for_what_was_not_cancelled_are_refused(
    client: httpx.AsyncClient, clinic: Clinic, holder: SignedInPerson, waits: SignedInPerson
) -> None:
    appointment = await an_appointment(client, holder, clinic)
    variables = {"appointmentId": appointment["id"]}

    replies = [
        await send_raw(client, "health/AffectedOffers", variables, headers=headers)
        for headers in (holder.headers, waits.headers, {})
    ]

    codes = [it.json()["errors"][0]["extensions"]["code"] for it in replies]
    assert codes == ["NOTHING_TO_REPLACE", "NOT_FOUND", "NOT_SIGNED_IN"]


async def test_somebody_s_days_are_cancelled(
    client: httpx.AsyncClient, services: Services, clinic: Clinic, holder: SignedInPerson
) -> None:
    await an_appointment(client, holder, clinic)
    desk = await a_desk(client, services)
    days = {"from": "2026-05-04", "to": "2026-05-06"}

    cancelled = await does(
        client, "CancelSessionsOfPractitioner", desk, practitionerId=clinic.practitioner.id, **days
    )

    assert cancelled["cancelled"] == {"sessionIds": [clinic.session.id], "affected": 1}


async def test_reminders_are_turned_off_and_on(
    client: httpx.AsyncClient, waits: SignedInPerson
) -> None:
    off = await does(client, "SetHealthReminders", waits, off=["DAY_BEFORE", "TURN_NEAR"])
    kept = await call(client, "HealthReminderPreferences", {}, waits)
    await does(client, "SetHealthReminders", waits, off=[])
    on = await call(client, "HealthReminderPreferences", {}, waits)

    assert kept == off["preferences"]
    assert {it["kind"]: it["isOn"] for it in kept["preferences"]} == {
        "DAY_BEFORE": False,
        "TWO_HOURS_BEFORE": True,
        "TURN_NEAR": False,
    }
    assert all(it["isOn"] for it in on["preferences"])


async def test_what_is_kept_is_in_a_person_s_copy_and_goes_with_her(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, waits: SignedInPerson
) -> None:
    joined = await does(client, "JoinWaitlist", waits, **WISH)
    await does(client, "SetHealthReminders", waits, off=["DAY_BEFORE"])
    copy = await exported(client, services, waits, clock)
    person_id = (await caller_of(services, waits)).person()

    for holder in services.health.data:
        await holder.erase(person_id)

    (wish,) = copy["health-waitlist"]
    assert (wish["id"], wish["facility"]) == (joined["entry"]["id"], FACILITY)
    assert copy["health-reminders"] == {"off": ["DAY_BEFORE"]}
    assert await entries(client, waits) == []
    on = await call(client, "HealthReminderPreferences", {}, waits)
    assert all(it["isOn"] for it in on["preferences"])


async def page(
    client: httpx.AsyncClient, method: str, ticket: str
) -> tuple[int, str, httpx.Headers]:
    reply = await client.request(method, f"/health/v1/cannot-come?ticket={ticket}")
    return reply.status_code, reply.text, reply.headers


async def ticket_of(services: Services, appointment_id: str) -> str:
    booking = services.health.booking
    found = await booking.appointments.get(appointment_id)
    assert found is not None
    return booking.tickets.issue(found)


async def test_the_page_asks_before_it_gives_the_place_back(
    client: httpx.AsyncClient, services: Services, clinic: Clinic, holder: SignedInPerson
) -> None:
    appointment = await an_appointment(client, holder, clinic, "vi")
    ticket = await ticket_of(services, appointment["id"])

    status, asked, headers = await page(client, "GET", ticket)
    found = await call(client, "Appointment", {"id": appointment["id"]}, holder)
    done, answer, _ = await page(client, "POST", ticket)
    again, same, _ = await page(client, "POST", ticket)
    _, looked_at, _ = await page(client, "GET", ticket)

    assert (status, done, again) == (200, 200, 200)
    assert '<html lang="vi">' in asked
    assert (
        "Trả lại chỗ khám của bạn tại Bệnh viện đa khoa khu vực Sa Pa: 07:00 4 thg 5, 2026?"
        in asked
    )
    assert '<form method="post">' in asked
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert found["status"] == "BOOKED"
    assert "Đã trả lại chỗ khám của bạn." in answer
    assert answer == same == looked_at
    assert "<form" not in answer
    assert "Has It" not in asked + answer
    now = await call(client, "Appointment", {"id": appointment["id"]}, holder)
    assert (now["status"], now["cancelledBy"]) == ("CANCELLED", "PATIENT")


@pytest.mark.parametrize("ticket", ["", "x", "a" * 26 + "." + "0" * 32, "<script>", "%00", "é"])
async def test_a_ticket_that_is_none_opens_nothing(client: httpx.AsyncClient, ticket: str) -> None:
    for method in ("GET", "POST"):
        status, text, headers = await page(client, method, ticket)

        assert status == 404
        assert "This link is not complete, or its appointment is not there any more." in text
        assert "<form" not in text
        assert headers["cache-control"] == "no-store"


async def test_whoever_taps_a_broken_link_reads_why_in_their_language(
    client: httpx.AsyncClient,
) -> None:
    path = "/health/v1/cannot-come?ticket=x"

    reply = await client.get(path, headers={"accept-language": "ko"})

    assert '<html lang="ko">' in reply.text
    assert "이 링크가 온전하지 않거나" in reply.text


async def test_what_has_begun_is_not_given_back(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clinic: Clinic,
    holder: SignedInPerson,
) -> None:
    appointment = await an_appointment(client, holder, clinic)
    ticket = await ticket_of(services, appointment["id"])
    clock.now = clinic.slots[0].start

    status, text, _ = await page(client, "POST", ticket)

    assert status == 409
    assert "This appointment cannot be changed any more." in text
