"""Who leaves the queue without having been seen gives the room back that was kept for them.

The appointment and the place change in one transaction: as many have room as are alive.
"""

from dataclasses import replace

from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.desk.walk_in_repository import WalkInRepository
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.store import WriteConflict


class Leaving:
    """Every call joins the open transaction, and raises WriteConflict when somebody was faster."""

    def __init__(
        self,
        appointments: AppointmentRepository,
        slots: SlotRepository,
        walk_ins: WalkInRepository,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._slots = slots
        self._walk_ins = walk_ins
        self._clock = clock

    async def missed(self, appointment: Appointment) -> None:
        """Note that the patient did not come."""
        await self._end(replace(appointment, status=AppointmentStatus.NOSHOW), appointment.status)

    async def sent_home(self, appointment: Appointment) -> None:
        """Note that the patient came and was not called: the facility's doing, which counts against nobody."""
        cancelled = replace(
            appointment,
            status=AppointmentStatus.CANCELLED,
            cancelled_by=CancelledBy.FACILITY,
        )
        await self._end(cancelled, appointment.status)

    async def seen(self, appointment: Appointment) -> None:
        """Note that the patient was seen, whose room is used up."""
        seen = replace(appointment, status=AppointmentStatus.FULFILLED, ended_at=self._clock())
        if await self._appointments.replace(seen, appointment.status) is None:
            raise WriteConflict

    async def _end(self, ended: Appointment, came_from: AppointmentStatus) -> None:
        over = replace(ended, ended_at=self._clock())
        if await self._appointments.replace(over, came_from) is None:
            raise WriteConflict
        slot_id = over.slot_id or await self._walk_ins.slot_of(over.id)
        if slot_id is not None:
            await self._slots.give_back(slot_id)
