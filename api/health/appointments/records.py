"""An appointment and its states (FHIR R4 Appointment.status)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AppointmentStatus(StrEnum):
    """The codes of FHIR R4 that the product uses.

    PENDING: a place is held until `held_until`. WAITLIST: no place yet. CHECKED_IN: in the queue.
    ARRIVED: called, with the practitioner. FULFILLED, CANCELLED, NOSHOW: over.
    """

    PENDING = "pending"
    BOOKED = "booked"
    CHECKED_IN = "checked-in"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    WAITLIST = "waitlist"


class CancelledBy(StrEnum):
    """HOLD_EXPIRED: nobody confirmed in time. MOVED: the patient has another place instead."""

    PATIENT = "PATIENT"
    FACILITY = "FACILITY"
    HOLD_EXPIRED = "HOLD_EXPIRED"
    MOVED = "MOVED"


@dataclass(frozen=True, slots=True, repr=False)
class Appointment:
    """Who has which place, and how far it went. Sealed in the store: `patient_name`, `reason`.

    `booker_id`: the account that acts; `dependant_id`: for whom, None for the booker. Both are None for
    a walk-in whom the desk wrote down, and who has no `slot_id` but a number of the session's queue. `patient_key`: one value for a patient whoever books, which
    binds the place to that patient and counts the caps. `queue_number`: of the session, given
    when booked. `language`: of everything that is told about it.
    """

    id: str
    slot_id: str | None
    session_id: str
    facility_id: str
    service_id: str
    practitioner_id: str | None
    booker_id: str | None
    dependant_id: str | None
    patient_key: str
    patient_name: str
    reason: str | None
    payment: str | None
    language: str
    start: datetime
    end: datetime
    status: AppointmentStatus
    held_until: datetime | None
    queue_number: int | None
    booked_at: datetime | None
    checked_in_at: datetime | None
    called_at: datetime | None
    ended_at: datetime | None
    cancelled_by: CancelledBy | None
    moved_to: str | None
    created_at: datetime
    version: int = 1
