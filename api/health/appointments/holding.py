"""Holding a place for some minutes, so that nobody takes it while its patient makes up their mind.

A hold is an appointment that is PENDING: all searches see its place as taken. Its end is a job of the
same transaction; and whoever holds, books or looks lets go first what is over, so that no hold
outlives its time with the workers down either.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from api.accounts.caller import Caller
from api.health.appointments.caps import Caps, Wanted
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.consent import HealthConsent
from api.health.appointments.errors import AppointmentOver, HoldOver, PlaceOver
from api.health.appointments.patients import Patient, Patients
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, new_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact

HELD_FOR: Final = timedelta(minutes=5)
END_HOLD = "health.end_hold"
_AT_ONCE = 50


class Holds:
    """Places held for patients, free of who asks for it. Every call joins the open transaction."""

    def __init__(
        self,
        store: Store,
        appointments: AppointmentRepository,
        slots: SlotRepository,
        changes: AppointmentChanges,
        caps: Caps,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._appointments = appointments
        self._slots = slots
        self._changes = changes
        self._caps = caps
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {END_HOLD: self._end}

    async def hold(
        self, patient: Patient, slot_id: str, language: str, held_until: datetime
    ) -> Appointment:
        """Take a place for a patient, who has until then to book it.

        Raises SlotTaken, SlotNotFound, PlaceOver, and what Caps.check raises.
        """

        async def work() -> Appointment:
            slot = await self.take(patient, slot_id)
            held = _held(patient, slot, language, held_until, self._clock())
            await self._jobs.enqueue(
                END_HOLD,
                {"appointment": held.id},
                id=derived_id(END_HOLD, held.id),
                run_at=held_until,
            )
            return await self._changes.add(held)

        return await transact(self._store, work)

    async def take(self, patient: Patient, slot_id: str, instead: str | None = None) -> Slot:
        """Take one patient's room of a place that is to come; the caps are kept.

        `instead`: the appointment that the place replaces. Raises as `hold`.
        """
        slot = await self._slots.take(slot_id)
        if slot.start <= self._clock():
            raise PlaceOver
        await self._caps.check(patient, Wanted(slot, instead))
        return slot

    async def release_expired(self) -> int:
        """Give back the places of all holds whose time is over; return how many there were.

        One look into the index of holds when there is none.
        """
        count = 0
        while due := await self._appointments.due_holds(self._clock(), _AT_ONCE):
            for held in due:
                count += await self._release(held.id)
        return count

    async def _end(self, payload: Mapping[str, Any]) -> None:
        await self._release(payload["appointment"])

    async def _release(self, appointment_id: str) -> bool:
        """Let go of one hold, unless it was booked or let go since, or has time left."""

        async def work() -> bool:
            held = await self._appointments.get(appointment_id)
            if held is None or not is_over(held, self._clock()):
                return False
            await self._changes.cancel(held, CancelledBy.HOLD_EXPIRED)
            return True

        return await transact(self._store, work)


class Holding:
    """What people do themselves."""

    def __init__(
        self,
        appointments: AppointmentRepository,
        holds: Holds,
        patients: Patients,
        consent: HealthConsent,
        changes: AppointmentChanges,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._holds = holds
        self._patients = patients
        self._consent = consent
        self._changes = changes
        self._idempotency = idempotency
        self._clock = clock

    async def hold(
        self,
        caller: Caller,
        slot_id: str,
        patient_id: str | None,
        language: str,
        idempotency_key: str,
    ) -> Appointment:
        """Hold a place for a patient, to whom it is bound from here on. None: for oneself.

        Raises NotSignedIn, PatientNotFound, PatientHasNoName, HealthConsentMissing, IdempotencyProblem
        and what Holds.hold raises.
        """
        person_id = caller.person()
        await self._holds.release_expired()

        async def work() -> dict[str, Any]:
            patient = await self._patients.of(person_id, patient_id)
            await self._consent.check(person_id, patient_id)
            until = self._clock() + HELD_FOR
            held = await self._holds.hold(patient, slot_id, language, until)
            return {"appointment": held.id}

        asked = {"slot": slot_id, "patient": patient_id}
        done = await self._idempotency.once(person_id, "holdSlot", idempotency_key, asked, work)
        return await self._appointments.own(person_id, done["appointment"])

    async def release(
        self, caller: Caller, appointment_id: str, idempotency_key: str
    ) -> Appointment:
        """Let go of a hold before its time is over.

        Raises NotSignedIn, AppointmentNotFound, HoldOver, AppointmentOver, IdempotencyProblem.
        """
        person_id = caller.person()
        await self._holds.release_expired()

        async def work() -> dict[str, Any]:
            held = await self._appointments.own(person_id, appointment_id)
            check_held(held, self._clock())
            await self._changes.cancel(held, CancelledBy.PATIENT)
            return {"appointment": held.id}

        asked = {"appointment": appointment_id}
        await self._idempotency.once(person_id, "releaseHold", idempotency_key, asked, work)
        return await self._appointments.own(person_id, appointment_id)


def is_over(held: Appointment, now: datetime) -> bool:
    """Tell whether a hold had its time."""
    is_held = held.status is AppointmentStatus.PENDING
    return is_held and held.held_until is not None and held.held_until <= now


def check_held(held: Appointment, now: datetime) -> None:
    """Raise HoldOver unless a place is held, AppointmentOver when it is already more than held."""
    if is_over(held, now) or held.cancelled_by is CancelledBy.HOLD_EXPIRED:
        raise HoldOver
    if held.status is not AppointmentStatus.PENDING:
        raise AppointmentOver


def _held(
    patient: Patient, slot: Slot, language: str, held_until: datetime, now: datetime
) -> Appointment:
    return Appointment(
        id=new_id(),
        slot_id=slot.id,
        session_id=slot.session_id,
        facility_id=slot.facility_id,
        service_id=slot.service_id,
        practitioner_id=slot.practitioner_id,
        booker_id=patient.person_id,
        dependant_id=patient.dependant_id,
        patient_key=patient.key,
        patient_name=patient.name,
        reason=None,
        payment=None,
        language=language,
        start=slot.start,
        end=slot.end,
        status=AppointmentStatus.PENDING,
        held_until=held_until,
        queue_number=None,
        booked_at=None,
        checked_in_at=None,
        called_at=None,
        ended_at=None,
        cancelled_by=None,
        moved_to=None,
        created_at=now,
    )
