"""Reminds whoever booked. Each reminder is a job asked for in the transaction that books.

When its turn comes it looks again, in the transaction that queues what is said: an appointment that
was cancelled or moved meanwhile is not the one that the job names, and nothing is said of it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.queue.moves import QUEUE_MOVED
from api.health.queue.standing import Standings
from api.health.reaching.message import Message
from api.health.reaching.reaching import Reaching
from api.health.reaching.wording import Wording
from api.health.reminders.preferences import ReminderKind, ReminderWishes
from api.health.reminders.texts import reminder, reminder_id, turn_near
from api.health.reminders.way_out import CannotComeLinks
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from notifications.service import Notifications

REMIND = "health.remind"
AHEAD: Mapping[ReminderKind, timedelta] = {
    ReminderKind.DAY_BEFORE: timedelta(hours=24),
    ReminderKind.TWO_HOURS_BEFORE: timedelta(hours=2),
}
NEAR = 3
"""How many before somebody make the turn near."""


class Reminders:
    def __init__(
        self,
        appointments: AppointmentRepository,
        wishes: ReminderWishes,
        wording: Wording,
        reaching: Reaching,
        links: CannotComeLinks,
        standings: Standings,
        notifications: Notifications,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._wishes = wishes
        self._wording = wording
        self._reaching = reaching
        self._links = links
        self._notifications = notifications
        self._jobs = jobs
        self._clock = clock
        self._standings = standings

    def handlers(self) -> dict[str, Handler]:
        return {REMIND: self._remind, QUEUE_MOVED: self._queue_moved}

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        """Ask for the reminders of what is booked; withdraw them of what is no more (HearsOfChanges)."""
        if appointment.status is AppointmentStatus.BOOKED and was is not appointment.status:
            await self._booked(appointment)
        elif was is AppointmentStatus.BOOKED and appointment.status is AppointmentStatus.CANCELLED:
            await self._withdraw(appointment)

    async def _booked(self, appointment: Appointment) -> None:
        """Ask for what is still to come: who books an hour ahead need not be reminded of a day."""
        for kind, ahead in AHEAD.items():
            due_at = appointment.start - ahead
            if due_at > self._clock():
                await self._ask(appointment, kind, due_at)

    async def _withdraw(self, appointment: Appointment) -> None:
        """Let nothing arrive that waits for a phone's quiet hours to end."""
        ids = [reminder_id(appointment.id, kind, appointment.start) for kind in ReminderKind]
        await self._notifications.withdraw(ids)

    async def _ask(self, appointment: Appointment, kind: ReminderKind, due_at: datetime) -> None:
        payload = {
            "appointment": appointment.id,
            "kind": kind.value,
            "start": appointment.start,
        }
        job_id = derived_id(REMIND, reminder_id(appointment.id, kind, appointment.start))
        await self._jobs.enqueue(REMIND, payload, id=job_id, run_at=due_at)

    async def _remind(self, payload: Mapping[str, Any]) -> None:
        kind = ReminderKind(payload["kind"])
        await self._reaching.say(
            lambda: self._reminder(payload["appointment"], kind, payload["start"])
        )

    async def _reminder(
        self, appointment_id: str, kind: ReminderKind, start: datetime
    ) -> Message | None:
        """Return what to say; None when it is another time now, over, or not wanted."""
        one = await self._appointments.get(appointment_id)
        is_so = one is not None and one.status is AppointmentStatus.BOOKED and one.start == start
        if not is_so or one is None or one.booker_id is None:
            return None
        if kind in await self._wishes.off(one.booker_id) or self._is_outdated(kind, start):
            return None
        words = await self._wording.of(one)
        return reminder(words, kind, one.booker_id, self._links.link(one))

    def _is_outdated(self, kind: ReminderKind, start: datetime) -> bool:
        """Tell whether a worker that was down says the first reminder when the second is due."""
        ahead = start - self._clock()
        return kind is ReminderKind.DAY_BEFORE and ahead <= AHEAD[ReminderKind.TWO_HOURS_BEFORE]

    async def _queue_moved(self, payload: Mapping[str, Any]) -> None:
        for one in await self._standings.of_session(payload["session_id"]):
            if one.before is not None and 1 <= one.before <= NEAR:
                await self._say_near(one.appointment_id, one.before)

    async def _say_near(self, appointment_id: str, before: int) -> None:
        await self._reaching.say(lambda: self._near(appointment_id, before))

    async def _near(self, appointment_id: str, before: int) -> Message | None:
        one = await self._appointments.get(appointment_id)
        if one is None or one.status is not AppointmentStatus.CHECKED_IN or one.booker_id is None:
            return None
        if ReminderKind.TURN_NEAR in await self._wishes.off(one.booker_id):
            return None
        return turn_near(await self._wording.of(one), before, one.booker_id, self._clock())
