"""What a facility's own system does with places and appointments: by the services that people and desks use.

Each step is one transaction with its row in the audit log, and one conditional write on the version
that the system has seen. Another facility's things are answered as if they were not there.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from api.health.appointments.booking import Bookings, Wish
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.errors import AppointmentOver
from api.health.appointments.holding import HELD_FOR, Holds
from api.health.appointments.patients import Patient
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.appointments.rescheduling import Moves
from api.health.directory.records import Payment
from api.health.directory.repository import DirectoryRepository
from api.health.fhir.errors import ResourceNotFound, StatusRefused, VersionChanged
from api.health.fhir.patients_given import GivenPatient
from api.health.fhir.systems.access import SystemCaller
from api.health.queue.checking_in import OPENS_BEFORE
from api.health.queue.leaving import Leaving
from api.health.slots.repository import SlotRepository
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.kit.transactions import transact

_LANGUAGE: Final = "vi"
TRANSITIONS: Final[Mapping[AppointmentStatus, frozenset[AppointmentStatus]]] = {
    AppointmentStatus.PENDING: frozenset({AppointmentStatus.CANCELLED}),
    AppointmentStatus.BOOKED: frozenset(
        {AppointmentStatus.CHECKED_IN, AppointmentStatus.NOSHOW, AppointmentStatus.CANCELLED}
    ),
    AppointmentStatus.CHECKED_IN: frozenset(
        {AppointmentStatus.ARRIVED, AppointmentStatus.NOSHOW, AppointmentStatus.CANCELLED}
    ),
    AppointmentStatus.ARRIVED: frozenset(
        {AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW, AppointmentStatus.CANCELLED}
    ),
}

_AHEAD: Final[Mapping[AppointmentStatus, timedelta]] = {
    AppointmentStatus.CHECKED_IN: OPENS_BEFORE,
    AppointmentStatus.NOSHOW: timedelta(0),
}
"""So long before its start an appointment may first become this."""


@dataclass(frozen=True, slots=True)
class WantedChange:
    """What an update asks for. `version`: that the system has read; `slot_id`: None for no other place."""

    version: str
    status: AppointmentStatus
    slot_id: str | None


@dataclass(frozen=True, slots=True, repr=False)
class HowBooked:
    """`comment`: why the patient comes. `payment`: None when the system does not say."""

    comment: str | None
    payment: Payment | None

    def for_card(self, *, is_insured: bool) -> "HowBooked":
        """Return the same for a patient of whom an insurance card is known."""
        return replace(self, payment=Payment.INSURANCE) if is_insured and not self.payment else self

    def asked(self) -> dict[str, str | None]:
        return {"comment": self.comment, "payment": self.payment and self.payment.value}


class FacilityBookings:
    def __init__(
        self,
        store: Store,
        appointments: AppointmentRepository,
        slots: SlotRepository,
        directory: DirectoryRepository,
        holds: Holds,
        bookings: Bookings,
        moves: Moves,
        changes: AppointmentChanges,
        leaving: Leaving,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._appointments = appointments
        self._slots = slots
        self._directory = directory
        self._holds = holds
        self._bookings = bookings
        self._moves = moves
        self._changes = changes
        self._leaving = leaving
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def own(self, caller: SystemCaller, appointment_id: str) -> Appointment:
        """Return an appointment at the caller's facility. Raises ResourceNotFound."""
        appointment = await self._appointments.get(appointment_id)
        if appointment is None or not is_seen(caller, appointment):
            raise ResourceNotFound
        return appointment

    async def hold(
        self, caller: SystemCaller, slot_id: str, given: GivenPatient, key: str | None
    ) -> Appointment:
        """Hold a place of the facility for a patient, once for a key.

        Raises ResourceNotFound, IdempotencyProblem and what Holds.hold raises.
        """
        await self._holds.release_expired()

        async def work() -> dict[str, Any]:
            held = await self._held(caller, slot_id, given.patient)
            await self._note(caller, "fhir.hold", held)
            return {"appointment": held.id}

        asked = {"slot": slot_id, "patient": given.patient.key}
        return await self._once(caller, "$hold", key, asked, work)

    async def book_held(
        self, caller: SystemCaller, appointment_id: str, how: HowBooked, key: str | None
    ) -> Appointment:
        """Book what the system holds; what it has booked already is answered as it is.

        Raises ResourceNotFound, IdempotencyProblem and what Bookings.book raises.
        """
        await self._holds.release_expired()

        async def work() -> dict[str, Any]:
            held = await self.own(caller, appointment_id)
            if held.booker_id is not None:
                raise ResourceNotFound
            if held.status is not AppointmentStatus.BOOKED:
                await self._booked(caller, held, how)
            return {"appointment": held.id}

        asked = {"appointment": appointment_id, **how.asked()}
        return await self._once(caller, "$book", key, asked, work)

    async def book_place(
        self,
        caller: SystemCaller,
        slot_id: str,
        given: GivenPatient,
        how: HowBooked,
        key: str | None,
    ) -> Appointment:
        """Hold and book a place in one step. Raises what `hold` and `book_held` raise."""
        await self._holds.release_expired()

        async def work() -> dict[str, Any]:
            held = await self._held(caller, slot_id, given.patient)
            await self._booked(caller, held, how.for_card(is_insured=given.is_insured))
            return {"appointment": held.id}

        asked = {"slot": slot_id, "patient": given.patient.key, **how.asked()}
        return await self._once(caller, "$book", key, asked, work)

    async def change(
        self, caller: SystemCaller, appointment_id: str, wanted: WantedChange
    ) -> Appointment:
        """Change the status of an appointment, or give it another place, and return it.

        With another place it is cancelled, and `moved_to` names the new one, as where patients move it.
        Raises ResourceNotFound, VersionChanged, StatusRefused, AppointmentOver and what Moves.move
        raises.
        """

        async def work() -> Appointment:
            appointment = await self.own(caller, appointment_id)
            if str(appointment.version) != wanted.version:
                raise VersionChanged
            if wanted.slot_id is not None:
                await self._move(caller, appointment, wanted.slot_id)
            elif wanted.status is not appointment.status:
                await self._step(appointment, wanted.status)
            else:
                return appointment
            await self._note(caller, f"fhir.{wanted.status.value}", appointment)
            return await self.own(caller, appointment_id)

        return await transact(self._store, work)

    async def _held(self, caller: SystemCaller, slot_id: str, patient: Patient) -> Appointment:
        await self._check_own_place(caller, slot_id)
        return await self._holds.hold(patient, slot_id, _LANGUAGE, self._clock() + HELD_FOR)

    async def _booked(self, caller: SystemCaller, held: Appointment, how: HowBooked) -> None:
        payment = how.payment or await self._offered(held.service_id)
        await self._bookings.book(held, Wish(how.comment, payment, _LANGUAGE))
        await self._note(caller, "fhir.book", held)

    async def _move(self, caller: SystemCaller, appointment: Appointment, slot_id: str) -> None:
        if appointment.status is not AppointmentStatus.BOOKED:
            raise AppointmentOver
        await self._check_own_place(caller, slot_id)
        # The facility moves it, so it is not counted against whoever booked it.
        patient = Patient(None, None, appointment.patient_name, (appointment.patient_key,))
        await self._moves.move(appointment, patient, slot_id)

    async def _step(self, appointment: Appointment, status: AppointmentStatus) -> None:
        now, old = self._clock(), appointment.status
        is_early = status in _AHEAD and now < appointment.start - _AHEAD[status]
        is_of_a_patient = old is AppointmentStatus.PENDING and appointment.booker_id is not None
        if status not in TRANSITIONS.get(old, frozenset()) or is_early or is_of_a_patient:
            raise StatusRefused(old=old.value, new=status.value)
        match status:
            case AppointmentStatus.CANCELLED:
                await self._leaving.sent_home(appointment)
            case AppointmentStatus.NOSHOW:
                await self._leaving.missed(appointment)
            case AppointmentStatus.FULFILLED:
                await self._leaving.seen(appointment)
            case _:
                await self._changes.move(_nearer(appointment, status, now), old)

    async def _check_own_place(self, caller: SystemCaller, slot_id: str) -> None:
        slot = await self._slots.get(slot_id)
        if slot is None or slot.facility_id != caller.facility_id:
            raise ResourceNotFound

    async def _offered(self, service_id: str) -> Payment:
        """Return the line that a patient stands in of whom nothing is said: the one that asks for no card."""
        service = await self._directory.service(service_id)
        offered = service.payments if service else ()
        return offered[0] if offered and Payment.SELF_PAY not in offered else Payment.SELF_PAY

    async def _once(
        self,
        caller: SystemCaller,
        operation: str,
        key: str | None,
        asked: Mapping[str, Any],
        work: Callable[[], Awaitable[dict[str, Any]]],
    ) -> Appointment:
        if key is None:
            done = await transact(self._store, work)
        else:
            done = await self._idempotency.once(caller.system.id, operation, key, asked, work)
        return await self.own(caller, done["appointment"])

    async def _note(self, caller: SystemCaller, action: str, appointment: Appointment) -> None:
        scope = f"facility:{caller.facility_id}"
        await self._audit.append(AuditEntry(caller.system.id, action, appointment.id, scope, {}))


def _nearer(appointment: Appointment, status: AppointmentStatus, now: datetime) -> Appointment:
    """Return the appointment checked in, or called."""
    if status is AppointmentStatus.CHECKED_IN:
        return replace(appointment, status=status, checked_in_at=now)
    return replace(appointment, status=status, called_at=now)


def is_seen(caller: SystemCaller, appointment: Appointment) -> bool:
    """Tell whether a system sees an appointment: of what people hold or wait for no facility hears."""
    is_more_than_held = appointment.booked_at is not None or appointment.booker_id is None
    return appointment.facility_id == caller.facility_id and is_more_than_held
