"""What somebody waits for, and which places fit it.

In FHIR R4 terms a wish is an Appointment of status `waitlist`: `requestedPeriod` is first to last day,
there is no slot, and no start. When a place is offered, that is an Appointment of its own, `pending`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto

from api.health.appointments.records import AppointmentStatus
from api.health.slots.records import Slot
from api.kit.formats import VIETNAM_TIME

NOON = time(12)
MISSED_AT_MOST = 3
"""Offers that may pass unanswered: whoever lets more pass keeps the others waiting."""


class PartOfDay(StrEnum):
    """By when a place begins, on the clock of Vietnam."""

    MORNING = auto()
    AFTERNOON = auto()
    WHOLE_DAY = auto()


class WishState(StrEnum):
    WAITING = auto()
    OFFERED = auto()
    """A place is held, and waits for an answer."""
    FILLED = auto()
    LEFT = auto()
    LAPSED = auto()
    """The last day went by, or MISSED_AT_MOST offers did."""


OPEN = (WishState.WAITING, WishState.OFFERED)


@dataclass(frozen=True, slots=True)
class Wish:
    """`dependant_id`: for whom, None for `person_id`. `service_id`: None for any of the specialty.

    `first` to `last`: days in Vietnam, both whole. `offer`: the appointment that holds the place which
    is offered now. `passed_on`: places that were offered and not taken. `missed`: offers that ended
    without an answer.
    """

    id: str
    person_id: str
    dependant_id: str | None
    patient_key: str
    facility_id: str
    specialty: str
    service_id: str | None
    first: date
    last: date
    part_of_day: PartOfDay
    language: str
    state: WishState
    joined_at: datetime
    offer: str | None = None
    missed: int = 0
    passed_on: tuple[str, ...] = ()
    version: int = 1

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(0), VIETNAM_TIME)

    @property
    def fhir_status(self) -> AppointmentStatus | None:
        """Return what it is as an Appointment, None when it is one no more."""
        if self.state in OPEN:
            return AppointmentStatus.WAITLIST
        return None if self.state is WishState.FILLED else AppointmentStatus.CANCELLED

    def fits(self, slot: Slot) -> bool:
        """Tell whether this place is wished for, and was not passed on before."""
        local = slot.start.astimezone(VIETNAM_TIME)
        is_of_part = self.part_of_day is PartOfDay.WHOLE_DAY or (
            (local.time() < NOON) == (self.part_of_day is PartOfDay.MORNING)
        )
        return (
            is_of_part
            and self.first <= local.date() <= self.last
            and slot.facility_id == self.facility_id
            and slot.specialty == self.specialty
            and self.service_id in (None, slot.service_id)
            and slot.id not in self.passed_on
        )
