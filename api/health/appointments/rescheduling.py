"""Another time for an appointment, in one step: the new place is had before the old one is given back."""

from dataclasses import replace
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.booking import Bookings
from api.health.appointments.cancelling import check_to_come
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.errors import AppointmentOver, OtherSpecialty, SamePlace
from api.health.appointments.holding import Holds
from api.health.appointments.patients import Patient, Patients
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.repository import DirectoryRepository
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.records import Slot
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact


class Moves:
    """Free of who asks for it. Every call joins the open transaction."""

    def __init__(
        self,
        store: Store,
        holds: Holds,
        sessions: SessionRepository,
        bookings: Bookings,
        changes: AppointmentChanges,
        clock: Clock,
    ) -> None:
        self._store = store
        self._holds = holds
        self._sessions = sessions
        self._bookings = bookings
        self._changes = changes
        self._clock = clock

    async def move(self, old: Appointment, patient: Patient, slot_id: str) -> Appointment:
        """Give an appointment that is booked another place; returns the new appointment.

        It keeps the reason and what else was said; the old one is CANCELLED by MOVED. Raises SamePlace,
        PaymentNotOffered, SessionClosed, and what Holds.take raises.
        """
        if slot_id == old.slot_id:
            raise SamePlace

        async def work() -> Appointment:
            slot = await self._holds.take(patient, slot_id, instead=old.id)
            await self._bookings.check_payment(slot.service_id, old.payment)
            number = await self._sessions.take_number(slot.session_id)
            new = replace(
                at_place(old, slot, patient),
                queue_number=number,
                booked_at=self._clock(),
                created_at=self._clock(),
            )
            await self._changes.cancel(old, CancelledBy.MOVED, moved_to=new.id)
            return await self._changes.add(new)

        return await transact(self._store, work)


class Rescheduling:
    """What people do themselves."""

    def __init__(
        self,
        appointments: AppointmentRepository,
        directory: DirectoryRepository,
        holds: Holds,
        moves: Moves,
        patients: Patients,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._directory = directory
        self._holds = holds
        self._moves = moves
        self._patients = patients
        self._idempotency = idempotency
        self._clock = clock

    async def reschedule(
        self, caller: Caller, appointment_id: str, slot_id: str, idempotency_key: str
    ) -> Appointment:
        """Have another place of the same specialty instead; returns the new appointment.

        Raises NotSignedIn, AppointmentNotFound, AppointmentOver, OtherSpecialty, IdempotencyProblem and
        what Moves.move raises.
        """
        person_id = caller.person()
        await self._holds.release_expired()

        async def work() -> dict[str, Any]:
            old = await self._appointments.own(person_id, appointment_id)
            if old.status is not AppointmentStatus.BOOKED:
                raise AppointmentOver
            check_to_come(old, self._clock())
            patient = await self._patients.of(person_id, old.dependant_id)
            new = await self._moves.move(old, patient, slot_id)
            await self._check_specialty(old, new)
            return {"appointment": new.id}

        asked = {"appointment": appointment_id, "slot": slot_id}
        done = await self._idempotency.once(
            person_id, "rescheduleAppointment", idempotency_key, asked, work
        )
        return await self._appointments.own(person_id, done["appointment"])

    async def _check_specialty(self, old: Appointment, new: Appointment) -> None:
        services = await self._directory.services([old.service_id, new.service_id])
        if len({service.specialty for service in services.values()}) > 1:
            raise OtherSpecialty


def at_place(old: Appointment, slot: Slot, patient: Patient) -> Appointment:
    """Return a new appointment with what was said of the old one, at another place."""
    return replace(
        old,
        id=new_id(),
        slot_id=slot.id,
        session_id=slot.session_id,
        facility_id=slot.facility_id,
        service_id=slot.service_id,
        practitioner_id=slot.practitioner_id,
        patient_key=patient.key,
        patient_name=patient.name,
        start=slot.start,
        end=slot.end,
        version=1,
    )
