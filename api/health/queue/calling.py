"""Calling people in, one after the other, and what becomes of each: seen, not there, or missed.

Each step is one transaction that begins from the state it was asked in: the appointment by one
conditional write, the queue by another. Of two desks at once the later one looks again, so that nobody is
called twice and nobody is passed over.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.desk.access import DeskAccess
from api.health.directory.staff import desk_entry
from api.health.queue.errors import NotCalled, NotInQueue, NotMissedYet, QueueEmpty
from api.health.queue.leaving import Leaving
from api.health.queue.line import Line, Lines
from api.health.queue.order import LATE_AFTER, let_others_go
from api.health.queue.pace import CALLS_LOOKED_AT, measured_delay
from api.health.queue.repository import Queue, QueueRepository
from api.health.schedules.errors import SessionNotFound
from api.health.schedules.records import SessionState
from api.health.schedules.session_repository import SessionRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.store import WriteConflict

Step = Callable[[Appointment], Awaitable[None]]


class Calling:
    def __init__(
        self,
        appointments: AppointmentRepository,
        changes: AppointmentChanges,
        sessions: SessionRepository,
        queues: QueueRepository,
        lines: Lines,
        leaving: Leaving,
        access: DeskAccess,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._changes = changes
        self._sessions = sessions
        self._queues = queues
        self._lines = lines
        self._leaving = leaving
        self._access = access
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def call_next(self, caller: Caller, session_id: str, idempotency_key: str) -> Appointment:
        """Call who is next in a session, also when it is closed: who is there is seen.

        Raises NotSignedIn, SessionNotFound, QueueEmpty, IdempotencyProblem.
        """
        seen = await self._access.session(caller, session_id)
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            await self._access.hold_clerk(person_id, seen.facility_id)
            session = await self._sessions.get(session_id)
            if session is None:
                raise SessionNotFound
            called = await self._call(await self._lines.of(session))
            await self._note(person_id, "health.visit.call", called)
            return {"appointment": called.id}

        asked = {"session": session_id}
        result = await self._idempotency.once(person_id, "callNext", idempotency_key, asked, work)
        return await self._found(result["appointment"])

    async def recall(
        self, caller: Caller, appointment_id: str, idempotency_key: str
    ) -> Appointment:
        """Call once more who was called and has not come in.

        Raises NotSignedIn, AppointmentNotFound, NotCalled, IdempotencyProblem.
        """

        async def step(appointment: Appointment) -> None:
            if appointment.status is not AppointmentStatus.ARRIVED:
                raise NotCalled
            await self._changes.move(
                replace(appointment, called_at=self._clock()), appointment.status
            )

        return await self._stepped(caller, "recall", appointment_id, idempotency_key, step)

    async def complete(
        self, caller: Caller, appointment_id: str, idempotency_key: str
    ) -> Appointment:
        """Note that who was called has been seen. Raises what `recall` raises."""

        async def step(appointment: Appointment) -> None:
            if appointment.status is not AppointmentStatus.ARRIVED:
                raise NotCalled
            await self._leaving.seen(appointment)

        return await self._stepped(caller, "complete", appointment_id, idempotency_key, step)

    async def skip(self, caller: Caller, appointment_id: str, idempotency_key: str) -> Appointment:
        """Let others go before somebody who is checked in and not there: one place later, or more.

        Raises NotSignedIn, AppointmentNotFound, NotInQueue, IdempotencyProblem.
        """

        async def step(appointment: Appointment) -> None:
            if appointment.status not in (AppointmentStatus.CHECKED_IN, AppointmentStatus.ARRIVED):
                raise NotInQueue
            line = await self._line_of(appointment)
            now = self._clock()
            others = [line.entry(one, now) for one in line.waiting(now)]
            behind = let_others_go(line.entry(appointment, now), others, line.step, now)
            waits = replace(appointment, status=AppointmentStatus.CHECKED_IN, called_at=None)
            await self._changes.move(waits, appointment.status)
            not_before = {**line.queue.not_before, appointment.id: behind}
            await self._queues.put(replace(line.queue, not_before=not_before))

        return await self._stepped(caller, "skip", appointment_id, idempotency_key, step)

    async def mark_no_show(
        self, caller: Caller, appointment_id: str, idempotency_key: str
    ) -> Appointment:
        """Note that somebody did not come: to the facility, or when called.

        Raises NotSignedIn, AppointmentNotFound, NotInQueue, NotMissedYet, IdempotencyProblem.
        """

        async def step(appointment: Appointment) -> None:
            self._check_missed(appointment)
            await self._leaving.missed(appointment)

        return await self._stepped(caller, "no_show", appointment_id, idempotency_key, step)

    async def _call(self, line: Line) -> Appointment:
        now = self._clock()
        waiting = line.waiting(now)
        if not waiting:
            raise QueueEmpty
        first = waiting[0]
        called = replace(first, status=AppointmentStatus.ARRIVED, called_at=now)
        await self._changes.move(called, AppointmentStatus.CHECKED_IN)
        await self._queues.put(_after_call(line.queue, first, now))
        await self._measure(line, first, now)
        return called

    async def _measure(self, line: Line, called: Appointment, now: datetime) -> None:
        """Note how late the session runs, as the call of somebody who came in time shows."""
        session, entry = line.session, line.entry(called, now)
        if entry.place is None or entry.is_late or entry.not_before is not None:
            return
        delay = measured_delay(entry.place, now)
        if session.state is not SessionState.OPEN or delay == session.delay_minutes:
            return
        if await self._sessions.change(session, delay_minutes=delay) is None:
            raise WriteConflict

    async def _stepped(
        self, caller: Caller, name: str, appointment_id: str, key: str, step: Step
    ) -> Appointment:
        """Take a step with an appointment of the desk's own, once for a key."""
        seen = await self._access.appointment(caller, appointment_id)
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            await self._access.hold_clerk(person_id, seen.facility_id)
            appointment = await self._found(appointment_id)
            await step(appointment)
            await self._note(person_id, f"health.visit.{name}", appointment)
            return {"appointment": appointment.id}

        asked = {"appointment": appointment_id}
        await self._idempotency.once(person_id, f"visit.{name}", key, asked, work)
        return await self._found(appointment_id)

    async def _line_of(self, appointment: Appointment) -> Line:
        session = await self._sessions.get(appointment.session_id)
        if session is None:
            raise SessionNotFound
        return await self._lines.of(session)

    async def _found(self, appointment_id: str) -> Appointment:
        appointment = await self._appointments.get(appointment_id)
        if appointment is None:
            raise AppointmentNotFound
        return appointment

    async def _note(self, person_id: str, action: str, appointment: Appointment) -> None:
        await self._audit.append(
            desk_entry(person_id, action, appointment.id, appointment.facility_id, {})
        )

    def _check_missed(self, appointment: Appointment) -> None:
        waits = {
            AppointmentStatus.BOOKED: LATE_AFTER,
            AppointmentStatus.CHECKED_IN: timedelta(0),
            AppointmentStatus.ARRIVED: timedelta(0),
        }
        if appointment.status not in waits:
            raise NotInQueue
        wait = waits[appointment.status]
        if self._clock() < appointment.start + wait:
            raise NotMissedYet(minutes=wait // timedelta(minutes=1))


def _after_call(queue: Queue, called: Appointment, now: datetime) -> Queue:
    is_walk_in = called.slot_id is None
    return replace(
        queue,
        calls=(*queue.calls, now)[-CALLS_LOOKED_AT:],
        booked_in_row=0 if is_walk_in else queue.booked_in_row + 1,
        declared=None,
    )
