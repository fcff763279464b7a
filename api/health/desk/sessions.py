"""The sessions of a day as the desk sees them, the delay that it declares, and their end before time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.records import AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.desk.access import DeskAccess
from api.health.desk.errors import DelayNotUnderstood
from api.health.desk.walk_ins import checked_reason
from api.health.directory.staff import desk_entry
from api.health.queue.ending import SessionEnding, plan_end
from api.health.queue.moves import QueueMoves
from api.health.queue.repository import DeclaredDelay, Queue, QueueRepository
from api.health.schedules.errors import SessionClosed, SessionNotFound
from api.health.schedules.records import ClinicSession, SessionState
from api.health.schedules.session_repository import SessionRepository
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME
from api.kit.idempotency import Idempotency
from api.kit.jobs import Jobs
from api.kit.store import WriteConflict

DELAY_MINUTES_AT_MOST = 480
REASON_CHARACTERS_AT_MOST = 200
_FIRST_DAY, _LAST_DAY = date(1, 1, 2), date(9999, 12, 30)


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A session, what its queue remembers, and how many of its patients are how far."""

    session: ClinicSession
    queue: Queue
    counts: Mapping[AppointmentStatus, int]


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins in Vietnam, and when the next one does.

    A day at an end of the calendar, which has no moment in UTC, is as empty as the one beside it.
    """
    begins = datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY), time(), VIETNAM_TIME)
    return begins, begins + timedelta(days=1)


class DeskSessions:
    def __init__(
        self,
        appointments: AppointmentRepository,
        sessions: SessionRepository,
        queues: QueueRepository,
        ending: SessionEnding,
        access: DeskAccess,
        moves: QueueMoves,
        jobs: Jobs,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._sessions = sessions
        self._queues = queues
        self._ending = ending
        self._access = access
        self._moves = moves
        self._jobs = jobs
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def of_day(self, caller: Caller, facility_id: str, day: date) -> list[DeskSession]:
        """Return the sessions of a day by time; no name is in them.

        Raises NotSignedIn, NotAllowed, FacilityNotFound.
        """
        self._access.clerk(caller, facility_id)
        found = await self._sessions.of_facility(facility_id, *day_bounds(day))
        queues = await self._queues.of_many(found)
        return [
            DeskSession(one, queues[one.id], await self._appointments.count_of_session(one.id))
            for one in found
        ]

    async def set_delay(
        self,
        caller: Caller,
        session_id: str,
        minutes: int,
        reason: str | None,
        idempotency_key: str,
    ) -> DeskSession:
        """Say how much later than planned a session runs, until its next call measures it.

        Raises NotSignedIn, SessionNotFound, SessionClosed, DelayNotUnderstood, ReasonNotUnderstood
        and IdempotencyProblem.
        """
        seen = await self._access.session(caller, session_id)
        if not 0 <= minutes <= DELAY_MINUTES_AT_MOST:
            raise DelayNotUnderstood(most=DELAY_MINUTES_AT_MOST)
        why = checked_reason(reason, REASON_CHARACTERS_AT_MOST)
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            await self._access.hold_clerk(person_id, seen.facility_id)
            session = await self._open(session_id)
            if await self._sessions.change(session, delay_minutes=minutes) is None:
                raise WriteConflict
            queue = await self._queues.of(session)
            declared = DeclaredDelay(minutes, why, self._clock()) if minutes else None
            await self._queues.put(replace(queue, declared=declared))
            await self._moves.moved(session_id)
            await self._note(person_id, "health.session.delay", session, {"minutes": minutes})
            return {"session": session_id}

        asked = {"session": session_id, "minutes": minutes, "reason": why}
        await self._idempotency.once(person_id, "setDelay", idempotency_key, asked, work)
        return await self._seen(session_id)

    async def close(
        self, caller: Caller, session_id: str, reason: str, idempotency_key: str
    ) -> DeskSession:
        """Take no more patients into a session. Who has a place keeps it, and may still check in.

        Raises NotSignedIn, SessionNotFound, SessionClosed, ReasonNotUnderstood, IdempotencyProblem.
        """
        seen = await self._access.session(caller, session_id)
        why = checked_reason(reason, REASON_CHARACTERS_AT_MOST)
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            await self._access.hold_clerk(person_id, seen.facility_id)
            session = await self._open(session_id)
            await self._ending.close(session)
            queue = await self._queues.of(session)
            await self._queues.put(replace(queue, closed_because=why))
            await plan_end(self._jobs, session)
            await self._moves.changed(session_id)
            await self._note(person_id, "health.session.close", session, {})
            return {"session": session_id}

        asked = {"session": session_id, "reason": why}
        await self._idempotency.once(person_id, "closeSession", idempotency_key, asked, work)
        return await self._seen(session_id)

    async def _open(self, session_id: str) -> ClinicSession:
        session = await self._sessions.get(session_id)
        if session is None:
            raise SessionNotFound
        if session.state is not SessionState.OPEN:
            raise SessionClosed
        return session

    async def _seen(self, session_id: str) -> DeskSession:
        session = await self._sessions.get(session_id)
        if session is None:
            raise SessionNotFound
        queue = await self._queues.of(session)
        return DeskSession(session, queue, await self._appointments.count_of_session(session_id))

    async def _note(
        self, person_id: str, action: str, session: ClinicSession, details: Details
    ) -> None:
        await self._audit.append(
            desk_entry(person_id, action, session.id, session.facility_id, details)
        )
