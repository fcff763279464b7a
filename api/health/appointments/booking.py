"""Booking a place that is held: from here on it is the patient's, with a number of the session's queue."""

from dataclasses import dataclass, replace
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.consent import HealthConsent
from api.health.appointments.errors import InvalidReason, PaymentNotOffered
from api.health.appointments.holding import Holds, check_held
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.records import Payment
from api.health.directory.repository import DirectoryRepository
from api.health.schedules.session_repository import SessionRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.plain_text import NotPlain, plain

REASON_CHARACTERS_AT_MOST = 500


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """How a patient comes. `reason`: for the practitioner, None when they would rather say it there."""

    reason: str | None
    payment: Payment
    language: str


class Bookings:
    """Free of who asks for it. Every call joins the open transaction."""

    def __init__(
        self,
        store: Store,
        sessions: SessionRepository,
        directory: DirectoryRepository,
        changes: AppointmentChanges,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._directory = directory
        self._changes = changes
        self._clock = clock

    async def book(self, held: Appointment, wish: Wish) -> Appointment:
        """Make an appointment of a hold.

        Raises HoldOver, AppointmentOver, PaymentNotOffered, InvalidReason, SessionClosed.
        """
        reason = checked_reason(wish.reason)

        async def work() -> Appointment:
            check_held(held, self._clock())
            await self.check_payment(held.service_id, wish.payment.value)
            number = await self._sessions.take_number(held.session_id)
            booked = replace(
                held,
                status=AppointmentStatus.BOOKED,
                held_until=None,
                reason=reason,
                payment=wish.payment.value,
                language=wish.language,
                queue_number=number,
                booked_at=self._clock(),
            )
            return await self._changes.move(booked, AppointmentStatus.PENDING)

        return await transact(self._store, work)

    async def check_payment(self, service_id: str, payment: str | None) -> None:
        """Raise PaymentNotOffered unless a service takes patients of this line."""
        service = await self._directory.service(service_id)
        if service is None or payment not in service.payments:
            raise PaymentNotOffered


class Booking:
    """What people do themselves."""

    def __init__(
        self,
        appointments: AppointmentRepository,
        holds: Holds,
        bookings: Bookings,
        consent: HealthConsent,
        idempotency: Idempotency,
    ) -> None:
        self._appointments = appointments
        self._holds = holds
        self._bookings = bookings
        self._consent = consent
        self._idempotency = idempotency

    async def book(
        self, caller: Caller, appointment_id: str, wish: Wish, idempotency_key: str
    ) -> Appointment:
        """Book what the caller holds.

        Raises NotSignedIn, AppointmentNotFound, HealthConsentMissing, IdempotencyProblem and what
        Bookings.book raises.
        """
        person_id = caller.person()
        await self._holds.release_expired()

        async def work() -> dict[str, Any]:
            held = await self._appointments.own(person_id, appointment_id)
            await self._consent.check(person_id, held.dependant_id)
            await self._bookings.book(held, wish)
            return {"appointment": held.id}

        asked = {
            "appointment": appointment_id,
            "reason": wish.reason,
            "payment": wish.payment.value,
            "language": wish.language,
        }
        await self._idempotency.once(person_id, "bookAppointment", idempotency_key, asked, work)
        return await self._appointments.own(person_id, appointment_id)


def checked_reason(typed: str | None) -> str | None:
    """Return the reason for a visit as it is kept. Raises InvalidReason."""
    if typed is None or not typed.strip():
        return None
    try:
        reason = plain(typed, with_lines=True)
    except NotPlain as error:
        raise InvalidReason(most=REASON_CHARACTERS_AT_MOST) from error
    if len(reason) > REASON_CHARACTERS_AT_MOST:
        raise InvalidReason(most=REASON_CHARACTERS_AT_MOST)
    return reason
