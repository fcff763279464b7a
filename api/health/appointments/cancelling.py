"""Cancelling before the start: by whoever booked it, or by one tap in a reminder ("I can't come")."""

import hmac
from datetime import datetime
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.errors import AppointmentNotFound, AppointmentOver
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.kit.transactions import transact

CANCELLABLE = (AppointmentStatus.BOOKED, AppointmentStatus.CHECKED_IN)
_PURPOSE = "appointment cancelling tickets"
_SIGNATURE_CHARACTERS = 32


class CancellingTickets:
    """A ticket cancels one appointment and tells nothing of it; short enough for an SMS.

    The appointment's id and half of an HMAC-SHA-256 over it and its start. It needs no end of its own:
    what has begun, was moved or was cancelled is not cancelled by it.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def issue(self, appointment: Appointment) -> str:
        """Return the ticket of an appointment, always the same."""
        return f"{appointment.id}.{self._signature(appointment)}"

    def is_good(self, ticket: str, appointment: Appointment) -> bool:
        return ticket.isascii() and hmac.compare_digest(ticket, self.issue(appointment))

    def _signature(self, appointment: Appointment) -> str:
        signed = self._sealer.digest(_PURPOSE, appointment.id, appointment.start.isoformat())
        return signed[:_SIGNATURE_CHARACTERS]


class Cancelling:
    def __init__(
        self,
        store: Store,
        appointments: AppointmentRepository,
        changes: AppointmentChanges,
        tickets: CancellingTickets,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._appointments = appointments
        self._changes = changes
        self._tickets = tickets
        self._idempotency = idempotency
        self._clock = clock

    async def cancel(
        self, caller: Caller, appointment_id: str, idempotency_key: str
    ) -> Appointment:
        """Cancel what the caller booked; the place can be had again at once.

        Raises NotSignedIn, AppointmentNotFound, AppointmentOver, IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            await self._end(await self._appointments.own(person_id, appointment_id))
            return {"appointment": appointment_id}

        asked = {"appointment": appointment_id}
        await self._idempotency.once(person_id, "cancelAppointment", idempotency_key, asked, work)
        return await self._appointments.own(person_id, appointment_id)

    async def cancel_by_ticket(self, ticket: str) -> Appointment:
        """Cancel the appointment of a ticket, whoever has it; again and again answers the same.

        Raises AppointmentNotFound, also for a ticket that is not ours, and AppointmentOver.
        """

        async def work() -> Appointment:
            appointment = await self._appointments.get(ticket.partition(".")[0])
            if appointment is None or not self._tickets.is_good(ticket, appointment):
                raise AppointmentNotFound
            if appointment.cancelled_by is CancelledBy.PATIENT:
                return appointment
            return await self._end(appointment)

        return await transact(self._store, work)

    async def _end(self, appointment: Appointment) -> Appointment:
        if appointment.status not in CANCELLABLE:
            raise AppointmentOver
        check_to_come(appointment, self._clock())
        return await self._changes.cancel(appointment, CancelledBy.PATIENT)


def check_to_come(appointment: Appointment, now: datetime) -> None:
    """Raise AppointmentOver when an appointment has begun."""
    if appointment.start <= now:
        raise AppointmentOver
