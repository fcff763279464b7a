"""Appointments as resources: who has which place, without the patient's name and without any reason.

A patient is named by an alias of the facility's own. What a patient said why they come is for the
practitioner to read at the desk, and leaves the product through no other door.
"""

from datetime import datetime

from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.fhir.exchange import Resource
from api.health.fhir.patients_given import GivenPatients
from api.health.fhir.terms import Terms, instant, reference
from api.health.slots.records import Slot

CANCELLATIONS = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
PROPOSED = "proposed-"
"""Begins the id of a place that `$find` proposes."""
_REASONS = {
    CancelledBy.PATIENT: "pat",
    CancelledBy.FACILITY: "prov",
    CancelledBy.HOLD_EXPIRED: "other",
    CancelledBy.MOVED: "other",
}


class AppointmentPresenter:
    def __init__(self, terms: Terms, patients: GivenPatients) -> None:
        self._terms = terms
        self._patients = patients

    def resource(self, appointment: Appointment, specialty: str | None) -> Resource:
        """`specialty`: of its service, None when that is gone."""
        concept = [] if specialty is None else [self._terms.specialty(specialty)]
        return {
            "resourceType": "Appointment",
            "id": appointment.id,
            "meta": {
                "versionId": str(appointment.version),
                "lastUpdated": instant(moment_of_change(appointment)),
            },
            **self._number(appointment),
            "status": appointment.status.value,
            **_ending(appointment),
            **({"serviceType": concept, "specialty": concept} if concept else {}),
            **_moved(appointment),
            "start": instant(appointment.start),
            "end": instant(appointment.end),
            **(
                {"slot": [reference("Slot", appointment.slot_id)]}
                if appointment.slot_id is not None
                else {}
            ),
            "created": instant(appointment.created_at),
            "participant": [
                self._patient(appointment),
                *_places(
                    appointment.facility_id, appointment.service_id, appointment.practitioner_id
                ),
            ],
        }

    def proposal(self, slot: Slot) -> Resource:
        """Return a place that can be had as the appointment that it would be."""
        concept = [self._terms.specialty(slot.specialty)]
        return {
            "resourceType": "Appointment",
            "id": f"{PROPOSED}{slot.id}",
            "status": "proposed",
            "serviceType": concept,
            "specialty": concept,
            "start": instant(slot.start),
            "end": instant(slot.end),
            "slot": [reference("Slot", slot.id)],
            "participant": _places(
                slot.facility_id, slot.service_id, slot.practitioner_id, status="tentative"
            ),
        }

    def patient_alias(self, appointment: Appointment) -> str:
        return self._patients.alias(appointment.facility_id, appointment.patient_key)

    def _number(self, appointment: Appointment) -> Resource:
        if appointment.queue_number is None:
            return {}
        value = f"{appointment.session_id}-{appointment.queue_number}"
        return {"identifier": [{"system": self._terms.queue_numbers, "value": value}]}

    def _patient(self, appointment: Appointment) -> Resource:
        is_held = appointment.status is AppointmentStatus.PENDING
        identifier = {"system": self._terms.patients, "value": self.patient_alias(appointment)}
        return {
            "actor": {"type": "Patient", "identifier": identifier},
            "required": "required",
            "status": "tentative" if is_held else "accepted",
        }


def moment_of_change(appointment: Appointment) -> datetime:
    """Return the latest moment that an appointment tells of itself."""
    moments = (
        appointment.created_at,
        appointment.booked_at,
        appointment.checked_in_at,
        appointment.called_at,
        appointment.ended_at,
    )
    return max(it for it in moments if it is not None)


def _places(
    facility_id: str, service_id: str, practitioner_id: str | None, status: str = "accepted"
) -> list[Resource]:
    actors = [reference("Location", facility_id), reference("HealthcareService", service_id)]
    if practitioner_id is not None:
        actors.append(reference("Practitioner", practitioner_id))
    return [{"actor": actor, "required": "required", "status": status} for actor in actors]


def _ending(appointment: Appointment) -> Resource:
    # Only what was cancelled or missed may have a reason (invariant app-4 of R4).
    if appointment.cancelled_by is None or appointment.status is not AppointmentStatus.CANCELLED:
        return {}
    code = _REASONS[appointment.cancelled_by]
    text = appointment.cancelled_by.value.lower().replace("_", "-")
    return {
        "cancelationReason": {"coding": [{"system": CANCELLATIONS, "code": code}], "text": text}
    }


def _moved(appointment: Appointment) -> Resource:
    if appointment.moved_to is None:
        return {}
    return {"supportingInformation": [reference("Appointment", appointment.moved_to)]}
