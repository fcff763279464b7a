"""The line of a session as it is at a moment: who waits, who was called, and who is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.queue.order import LATE_AFTER, InQueue, call_order
from api.health.queue.pace import planned_pace
from api.health.queue.repository import Queue, QueueRepository
from api.health.schedules.records import ClinicSession
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository

OPEN = (AppointmentStatus.BOOKED, AppointmentStatus.CHECKED_IN, AppointmentStatus.ARRIVED)
"""Not over yet, and no mere hold."""
_USUAL_STEP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Line:
    """`step`: how long a place takes. `planned_pace`: how long a patient does, as planned."""

    session: ClinicSession
    queue: Queue
    step: timedelta
    planned_pace: timedelta
    appointments: Sequence[Appointment]

    def waiting(self, now: datetime) -> list[Appointment]:
        """Return who is checked in, in the order in which they are called."""
        is_here = AppointmentStatus.CHECKED_IN
        return self._ordered([one for one in self.appointments if one.status is is_here], now)

    def with_expected(self, now: datetime, besides: str = "") -> list[Appointment]:
        """Return also those with a place who may still come in time, where they would stand.

        `besides`: of whom it is also asked, coming late, where they would stand now.
        """
        return self._ordered(
            [
                one
                for one in self.appointments
                if one.status is AppointmentStatus.CHECKED_IN
                or (
                    one.status is AppointmentStatus.BOOKED
                    and (_may_come(one, now) or one.id == besides)
                )
            ],
            now,
        )

    def entry(self, appointment: Appointment, now: datetime) -> InQueue:
        """Return an appointment as the order of calls has it."""
        is_expected = appointment.status is AppointmentStatus.BOOKED
        comes_late = is_expected and not _may_come(appointment, now)
        return InQueue(
            id=appointment.id,
            number=appointment.queue_number or 0,
            place=None if appointment.slot_id is None else appointment.start,
            came_at=now if comes_late else appointment.checked_in_at,
            not_before=self.queue.not_before.get(appointment.id),
        )

    def _ordered(self, appointments: Sequence[Appointment], now: datetime) -> list[Appointment]:
        by_id = {one.id: one for one in appointments}
        order = call_order(
            [self.entry(one, now) for one in appointments],
            now=now,
            step=self.step,
            booked_in_row=self.queue.booked_in_row,
        )
        return [by_id[one.id] for one in order]


class Lines:
    def __init__(
        self,
        appointments: AppointmentRepository,
        slots: SlotRepository,
        queues: QueueRepository,
    ) -> None:
        self._appointments = appointments
        self._slots = slots
        self._queues = queues

    async def of(self, session: ClinicSession) -> Line:
        """Return the line of a session; joins the open transaction."""
        slots = await self._slots.of_session(session.id)
        capacity = sum(slot.capacity for slot in slots)
        return Line(
            session=session,
            queue=await self._queues.of(session),
            step=_step(slots),
            planned_pace=planned_pace(session.start, session.end, capacity),
            appointments=await self._appointments.of_session(session.id, OPEN),
        )


def _may_come(appointment: Appointment, now: datetime) -> bool:
    return now <= appointment.start + LATE_AFTER


def _step(slots: Sequence[Slot]) -> timedelta:
    return slots[0].end - slots[0].start if slots else _USUAL_STEP
