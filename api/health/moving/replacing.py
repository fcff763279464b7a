"""Whoever lost a place through a facility takes another one with one tap."""

from dataclasses import replace
from typing import Any

from api.accounts.caller import Caller
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.consent import HealthConsent
from api.health.appointments.holding import Holds
from api.health.appointments.patients import Patient, Patients
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.appointments.rescheduling import at_place
from api.health.moving.errors import NotAnEqualPlace, NotCancelledByFacility, ReplacementGone
from api.health.moving.nearest import NearestPlaces
from api.health.schedules.errors import SessionClosed, SessionNotFound
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.errors import SlotNotFound, SlotTaken
from api.health.slots.records import Slot
from api.health.slots.search import SlotFound
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency


class Replacing:
    def __init__(
        self,
        appointments: AppointmentRepository,
        sessions: SessionRepository,
        nearest: NearestPlaces,
        holds: Holds,
        patients: Patients,
        consent: HealthConsent,
        changes: AppointmentChanges,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._sessions = sessions
        self._nearest = nearest
        self._holds = holds
        self._patients = patients
        self._consent = consent
        self._changes = changes
        self._idempotency = idempotency
        self._clock = clock

    async def offers(self, caller: Caller, appointment_id: str) -> list[SlotFound]:
        """Return up to three places that can be taken instead; none is held.

        Raises NotSignedIn, AppointmentNotFound; NotCancelledByFacility also once one was taken.
        """
        lost = await self._lost(caller.person(), appointment_id)
        return await self._nearest.equal_to(lost)

    async def take(
        self, caller: Caller, appointment_id: str, slot_id: str, idempotency_key: str
    ) -> Appointment:
        """Book a place instead of the one that was lost, for the same patient and reason.

        Raises NotSignedIn, AppointmentNotFound, NotCancelledByFacility, ReplacementGone,
        NotAnEqualPlace, PatientNotFound, HealthConsentMissing, IdempotencyProblem, and what
        Holds.take raises.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            lost = await self._lost(person_id, appointment_id)
            await self._consent.check(person_id, lost.dependant_id)
            patient = await self._patients.of(person_id, lost.dependant_id)
            slot = await self._holds.take(patient, slot_id, instead=lost.id)
            if not await self._nearest.is_equal(lost, slot):
                raise NotAnEqualPlace
            number = await self._sessions.take_number(slot.session_id)
            new = await self._changes.add(self._instead(lost, patient, slot, number))
            await self._changes.move(replace(lost, moved_to=new.id), AppointmentStatus.CANCELLED)
            return {"appointment": new.id}

        asked = {"appointment": appointment_id, "slot": slot_id}
        try:
            result = await self._idempotency.once(
                person_id, "takeReplacement", idempotency_key, asked, work
            )
        except (SlotTaken, SlotNotFound, SessionClosed, SessionNotFound) as error:
            raise ReplacementGone from error
        return await self._appointments.own(person_id, result["appointment"])

    async def _lost(self, person_id: str, appointment_id: str) -> Appointment:
        lost = await self._appointments.own(person_id, appointment_id)
        # A mere hold has no line and no number that another place could take over: it is held anew.
        is_lost = lost.cancelled_by is CancelledBy.FACILITY and lost.booked_at is not None
        if not is_lost or lost.moved_to is not None:
            raise NotCancelledByFacility
        return lost

    def _instead(self, lost: Appointment, patient: Patient, slot: Slot, number: int) -> Appointment:
        now = self._clock()
        return replace(
            at_place(lost, slot, patient),
            status=AppointmentStatus.BOOKED,
            queue_number=number,
            booked_at=now,
            checked_in_at=None,
            called_at=None,
            ended_at=None,
            cancelled_by=None,
            created_at=now,
        )
