"""Another time, or none: what is booked is moved or cancelled, and its place can be had again."""

import httpx
import pytest

from api.context import Services
from api.health.directory.records import Payment
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock
from tests.health.booking import (
    a_booker,
    booked,
    call,
    change,
    found_slots,
    held,
    mine,
    room,
)
from tests.health.places import Clinic, a_clinic

HANOI_FRIEND = "+84987654321"


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_booker(client, services)


async def test_another_time_is_had_before_the_old_one_is_given_back(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    old = await booked(client, mai, clinic.slots[0])
    slot = clinic.slots[2]

    result = await change(client, "RescheduleAppointment", mai, old["id"], newSlotId=slot.id)

    new = result["appointment"]
    assert new == old | {
        "id": new["id"],
        "slotId": slot.id,
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
        "queueNumber": 2,
    }
    ended = {"status": "CANCELLED", "cancelledBy": "MOVED", "movedTo": new["id"]}
    assert await mine(client, mai) == [new, old | ended]
    assert [await room(services, it) for it in clinic.slots] == [1, 1, 0, 1]


async def test_when_the_new_place_is_gone_the_old_one_is_kept(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    friend = await a_booker(client, services, HANOI_FRIEND)
    await held(client, friend, clinic.slots[1])
    old = await booked(client, mai, clinic.slots[0])

    taken = await change(
        client, "RescheduleAppointment", mai, old["id"], newSlotId=clinic.slots[1].id
    )
    same = await change(
        client, "RescheduleAppointment", mai, old["id"], newSlotId=clinic.slots[0].id
    )

    assert (taken["code"], same["code"]) == ("SLOT_TAKEN", "SLOT_TAKEN")
    assert await mine(client, mai) == [old]
    assert [await room(services, it) for it in clinic.slots] == [0, 0, 1, 1]


async def test_an_appointment_stays_in_its_specialty_and_its_line(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    dentist = await a_clinic(services.store, specialty="dentistry")
    private = await a_clinic(services.store, payments=[Payment.SELF_PAY])
    old = await booked(client, mai, clinic.slots[0])

    other = await change(
        client, "RescheduleAppointment", mai, old["id"], newSlotId=dentist.slots[1].id
    )
    line = await change(
        client, "RescheduleAppointment", mai, old["id"], newSlotId=private.slots[1].id
    )

    assert (other["code"], line["code"]) == ("OTHER_SPECIALTY", "PAYMENT_NOT_OFFERED")
    assert await mine(client, mai) == [old]
    assert await room(services, dentist.slots[1]) == await room(services, private.slots[1]) == 1


async def test_what_is_cancelled_can_be_had_by_others_at_once(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    appointment = await booked(client, mai, clinic.slots[0])

    result = await change(client, "CancelAppointment", mai, appointment["id"])

    ended = {"status": "CANCELLED", "cancelledBy": "PATIENT"}
    assert result["appointment"] == appointment | ended
    assert clinic.slots[0].id in await found_slots(client, clinic)


async def test_what_has_begun_is_neither_cancelled_nor_moved(
    client: httpx.AsyncClient,
    services: Services,
    clinic: Clinic,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    appointment = await booked(client, mai, clinic.slots[0])
    ticket = await _ticket(services, appointment["id"])
    clock.now = clinic.slots[0].start
    person = await a_booker(client, services)  # the session of before is over

    cancelled = await change(client, "CancelAppointment", person, appointment["id"])
    moved = await change(
        client, "RescheduleAppointment", person, appointment["id"], newSlotId=clinic.slots[2].id
    )
    tapped = await call(client, "CancelAppointmentByTicket", {"ticket": ticket})

    codes = [cancelled["code"], moved["code"], tapped["code"]]
    assert codes == ["APPOINTMENT_OVER"] * 3
    assert await mine(client, person) == [appointment]
    assert await room(services, clinic.slots[0]) == 0


async def _ticket(services: Services, appointment_id: str) -> str:
    appointment = await services.health.booking.appointments.get(appointment_id)
    assert appointment is not None
    return services.health.booking.tickets.issue(appointment)


async def test_one_tap_cancels_without_signing_in_and_tells_nothing_new(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    appointment = await booked(client, mai, clinic.slots[0])
    ticket = await _ticket(services, appointment["id"])

    tapped = [await call(client, "CancelAppointmentByTicket", {"ticket": ticket}) for _ in "ab"]

    assert tapped[0] == tapped[1]
    assert tapped[0] == {
        "__typename": "CancelAppointmentByTicketSuccess",
        "start": appointment["start"],
        "facility": appointment["facility"],
    }
    assert [it["status"] for it in await mine(client, mai)] == ["CANCELLED"]
    assert await room(services, clinic.slots[0]) == 1


@pytest.mark.parametrize("spoil", ["", "x", "é", "another"])
async def test_a_ticket_is_good_for_its_appointment_alone(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic, spoil: str
) -> None:
    appointment = await booked(client, mai, clinic.slots[0])
    ticket = await _ticket(services, appointment["id"])
    spoilt = {
        "": appointment["id"],
        "x": ticket[:-1] + ("0" if ticket[-1] != "0" else "1"),
        "é": f"{ticket[:-1]}é",
        "another": f"aaaaaaaaaaaaaaaaaaaaaaaaaa.{ticket.partition('.')[2]}",
    }[spoil]

    result = await call(client, "CancelAppointmentByTicket", {"ticket": spoilt})

    assert result["code"] == "NOT_FOUND"
    assert await mine(client, mai) == [appointment]


async def test_what_was_moved_is_not_cancelled_by_the_old_reminder(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    old = await booked(client, mai, clinic.slots[0])
    ticket = await _ticket(services, old["id"])
    await change(client, "RescheduleAppointment", mai, old["id"], newSlotId=clinic.slots[1].id)

    result = await call(client, "CancelAppointmentByTicket", {"ticket": ticket})

    assert result["code"] == "APPOINTMENT_OVER"
    assert await room(services, clinic.slots[1]) == 0
