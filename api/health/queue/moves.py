"""Tells that a queue changed: those who look at it, and whoever reminds those who do not.

Both in the transaction of the change, so that nothing is told that did not happen, nor forgotten.
"""

from datetime import timedelta

from api.health.appointments.records import Appointment, AppointmentStatus
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.jobs import Jobs

CHANGES = "health.queues"
QUEUE_MOVED = "health.queue_moved"
"""The job's payload: `session_id`. Its handler is that of the reminders."""
LOOKED_AT_FOR = timedelta(hours=24)
"""Before its start nobody needs to hear of each booking in a session."""

_IN_QUEUE = frozenset({AppointmentStatus.CHECKED_IN, AppointmentStatus.ARRIVED})


class QueueMoves:
    """Each call joins the open transaction."""

    def __init__(self, events: Events, jobs: Jobs, clock: Clock) -> None:
        self._events = events
        self._jobs = jobs
        self._clock = clock

    async def changed(self, session_id: str) -> None:
        """Tell those who look at the queue."""
        await self._events.publish(CHANGES, {"session_id": session_id})

    async def moved(self, session_id: str) -> None:
        """Tell also that others may be nearer to their turn, or further from it."""
        await self._jobs.enqueue(QUEUE_MOVED, {"session_id": session_id})
        await self.changed(session_id)

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        """Tell what a change of an appointment is for the queue (HearsOfChanges)."""
        if appointment.status is AppointmentStatus.PENDING:
            return
        if appointment.start - self._clock() > LOOKED_AT_FOR:
            return
        if _moves_others(appointment.status, was):
            await self.moved(appointment.session_id)
        else:
            await self.changed(appointment.session_id)


def _moves_others(now: AppointmentStatus, was: AppointmentStatus | None) -> bool:
    """Tell whether others have fewer before them, or more. Who is late and not here is before nobody."""
    if was in _IN_QUEUE:
        return now is not was and now is not AppointmentStatus.FULFILLED
    return was is AppointmentStatus.BOOKED and now is AppointmentStatus.CANCELLED
