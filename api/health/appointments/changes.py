"""Every change of an appointment goes through here, and whoever must hear of it does.

Listeners are called inside the transaction of the change, and write what they want done (a job, an
event) into it: so nothing is done for a change that was not kept, and nothing that was kept is missed.
"""

from dataclasses import replace
from typing import Protocol

from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import ALIVE, AppointmentRepository
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.store import Store, WriteConflict
from api.kit.transactions import transact


class HearsOfChanges(Protocol):
    """Wants to know of each appointment that is made or changed: reminders, facilities' systems."""

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        """Write what is wanted into the open transaction, which may run again.

        `was`: None of a new appointment.
        """
        ...


class HearsOfFreedPlaces(Protocol):
    """Wants to know of each place that can be had again: the waitlist."""

    async def place_freed(self, slot: Slot) -> None:
        """Write what is wanted into the open transaction, which may run again.

        `slot`: as it is now, open and to come.
        """
        ...


class AppointmentChanges:
    """`listen` and `listen_for_places` are for wiring, before the first change."""

    def __init__(
        self, store: Store, appointments: AppointmentRepository, slots: SlotRepository, clock: Clock
    ) -> None:
        self._store = store
        self._appointments = appointments
        self._slots = slots
        self._clock = clock
        self._hearing: list[HearsOfChanges] = []
        self._hearing_of_places: list[HearsOfFreedPlaces] = []

    def listen(self, listener: HearsOfChanges) -> None:
        self._hearing.append(listener)

    def listen_for_places(self, listener: HearsOfFreedPlaces) -> None:
        self._hearing_of_places.append(listener)

    async def add(self, appointment: Appointment) -> Appointment:
        """Keep a new appointment, whose place was taken in the same transaction."""

        async def work() -> Appointment:
            await self._appointments.add(appointment)
            await self._tell(appointment, None)
            return appointment

        return await transact(self._store, work)

    async def move(self, appointment: Appointment, came_from: AppointmentStatus) -> Appointment:
        """Put `appointment` in place of its version, whose state was `came_from`.

        For changes that give no place back. Raises WriteConflict when somebody was faster: the
        transaction runs again, and finds what there is now.
        """

        async def work() -> Appointment:
            stored = await self._appointments.replace(appointment, came_from)
            if stored is None:
                raise WriteConflict
            await self._tell(stored, came_from)
            return stored

        return await transact(self._store, work)

    async def cancel(
        self, appointment: Appointment, by: CancelledBy, *, moved_to: str | None = None
    ) -> Appointment:
        """End an appointment that is alive and give its place back, in one transaction.

        Raises WriteConflict when somebody was faster, and ValueError for one that is not alive.
        """
        if appointment.status not in ALIVE:
            raise ValueError(appointment.status)
        ended = replace(
            appointment,
            status=AppointmentStatus.CANCELLED,
            held_until=None,
            ended_at=self._clock(),
            cancelled_by=by,
            moved_to=moved_to,
        )

        async def work() -> Appointment:
            stored = await self.move(ended, appointment.status)
            await self._give_back(stored)
            return stored

        return await transact(self._store, work)

    async def _give_back(self, appointment: Appointment) -> None:
        if appointment.slot_id is None:
            return
        slot = await self._slots.give_back(appointment.slot_id)
        if slot is not None and slot.is_open and slot.start > self._clock():
            for listener in self._hearing_of_places:
                await listener.place_freed(slot)

    async def _tell(self, appointment: Appointment, was: AppointmentStatus | None) -> None:
        for listener in self._hearing:
            await listener.appointment_changed(appointment, was)
