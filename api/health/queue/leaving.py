"""How a patient leaves the queue. Who was not seen gives the room back that was kept for them.

The appointment and the place change in one transaction: as many have room as are alive.
"""

from dataclasses import replace

from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.desk.walk_in_repository import WalkInRepository
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock


class Leaving:
    """Every call joins the open transaction, and raises WriteConflict when somebody was faster."""

    def __init__(
        self,
        changes: AppointmentChanges,
        slots: SlotRepository,
        walk_ins: WalkInRepository,
        clock: Clock,
    ) -> None:
        self._changes = changes
        self._slots = slots
        self._walk_ins = walk_ins
        self._clock = clock

    async def missed(self, appointment: Appointment) -> None:
        """Note that the patient did not come."""
        await self._changes.move(
            self._ended(appointment, AppointmentStatus.NOSHOW), appointment.status
        )
        await self._give_back(appointment.slot_id or await self._walk_ins.slot_of(appointment.id))

    async def sent_home(self, appointment: Appointment) -> None:
        """Note that the patient came and was not called: the facility's doing, which counts against nobody."""
        await self._changes.cancel(appointment, CancelledBy.FACILITY)
        if appointment.slot_id is None:
            await self._give_back(await self._walk_ins.slot_of(appointment.id))

    async def seen(self, appointment: Appointment) -> None:
        """Note that the patient was seen, whose room is used up."""
        await self._changes.move(
            self._ended(appointment, AppointmentStatus.FULFILLED), appointment.status
        )

    async def _give_back(self, slot_id: str | None) -> None:
        if slot_id is not None:
            await self._slots.give_back(slot_id)

    def _ended(self, appointment: Appointment, status: AppointmentStatus) -> Appointment:
        return replace(appointment, status=status, ended_at=self._clock())
