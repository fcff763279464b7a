"""`$hold` and `$book`: a facility's own system has a place held, and booked, for a patient it names."""

from dataclasses import dataclass
from typing import Any

from api.health.appointments.records import Appointment
from api.health.directory.records import Payment
from api.health.fhir.appointment_resources import PROPOSED
from api.health.fhir.errors import InvalidParameter, MissingParameter, PatientUnclear
from api.health.fhir.exchange import FhirRequest, Resource
from api.health.fhir.facility_bookings import FacilityBookings, HowBooked
from api.health.fhir.parameters import OperationParameters, parameters_of
from api.health.fhir.patients_given import GivenPatient, GivenPatients
from api.health.fhir.search_parameters import reference_id
from api.health.fhir.systems.access import SystemCaller
from api.health.fhir.terms import Terms
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam

_KNOWN = ("appt-id", "appt-resource", "patient-id", "patient-resource", "comment", "payment")
_PAYMENTS = {"insurance": Payment.INSURANCE, "self-pay": Payment.SELF_PAY}
KEY_HEADER = "idempotency-key"


@dataclass(frozen=True, slots=True, repr=False)
class _Asked:
    """`appointment_id`: of a hold; else there is `slot_id`, of a place that is to be had."""

    parameters: OperationParameters
    appointment: Resource | None
    appointment_id: str | None
    slot_id: str | None


class BookingOperations:
    def __init__(
        self, terms: Terms, bookings: FacilityBookings, patients: GivenPatients, clock: Clock
    ) -> None:
        self._terms = terms
        self._bookings = bookings
        self._patients = patients
        self._clock = clock

    async def hold(self, caller: SystemCaller, request: FhirRequest) -> Appointment:
        """Hold a place. Raises FhirProblem, HealthProblem and IdempotencyProblem."""
        asked = await self._asked(request)
        if asked.slot_id is None:
            raise InvalidParameter(name="appt-id", expression="appt-id")
        given = self._patient(caller, asked)
        return await self._bookings.hold(caller, asked.slot_id, given, _key(request))

    async def book(self, caller: SystemCaller, request: FhirRequest) -> Appointment:
        """Book a place, held or not. Raises FhirProblem, HealthProblem and IdempotencyProblem."""
        asked = await self._asked(request)
        how = HowBooked(asked.parameters.text("comment"), _payment(asked.parameters))
        key = _key(request)
        if asked.appointment_id is not None:
            return await self._bookings.book_held(caller, asked.appointment_id, how, key)
        if asked.slot_id is None:
            raise MissingParameter(name="appt-id", expression="appt-id")
        given = self._patient(caller, asked)
        return await self._bookings.book_place(caller, asked.slot_id, given, how, key)

    async def _asked(self, request: FhirRequest) -> _Asked:
        parameters = await parameters_of(request, _KNOWN)
        appointment = parameters.resource("appt-resource", "Appointment")
        named = parameters.text("appt-id")
        if (appointment is None) is (named is None):
            raise MissingParameter(name="appt-id", expression="appt-id")
        if named is None and appointment is not None:
            return _Asked(parameters, appointment, None, self._slot_of(appointment))
        found = reference_id("appt-id", named or "", ["Appointment"], base=self._terms.base)
        if found.startswith(PROPOSED):
            return _Asked(parameters, None, None, found.removeprefix(PROPOSED))
        return _Asked(parameters, None, found, None)

    def _slot_of(self, appointment: Resource) -> str:
        slots: list[Resource] = appointment.get("slot") or []
        if len(slots) != 1 or not isinstance(slots[0].get("reference"), str):
            raise InvalidParameter(name="slot", expression="Appointment.slot")
        return reference_id("slot", slots[0]["reference"], ["Slot"], base=self._terms.base)

    def _patient(self, caller: SystemCaller, asked: _Asked) -> GivenPatient:
        """Return whom the parameters name, in one of three ways. Raises PatientUnclear."""
        today, facility_id = day_in_vietnam(self._clock()), caller.facility_id
        patient = asked.parameters.resource("patient-resource", "Patient")
        if patient is not None:
            return self._patients.of_resource(facility_id, patient, today)
        actors = [it for it in _actors(asked.appointment or {}) if _is_patient(it)]
        if len(actors) != 1:
            raise PatientUnclear
        contained = _contained(asked.appointment or {}, actors[0].get("reference"))
        if contained is not None:
            return self._patients.of_resource(facility_id, contained, today)
        return self._patients.of_participant(facility_id, actors[0], today)


def _actors(appointment: Resource) -> list[dict[str, Any]]:
    participants: list[Resource] = appointment.get("participant") or []
    return [it["actor"] for it in participants if "actor" in it]


def _is_patient(actor: Resource) -> bool:
    named = str(actor.get("reference", ""))
    return actor.get("type") == "Patient" or named.startswith("#") or "Patient/" in named


def _contained(appointment: Resource, named: object) -> Resource | None:
    inside: list[Resource] = appointment.get("contained") or []
    found = [it for it in inside if isinstance(named, str) and named == f"#{it.get('id')}"]
    return found[0] if found and found[0].get("resourceType") == "Patient" else None


def _payment(parameters: OperationParameters) -> Payment | None:
    value = parameters.text("payment")
    if value is None:
        return None
    if value not in _PAYMENTS:
        raise InvalidParameter(name="payment", expression="payment")
    return _PAYMENTS[value]


def _key(request: FhirRequest) -> str | None:
    return request.headers.get(KEY_HEADER)
