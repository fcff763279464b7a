"""Patients who come without an appointment: written down at the desk, and in the queue at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import KEPT_FOR, AppointmentRepository
from api.health.desk.access import DeskAccess
from api.health.desk.errors import (
    BirthYearNotUnderstood,
    PatientNotUnderstood,
    ReasonNotUnderstood,
    SessionFull,
    SessionNotBegun,
    SessionOver,
)
from api.health.desk.walk_in_repository import WalkIn, WalkInRepository
from api.health.directory.staff import desk_entry
from api.health.queue.checking_in import OPENS_BEFORE
from api.health.queue.ending import plan_end
from api.health.schedules.records import ClinicSession
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.errors import SlotNotFound, SlotTaken
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.jobs import Jobs

NAME_CHARACTERS_AT_MOST = 120
REASON_CHARACTERS_AT_MOST = 500
_FIRST_BIRTH_YEAR = 1900
_LANGUAGE = "vi"


@dataclass(frozen=True, slots=True, repr=False)
class NewWalkIn:
    """A patient as the desk typed it."""

    name: str
    birth_year: int
    reason: str | None


class WalkIns:
    def __init__(
        self,
        appointments: AppointmentRepository,
        changes: AppointmentChanges,
        sessions: SessionRepository,
        slots: SlotRepository,
        walk_ins: WalkInRepository,
        access: DeskAccess,
        jobs: Jobs,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._changes = changes
        self._sessions = sessions
        self._slots = slots
        self._walk_ins = walk_ins
        self._access = access
        self._jobs = jobs
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def add(
        self, caller: Caller, session_id: str, new: NewWalkIn, idempotency_key: str
    ) -> Appointment:
        """Put a patient into the queue of a session, with the next number.

        The room of one of its places is taken: of one that is over already, before one to come.
        Raises NotSignedIn, SessionNotFound, SessionClosed, SessionNotBegun, SessionOver,
        SessionFull, PatientNotUnderstood, BirthYearNotUnderstood, ReasonNotUnderstood and
        IdempotencyProblem.
        """
        session = await self._access.session(caller, session_id)
        person_id, patient = caller.person(), self._checked(new)

        async def work() -> dict[str, Any]:
            await self._access.hold_clerk(person_id, session.facility_id)
            self._check_time(session)
            number = await self._sessions.take_number(session_id)
            slot = await self._room(session_id)
            walk_in = self._appointment(session, patient, number, slot)
            await self._changes.add(walk_in)
            await self._walk_ins.add(
                WalkIn(walk_in.id, slot.id, patient.birth_year, walk_in.start + KEPT_FOR)
            )
            await plan_end(self._jobs, session)
            await self._audit.append(
                desk_entry(person_id, "health.visit.walk_in", walk_in.id, session.facility_id, {})
            )
            return {"appointment": walk_in.id}

        asked = {
            "session": session_id,
            "name": patient.name,
            "born": patient.birth_year,
            "reason": patient.reason,
        }
        result = await self._idempotency.once(person_id, "addWalkIn", idempotency_key, asked, work)
        appointment = await self._appointments.get(result["appointment"])
        if appointment is None:
            raise AppointmentNotFound
        return appointment

    async def _room(self, session_id: str) -> Slot:
        """Take the room of the first place that has some. Raises SessionFull."""
        for slot in await self._slots.of_session(session_id):
            if slot.room > 0:
                try:
                    return await self._slots.take(slot.id)
                except (SlotTaken, SlotNotFound):
                    continue
        raise SessionFull

    def _check_time(self, session: ClinicSession) -> None:
        now = self._clock()
        if now >= session.end:
            raise SessionOver
        if now < session.start - OPENS_BEFORE:
            raise SessionNotBegun(minutes=OPENS_BEFORE // timedelta(minutes=1))

    def _appointment(
        self, session: ClinicSession, patient: NewWalkIn, number: int, slot: Slot
    ) -> Appointment:
        now, walk_in_id = self._clock(), new_id()
        start = max(now, session.start)
        return Appointment(
            id=walk_in_id,
            slot_id=None,
            session_id=session.id,
            facility_id=session.facility_id,
            service_id=session.service_id,
            practitioner_id=session.practitioner_id,
            booker_id=None,
            dependant_id=None,
            patient_key="",  # as of those who were forgotten: nothing is counted by it
            patient_name=patient.name,
            reason=patient.reason,
            payment=None,
            language=_LANGUAGE,
            start=start,
            end=_end(start, slot),
            status=AppointmentStatus.CHECKED_IN,
            held_until=None,
            queue_number=number,
            booked_at=now,
            checked_in_at=now,
            called_at=None,
            ended_at=None,
            cancelled_by=None,
            moved_to=None,
            created_at=now,
        )

    def _checked(self, new: NewWalkIn) -> NewWalkIn:
        name = plain_text(new.name, NAME_CHARACTERS_AT_MOST)
        if name is None:
            raise PatientNotUnderstood(most=NAME_CHARACTERS_AT_MOST)
        last = day_in_vietnam(self._clock()).year
        if not _FIRST_BIRTH_YEAR <= new.birth_year <= last:
            raise BirthYearNotUnderstood(first=_FIRST_BIRTH_YEAR, last=last)
        return NewWalkIn(
            name, new.birth_year, checked_reason(new.reason, REASON_CHARACTERS_AT_MOST)
        )


def plain_text(typed: str, most: int) -> str | None:
    """Return a line of text with single spaces, None when it is empty, too long or not plain."""
    text = " ".join(typed.split())
    return text if 0 < len(text) <= most and text.isprintable() else None


def checked_reason(typed: str | None, most: int) -> str | None:
    """Return a reason as it is kept, None for none. Raises ReasonNotUnderstood."""
    if typed is None:
        return None
    reason = plain_text(typed, most)
    if reason is None:
        raise ReasonNotUnderstood(most=most)
    return reason


def _end(start: datetime, slot: Slot) -> datetime:
    return start + (slot.end - slot.start)
