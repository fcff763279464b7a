"""What of appointments is handed over, and what goes: with an account, a dependant, or a consent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.kit.job_runner import JobRunner
from api.worker import handlers_of
from tests.accounts.families import withdraw
from tests.accounts.people import SignedInPerson, call
from tests.accounts.test_leaving import leave
from tests.conftest import NOW, MovableClock
from tests.health.appointments import an_appointment, put
from tests.health.booking import (
    MAI_S_NAME,
    MOTHER,
    REASON,
    a_booker,
    a_relative,
    booked,
    held,
    room,
)
from tests.health.places import MONDAY, Clinic, a_clinic

Ending = Callable[[httpx.AsyncClient, Services, SignedInPerson, str], Awaitable[None]]


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_booker(client, services)


async def kept(services: Services, appointment_id: str) -> Appointment:
    found = await services.health.booking.appointments.get(appointment_id)
    assert found is not None
    return found


def is_nobodys(one: Appointment) -> bool:
    return (
        one.booker_id,
        one.dependant_id,
        one.patient_key,
        one.patient_name,
        one.reason,
    ) == (None, None, "", "", None)


async def visited(
    services: Services, clinic: Clinic, mai: SignedInPerson, mother: str
) -> Appointment:
    """Return an appointment of the mother's that was."""
    caller = await services.accounts.sessions.caller_of(mai.tokens["accessToken"])
    start = NOW - timedelta(days=3)
    was = an_appointment(
        replace(clinic.slots[3], start=start),
        caller.person(),
        dependant_id=mother,
        status=AppointmentStatus.FULFILLED,
    )
    return await put(services.store, services.sealer, was)


async def remove_dependant(
    client: httpx.AsyncClient, _: Services, mai: SignedInPerson, mother: str
) -> None:
    removed = await call(client, "RemoveDependant", {"id": mother}, mai)
    assert removed["__typename"] == "RemoveDependantSuccess", removed


async def take_back_consent(
    _: httpx.AsyncClient, services: Services, mai: SignedInPerson, mother: str
) -> None:
    await withdraw(services, mai, ConsentPurpose.HEALTH, mother)


@pytest.mark.parametrize("ending", [remove_dependant, take_back_consent])
async def test_a_dependant_s_places_are_given_back_and_visits_forgotten(
    client: httpx.AsyncClient,
    services: Services,
    mai: SignedInPerson,
    clinic: Clinic,
    ending: Ending,
) -> None:
    mother = await a_relative(client, services, mai)
    own = await booked(client, mai, clinic.slots[0])
    hers = await booked(client, mai, clinic.slots[1], mother)
    was = await visited(services, clinic, mai, mother)

    await ending(client, services, mai, mother)

    ended, past = await kept(services, hers["id"]), await kept(services, was.id)
    assert (ended.status, ended.cancelled_by) == (AppointmentStatus.CANCELLED, CancelledBy.PATIENT)
    assert past.status is AppointmentStatus.FULFILLED
    assert is_nobodys(ended)
    assert is_nobodys(past)
    mine = await kept(services, own["id"])
    assert (mine.status, mine.patient_name) == (AppointmentStatus.BOOKED, MAI_S_NAME)
    assert [await room(services, it) for it in clinic.slots] == [0, 1, 1, 0]


async def test_another_consent_is_no_concern_of_appointments(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    own = await booked(client, mai, clinic.slots[0])

    await withdraw(services, mai, ConsentPurpose.IDENTITY_PAPERS)

    assert (await kept(services, own["id"])).status is AppointmentStatus.BOOKED


async def test_whoever_leaves_gives_all_places_back(
    client: httpx.AsyncClient,
    services: Services,
    mai: SignedInPerson,
    clinic: Clinic,
    clock: MovableClock,
) -> None:
    mother = await a_relative(client, services, mai)
    own = await held(client, mai, clinic.slots[0])
    hers = await booked(client, mai, clinic.slots[1], mother)
    was = await visited(services, clinic, mai, mother)

    await leave(client, mai)
    clock.advance(minutes=1)
    await JobRunner(services.store, clock, handlers_of(services)).run_due()

    left = [await kept(services, one) for one in (own["id"], hers["id"], was.id)]
    assert all(map(is_nobodys, left))
    assert [it.status.name for it in left] == ["CANCELLED", "CANCELLED", "FULFILLED"]
    assert [await room(services, it) for it in clinic.slots] == [1, 1, 1, 0]


async def test_all_that_is_kept_is_handed_over(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clinic: Clinic
) -> None:
    mother = await a_relative(client, services, mai)
    hers = await booked(client, mai, clinic.slots[1], mother)
    caller = await services.accounts.sessions.caller_of(mai.tokens["accessToken"])

    told = await services.health.booking.data.held_of(caller.person())

    assert told == [
        {
            "id": hers["id"],
            "facility": clinic.service.facility_id,
            "service": clinic.service.id,
            "practitioner": clinic.practitioner.id,
            "dependant": mother,
            "patient": MOTHER["name"],
            "reason": REASON,
            "payment": "INSURANCE",
            "language": "en",
            "start": (MONDAY + timedelta(minutes=15)).isoformat(),
            "end": (MONDAY + timedelta(minutes=30)).isoformat(),
            "status": "booked",
            "queueNumber": 1,
            "cancelledBy": None,
            "movedTo": None,
            "createdAt": NOW.isoformat(),
            "heldUntil": None,
            "bookedAt": NOW.isoformat(),
            "checkedInAt": None,
            "calledAt": None,
            "endedAt": None,
        }
    ]
