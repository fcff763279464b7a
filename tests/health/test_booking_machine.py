"""Places under random lives; each planted fault must be found by the same lives.

LAOCAI_TEST_EXAMPLES=300 runs as many lives as a release needs; a suite runs fewer.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis.stateful import run_state_machine_as_test

from api.health.appointments import cancelling, rescheduling
from api.health.appointments.cancelling import Cancelling
from api.health.appointments.caps import Caps
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.holding import Holds
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.errors import SlotNotFound
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from tests.health.booking_machine import BookingMachine
from tests.lives import LIVES, LIVES_TO_FIND_A_FAULT, lives

Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.timeout(1_800)
def test_every_life_goes_as_the_model_says() -> None:
    run_state_machine_as_test(BookingMachine, settings=lives(LIVES))


def a_full_place_is_taken(patch: pytest.MonkeyPatch) -> None:
    async def take(self: SlotRepository, slot_id: str) -> Slot:
        kept = self._slots  # pyright: ignore[reportPrivateUsage]
        await kept.update_one({"_id": slot_id}, {"$inc": {"room": -1}})
        slot = await self.get(slot_id)
        if slot is None:
            raise SlotNotFound
        return slot

    patch.setattr(SlotRepository, "take", take)


def no_place_is_given_back(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    patch.setattr(AppointmentChanges, "_give_back", nothing)


def a_place_is_given_back_twice(patch: pytest.MonkeyPatch) -> None:
    give_back = SlotRepository.give_back

    async def twice(self: SlotRepository, slot_id: str) -> Slot | None:
        await give_back(self, slot_id)
        return await give_back(self, slot_id)

    patch.setattr(SlotRepository, "give_back", twice)


def holds_never_end(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> bool:
        return False

    async def none(*_: object) -> int:
        return 0

    patch.setattr(Holds, "_release", nothing)
    patch.setattr(Holds, "release_expired", none)


def the_old_place_is_kept_when_moved(patch: pytest.MonkeyPatch) -> None:
    cancel = AppointmentChanges.cancel

    async def but_moved(
        self: AppointmentChanges,
        appointment: Appointment,
        by: CancelledBy,
        *,
        moved_to: str | None = None,
    ) -> Appointment:
        if by is CancelledBy.MOVED:
            return appointment
        return await cancel(self, appointment, by, moved_to=moved_to)

    patch.setattr(AppointmentChanges, "cancel", but_moved)


def what_is_cancelled_is_cancelled_again(patch: pytest.MonkeyPatch) -> None:
    """Neither the state nor the version is in the condition of the write."""

    async def end(self: Cancelling, appointment: Appointment) -> Appointment:
        changes = self._changes  # pyright: ignore[reportPrivateUsage]
        booked = replace(appointment, status=AppointmentStatus.BOOKED)
        return await changes.cancel(booked, CancelledBy.PATIENT)

    async def replaced(
        self: AppointmentRepository, appointment: Appointment, came_from: AppointmentStatus
    ) -> Appointment | None:
        document = self._document(appointment)  # pyright: ignore[reportPrivateUsage]
        await self._appointments.upsert(document)  # pyright: ignore[reportPrivateUsage]
        return appointment

    patch.setattr(Cancelling, "_end", end)
    patch.setattr(AppointmentRepository, "replace", replaced)


def a_number_is_given_twice(patch: pytest.MonkeyPatch) -> None:
    async def the_first(self: SessionRepository, session_id: str) -> int:
        return 1

    patch.setattr(SessionRepository, "take_number", the_first)


def caps_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    patch.setattr(Caps, "check", nothing)


def what_has_begun_is_cancelled(patch: pytest.MonkeyPatch) -> None:
    def nothing(appointment: Appointment, now: datetime) -> None:
        return None

    patch.setattr(cancelling, "check_to_come", nothing)
    patch.setattr(rescheduling, "check_to_come", nothing)


@pytest.mark.parametrize(
    "plant",
    [
        a_full_place_is_taken,
        no_place_is_given_back,
        a_place_is_given_back_twice,
        holds_never_end,
        the_old_place_is_kept_when_moved,
        what_is_cancelled_is_cancelled_again,
        a_number_is_given_twice,
        caps_are_forgotten,
        what_has_begun_is_cancelled,
    ],
)
def test_a_planted_fault_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(BookingMachine, settings=lives(LIVES_TO_FIND_A_FAULT))
