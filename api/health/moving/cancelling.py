"""A facility cancels a session, or all sessions of somebody who is away.

That the session is cancelled, its places are closed and the job is asked for is one transaction. The
job then ends one appointment after the other, each with what is to be told, in a transaction of its
own: killed, it goes on with those that are still alive. A hold that is confirmed meanwhile is refused,
for a closed session gives no number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from api.accounts.caller import Caller
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.errors import PractitionerNotFound
from api.health.directory.facility import clerk_scope
from api.health.directory.repository import DirectoryRepository
from api.health.directory.staff import FacilityStaff, desk_entry
from api.health.moving.cancelled_session import (
    KEPT_FOR,
    CancellationReason,
    CancelledSession,
    CancelledSessionRepository,
)
from api.health.moving.errors import InvalidAbsence, SessionOver
from api.health.schedules.errors import SessionNotFound
from api.health.schedules.records import ClinicSession, SessionState
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, is_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store, WriteConflict
from api.kit.transactions import transact

CANCEL_APPOINTMENTS = "health.cancel_appointments"
TELL_CANCELLED = "health.tell_cancelled"
DAYS_AT_MOST = 90

AFFECTED: Final = (
    AppointmentStatus.PENDING,
    AppointmentStatus.BOOKED,
    AppointmentStatus.CHECKED_IN,
)
"""Who was called already is with the practitioner."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """`sessions`: ids; `affected`: how many patients had a place in them when it was asked for."""

    sessions: tuple[str, ...]
    affected: int


@dataclass(frozen=True, slots=True)
class SessionStores:
    """What cancelling reads and writes."""

    sessions: SessionRepository
    slots: SlotRepository
    appointments: AppointmentRepository
    directory: DirectoryRepository
    cancelled: CancelledSessionRepository


class SessionCancelling:
    def __init__(
        self,
        store: Store,
        stores: SessionStores,
        changes: AppointmentChanges,
        staff: FacilityStaff,
        jobs: Jobs,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._in = stores
        self._changes = changes
        self._staff = staff
        self._jobs = jobs
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {CANCEL_APPOINTMENTS: self._cancel_appointments}

    async def cancel_session(
        self, caller: Caller, session_id: str, reason: CancellationReason, idempotency_key: str
    ) -> Cancelled:
        """Cancel one session. For clerks of its facility.

        Raises NotSignedIn, SessionNotFound, SessionOver, NotAllowed, IdempotencyProblem.
        """
        person_id = caller.person()
        seen = await self._own(caller, session_id)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, seen.facility_id)
            session = await self._in.sessions.get(session_id)
            if session is None:
                raise SessionNotFound
            if session.end <= self._clock():
                raise SessionOver
            affected = await self._cancel(session, reason)
            await self._note(person_id, session.id, seen.facility_id, reason, affected)
            return {"sessions": [session.id], "affected": affected}

        asked = {"session": session_id, "reason": reason.value}
        return _cancelled(
            await self._idempotency.once(person_id, "cancelSession", idempotency_key, asked, work)
        )

    async def cancel_of_practitioner(
        self,
        caller: Caller,
        practitioner_id: str,
        days: tuple[date, date],
        reason: CancellationReason,
        idempotency_key: str,
    ) -> Cancelled:
        """Cancel what somebody has from the first to the last of `days`. For clerks of the facility.

        Raises NotSignedIn, PractitionerNotFound, InvalidAbsence, NotAllowed, IdempotencyProblem.
        """
        person_id = caller.person()
        facility_id = await self._facility_of(caller, practitioner_id)
        since, until = self._between(*days)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, facility_id)
            found = await self._in.sessions.of_facility(facility_id, since, until)
            now = self._clock()
            theirs = [it for it in found if it.practitioner_id == practitioner_id and it.end > now]
            affected = sum([await self._cancel(session, reason) for session in theirs])
            await self._note(person_id, practitioner_id, facility_id, reason, affected)
            return {"sessions": [it.id for it in theirs], "affected": affected}

        asked = {
            "practitioner": practitioner_id,
            "days": [day.isoformat() for day in days],
            "reason": reason.value,
        }
        return _cancelled(
            await self._idempotency.once(
                person_id, "cancelSessionsOfPractitioner", idempotency_key, asked, work
            )
        )

    async def _cancel(self, session: ClinicSession, reason: CancellationReason) -> int:
        """Cancel a session within the open transaction; return how many had a place in it."""
        if await self._in.cancelled.get(session.id) is not None:
            return 0
        is_open = session.state is SessionState.OPEN
        if is_open and await self._in.sessions.change(session, close=True) is None:
            raise WriteConflict
        await self._in.slots.close_session(session.id)
        cancelled = CancelledSession(session.id, reason, self._clock(), session.end + KEPT_FOR)
        await self._in.cancelled.add(cancelled)
        await self._jobs.enqueue(
            CANCEL_APPOINTMENTS,
            {"session": session.id},
            id=derived_id(CANCEL_APPOINTMENTS, session.id),
        )
        return len(await self._in.appointments.of_session(session.id, AFFECTED))

    async def _cancel_appointments(self, payload: Mapping[str, Any]) -> None:
        for one in await self._in.appointments.of_session(payload["session"], AFFECTED):
            await transact(self._store, partial(self._cancel_appointment, one.id))

    async def _cancel_appointment(self, appointment_id: str) -> None:
        one = await self._in.appointments.get(appointment_id)
        if one is None or one.status not in AFFECTED:
            return  # ended or called meanwhile
        await self._changes.cancel(one, CancelledBy.FACILITY)
        if _had_a_place(one):
            job_id = derived_id(TELL_CANCELLED, one.id)
            await self._jobs.enqueue(TELL_CANCELLED, {"appointment": one.id}, id=job_id)

    async def _own(self, caller: Caller, session_id: str) -> ClinicSession:
        """Return a session of a facility whose clerk this is. Raises SessionNotFound."""
        found = await self._in.sessions.get(session_id) if is_id(session_id) else None
        if found is None or not caller.holds(*clerk_scope(found.facility_id)):
            raise SessionNotFound
        return found

    async def _facility_of(self, caller: Caller, practitioner_id: str) -> str:
        found = None
        if is_id(practitioner_id):
            found = await self._in.directory.practitioner(practitioner_id)
        if found is None or not caller.holds(*clerk_scope(found.facility_id)):
            raise PractitionerNotFound
        return found.facility_id

    def _between(self, first: date, last: date) -> tuple[datetime, datetime]:
        """Return the moments between which days lie. Raises InvalidAbsence."""
        today = day_in_vietnam(self._clock())
        ends_in_time = last <= today + timedelta(days=DAYS_AT_MOST)
        if not today <= first <= last or not ends_in_time:
            raise InvalidAbsence(days=DAYS_AT_MOST)
        midnight = time(0)
        return (
            datetime.combine(first, midnight, VIETNAM_TIME),
            datetime.combine(last + timedelta(days=1), midnight, VIETNAM_TIME),
        )

    async def _note(
        self,
        person_id: str,
        subject: str,
        facility_id: str,
        reason: CancellationReason,
        affected: int,
    ) -> None:
        details: Details = {"reason": reason.value, "affected": affected}
        entry = desk_entry(person_id, "health.session.cancel", subject, facility_id, details)
        await self._audit.append(entry)


def _had_a_place(one: Appointment) -> bool:
    """Tell whether somebody is to be told: of a mere hold the app finds that it ended."""
    return one.status is not AppointmentStatus.PENDING and one.booker_id is not None


def _cancelled(result: Mapping[str, Any]) -> Cancelled:
    sessions: Sequence[str] = result["sessions"]
    return Cancelled(tuple(sessions), result["affected"])
