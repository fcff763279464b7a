"""A session ends by itself, two hours after it was to: what nobody decided is decided then.

Who booked and never came has missed it. Who was called counts as seen. Who came and was never called
has missed nothing: where the desk called others, the facility sent them home; where it calls nobody
by the product at all, they count as seen.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.queue.leaving import Leaving
from api.health.queue.line import OPEN
from api.health.queue.moves import QueueMoves
from api.health.queue.repository import Queue, QueueRepository
from api.health.schedules.records import ClinicSession, SessionState
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store, WriteConflict
from api.kit.transactions import transact

END_SESSION = "health.end_session"
ENDS_AFTER = timedelta(hours=2)
_DECIDED_AT_ONCE = 50


async def plan_end(jobs: Jobs, session: ClinicSession) -> None:
    """Let the session end by itself; joins the open transaction, and asked again changes nothing."""
    await jobs.enqueue(
        END_SESSION,
        {"session_id": session.id},
        id=derived_id(END_SESSION, session.id, session.end.isoformat()),
        run_at=session.end + ENDS_AFTER,
    )


class SessionEnding:
    def __init__(
        self,
        store: Store,
        appointments: AppointmentRepository,
        sessions: SessionRepository,
        slots: SlotRepository,
        queues: QueueRepository,
        leaving: Leaving,
        moves: QueueMoves,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._appointments = appointments
        self._sessions = sessions
        self._slots = slots
        self._queues = queues
        self._leaving = leaving
        self._moves = moves
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {END_SESSION: self._end}

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        """See to it that the session of whoever books ends (HearsOfChanges)."""
        if appointment.status is not AppointmentStatus.BOOKED or was is AppointmentStatus.BOOKED:
            return
        session = await self._sessions.get(appointment.session_id)
        if session is not None:
            await plan_end(self._jobs, session)

    async def close(self, session: ClinicSession) -> None:
        """Take no more patients; joins the open transaction. Raises WriteConflict."""
        if await self._sessions.change(session, close=True) is None:
            raise WriteConflict
        await self._slots.close_session(session.id)

    async def _end(self, payload: Mapping[str, Any]) -> None:
        session_id = payload["session_id"]
        while await transact(self._store, lambda: self._decide_some(session_id)):
            pass

    async def _decide_some(self, session_id: str) -> bool:
        """Close the session, and decide some of what is open; False when nothing was left."""
        session = await self._sessions.get(session_id)
        if session is None:
            return False
        if self._clock() < session.end + ENDS_AFTER:  # it was made longer since
            await plan_end(self._jobs, session)
            return False
        if session.state is SessionState.OPEN:
            await self.close(session)
        queue = await self._queues.of(session)
        undecided = await self._appointments.of_session(session_id, OPEN)
        for appointment in undecided[:_DECIDED_AT_ONCE]:
            await self._decide(appointment, queue)
        if len(undecided) > _DECIDED_AT_ONCE:
            return True
        if queue.settled_at is None:
            await self._queues.put(replace(queue, settled_at=self._clock()))
        await self._moves.changed(session_id)
        return False

    async def _decide(self, appointment: Appointment, queue: Queue) -> None:
        if appointment.status is AppointmentStatus.BOOKED:
            await self._leaving.missed(appointment)
        elif appointment.status is AppointmentStatus.CHECKED_IN and queue.calls:
            await self._leaving.sent_home(appointment)
        else:
            await self._leaving.seen(appointment)
