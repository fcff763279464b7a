from dataclasses import replace
from datetime import timedelta

import pytest

from api.context import Services
from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import AppointmentStatus, CancelledBy
from api.health.appointments.repository import HEALTH_APPOINTMENTS, AppointmentRepository
from api.kit.ids import new_id
from tests.conftest import NOW
from tests.health.appointments import PATIENT, REASON, a_hold, an_appointment, held_until, put
from tests.health.places import FACILITY, MONDAY, Clinic, a_clinic

BOOKED, CHECKED_IN = AppointmentStatus.BOOKED, AppointmentStatus.CHECKED_IN


@pytest.fixture
def appointments(services: Services) -> AppointmentRepository:
    return AppointmentRepository(services.store, services.sealer)


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store)


async def test_an_appointment_is_kept_as_it_is(
    appointments: AppointmentRepository, clinic: Clinic
) -> None:
    cancelled = an_appointment(
        clinic.slots[0],
        status=AppointmentStatus.CANCELLED,
        cancelled_by=CancelledBy.MOVED,
        moved_to=new_id(),
        ended_at=NOW,
    )

    await appointments.add(cancelled)

    assert await appointments.get(cancelled.id) == cancelled
    assert await appointments.get("not an id") is None


async def test_who_it_is_and_why_lies_sealed(
    services: Services, appointments: AppointmentRepository, clinic: Clinic
) -> None:
    appointment = an_appointment(clinic.slots[0])

    await appointments.add(appointment)

    kept = str(await services.store[HEALTH_APPOINTMENTS].get(appointment.id))
    assert PATIENT not in kept
    assert REASON not in kept


async def test_nobody_but_who_booked_it_sees_it(
    appointments: AppointmentRepository, clinic: Clinic
) -> None:
    appointment = an_appointment(clinic.slots[0], "me")
    await appointments.add(appointment)

    assert await appointments.own("me", appointment.id) == appointment
    with pytest.raises(AppointmentNotFound):
        await appointments.own("somebody else", appointment.id)


async def test_a_change_counts_only_from_the_state_and_version_it_was_made_for(
    appointments: AppointmentRepository, clinic: Clinic
) -> None:
    booked = an_appointment(clinic.slots[0])
    await appointments.add(booked)
    here = replace(booked, status=CHECKED_IN, checked_in_at=NOW)

    wrong_state = await appointments.replace(here, AppointmentStatus.PENDING)
    changed = await appointments.replace(here, BOOKED)
    again = await appointments.replace(here, BOOKED)
    old_version = await appointments.replace(replace(here, status=BOOKED), CHECKED_IN)

    assert changed == replace(here, version=2)
    assert (wrong_state, again, old_version) == (None, None, None)
    assert await appointments.get(booked.id) == changed


async def test_holds_are_due_when_their_time_is_over(
    appointments: AppointmentRepository, clinic: Clinic
) -> None:
    later = a_hold(clinic.slots[0], held_until=held_until(NOW) + timedelta(seconds=1))
    first = a_hold(clinic.slots[1])
    for one in (later, first, an_appointment(clinic.slots[2])):
        await appointments.add(one)

    due = await appointments.due_holds(held_until(NOW), limit=5)

    assert due == [first]
    assert await appointments.is_any_hold_due(held_until(NOW))
    assert not await appointments.is_any_hold_due(held_until(NOW) - timedelta(seconds=1))
    assert await appointments.next_hold_end() == held_until(NOW)


async def test_appointments_are_found_by_whose_they_are_and_where(
    services: Services, appointments: AppointmentRepository, clinic: Clinic
) -> None:
    slots = clinic.slots
    held = a_hold(slots[1], "me", patient_key="child")
    booked = an_appointment(slots[0], "me", patient_key="me")
    over = an_appointment(slots[2], "me", patient_key="me", status=AppointmentStatus.CANCELLED)
    others = an_appointment(slots[3], "you", patient_key="child")
    for one in (held, booked, over, others):
        await put(services.store, services.sealer, one)
    until = MONDAY + timedelta(days=1)

    page = await appointments.of_facility(FACILITY, MONDAY, until, limit=2)
    after = (page[-1].start, page[-1].id)

    assert page == [booked, held]
    assert await appointments.of_facility(FACILITY, MONDAY, until, after=after, limit=2) == [
        over,
        others,
    ]
    assert await appointments.of_session(clinic.session.id) == [booked, held, over, others]
    assert await appointments.of_session(clinic.session.id, [BOOKED]) == [booked, others]
    assert await appointments.of_slot(slots[2].id) == []
    assert await appointments.of_booker("me", ()) == [over, held, booked]
    assert await appointments.upcoming_of_booker("me", NOW) == [booked, held]
    assert await appointments.upcoming_of_booker("me", slots[0].start) == [held]
    assert await appointments.upcoming_of_patient("child", now=NOW) == [held, others]


async def test_nobodys_appointment_says_that_somebody_was_there_and_no_more(
    appointments: AppointmentRepository, clinic: Clinic
) -> None:
    missed = an_appointment(
        clinic.slots[0], "me", patient_key="me", status=AppointmentStatus.NOSHOW
    )
    await appointments.add(missed)
    assert await appointments.missed("me", since=NOW, limit=3) == [missed]

    await appointments.make_nobodys(missed)

    assert await appointments.get(missed.id) == replace(
        missed, booker_id=None, patient_key="", patient_name="", reason=None, version=2
    )
    assert await appointments.missed("me", since=NOW, limit=3) == []
