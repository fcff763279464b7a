"""A place in a session (FHIR R4 Slot), which one or more patients can have."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """A place. `id`: derived from schedule and start, so that making it twice makes one.

    `capacity`: patients of it, with the overbooking that the clinic allows. `room`: how many more can
    have it; what is held counts as had. It never falls below nought: each taking is one conditional
    write, `room > 0` and `is_open`. `is_open` is False when its session was closed or taken from the plan.
    """

    id: str
    facility_id: str
    service_id: str
    schedule_id: str
    session_id: str
    practitioner_id: str | None
    specialty: str
    is_remote: bool
    languages: tuple[str, ...]
    start: datetime
    end: datetime
    capacity: int
    room: int
    is_open: bool
