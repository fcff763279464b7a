"""A patient is there: by the code at the entrance, or as the desk sees her."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.desk.access import DeskAccess
from api.health.directory.staff import desk_entry
from api.health.queue.check_in_code import CheckInCodes
from api.health.queue.errors import (
    CheckInCodeWrong,
    CheckInTooEarly,
    CheckInTooLate,
    NotBooked,
)
from api.health.schedules.session_repository import SessionRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency

OPENS_BEFORE = timedelta(minutes=60)
_IN_QUEUE = frozenset({AppointmentStatus.CHECKED_IN, AppointmentStatus.ARRIVED})


class CheckingIn:
    """From OPENS_BEFORE the place's time until the session's end, also when that was closed before."""

    def __init__(
        self,
        appointments: AppointmentRepository,
        changes: AppointmentChanges,
        sessions: SessionRepository,
        codes: CheckInCodes,
        access: DeskAccess,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._changes = changes
        self._sessions = sessions
        self._codes = codes
        self._access = access
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def by_patient(
        self, caller: Caller, appointment_id: str, code: str, idempotency_key: str
    ) -> Appointment:
        """Check the caller's patient in, who is where `code` is shown. Who is in already stays in.

        Raises NotSignedIn, AppointmentNotFound, CheckInCodeWrong, CheckInTooEarly, CheckInTooLate,
        NotBooked, IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            appointment = await self._appointments.own(person_id, appointment_id)
            today = day_in_vietnam(self._clock())
            if not self._codes.holds(code, appointment.facility_id, today):
                raise CheckInCodeWrong
            await self._check_in(appointment)
            return {"appointment": appointment.id}

        asked = {"appointment": appointment_id, "code": code}
        await self._idempotency.once(person_id, "checkIn", idempotency_key, asked, work)
        return await self._appointments.own(person_id, appointment_id)

    async def at_desk(
        self, caller: Caller, appointment_id: str, idempotency_key: str
    ) -> Appointment:
        """Check in whom the desk sees. Who is in already stays in.

        Raises NotSignedIn, AppointmentNotFound, CheckInTooEarly, CheckInTooLate, NotBooked,
        IdempotencyProblem.
        """
        seen = await self._access.appointment(caller, appointment_id)
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            await self._access.hold_clerk(person_id, seen.facility_id)
            appointment = await self._found(appointment_id)
            await self._check_in(appointment)
            await self._audit.append(
                desk_entry(person_id, "health.visit.check_in", appointment.id, seen.facility_id, {})
            )
            return {"appointment": appointment.id}

        asked = {"appointment": appointment_id}
        await self._idempotency.once(person_id, "checkInAtDesk", idempotency_key, asked, work)
        return await self._found(appointment_id)

    async def _check_in(self, appointment: Appointment) -> None:
        if appointment.status in _IN_QUEUE:
            return
        if appointment.status is not AppointmentStatus.BOOKED:
            raise NotBooked
        now = self._clock()
        if now < appointment.start - OPENS_BEFORE:
            raise CheckInTooEarly(minutes=_minutes(OPENS_BEFORE))
        session = await self._sessions.get(appointment.session_id)
        if session is None or now >= session.end:
            raise CheckInTooLate
        is_here = replace(appointment, status=AppointmentStatus.CHECKED_IN, checked_in_at=now)
        await self._changes.move(is_here, AppointmentStatus.BOOKED)

    async def _found(self, appointment_id: str) -> Appointment:
        appointment = await self._appointments.get(appointment_id)
        if appointment is None:
            raise AppointmentNotFound
        return appointment


def _minutes(duration: timedelta) -> int:
    return duration // timedelta(minutes=1)
