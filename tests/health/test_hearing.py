"""Whoever listens hears of each change and each freed place, inside the transaction that makes it."""

from dataclasses import dataclass, field

import pytest

from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.jobs import Jobs
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.health.killed_bookers import WISH
from tests.health.patients import a_person
from tests.health.places import Clinic, a_clinic


@dataclass(slots=True)
class Ear:
    """Writes down what it hears, as a job of the same transaction would."""

    jobs: Jobs
    heard: list[str] = field(default_factory=list[str])
    fails: bool = False

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        self.heard.append(f"{was and was.name} to {appointment.status.name}")
        await self.jobs.enqueue("test.heard", {"appointment": appointment.id})
        if self.fails:
            raise CannotNote

    async def place_freed(self, slot: Slot) -> None:
        self.heard.append(f"freed, room {slot.room}")


class CannotNote(Exception):
    pass


@pytest.fixture
def ear(services: Services) -> Ear:
    listening = Ear(services.jobs)
    services.health.booking.changes.listen(listening)
    services.health.booking.changes.listen_for_places(listening)
    return listening


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store)


async def test_a_life_of_an_appointment_is_heard_step_by_step(
    services: Services, ear: Ear, clinic: Clinic
) -> None:
    booking = services.health.booking
    who = await a_person(services.store, services.sealer)

    held = await booking.holding.hold(who, clinic.slots[0].id, None, "vi", new_key())
    booked = await booking.booking.book(who, held.id, WISH, new_key())
    moved = await booking.rescheduling.reschedule(who, booked.id, clinic.slots[1].id, new_key())
    await booking.cancelling.cancel(who, moved.id, new_key())

    assert ear.heard == [
        "None to PENDING",
        "PENDING to BOOKED",
        "BOOKED to CANCELLED",
        "freed, room 1",
        "None to BOOKED",
        "BOOKED to CANCELLED",
        "freed, room 1",
    ]


async def test_a_hold_that_ends_frees_its_place_for_the_waitlist(
    services: Services, ear: Ear, clinic: Clinic, clock: MovableClock
) -> None:
    booking = services.health.booking
    who = await a_person(services.store, services.sealer)
    await booking.holding.hold(who, clinic.slots[0].id, None, "vi", new_key())
    clock.advance(minutes=5)

    count = await booking.holds.release_expired()

    assert count == 1
    assert ear.heard == ["None to PENDING", "PENDING to CANCELLED", "freed, room 1"]


async def test_a_closed_place_frees_nothing(services: Services, ear: Ear, clinic: Clinic) -> None:
    booking = services.health.booking
    who = await a_person(services.store, services.sealer)
    held = await booking.holding.hold(who, clinic.slots[0].id, None, "vi", new_key())
    await SlotRepository(services.store).close([clinic.slots[0].id])

    await booking.holding.release(who, held.id, new_key())

    assert ear.heard == ["None to PENDING", "PENDING to CANCELLED"]


async def test_what_a_listener_cannot_note_does_not_happen(
    services: Services, ear: Ear, clinic: Clinic
) -> None:
    booking = services.health.booking
    who = await a_person(services.store, services.sealer)
    ear.fails = True

    with pytest.raises(CannotNote):
        await booking.holding.hold(who, clinic.slots[0].id, None, "vi", new_key())

    assert await SlotRepository(services.store).get(clinic.slots[0].id) == clinic.slots[0]
    assert await services.jobs.count_by_state() == {}
