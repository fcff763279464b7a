"""Schedules and the sessions that they make (FHIR R4 Schedule)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class WeeklySession:
    """A part of a weekday: from `opens` to `closes` on the clock of Vietnam, never over midnight.

    `weekday`: 1 (Monday) to 7 (ISO 8601). `slot_minutes`: how long one place takes. `capacity`: how
    many patients have the same place. `overbooking`: how many more than that may be booked.
    """

    weekday: int
    opens: time
    closes: time
    slot_minutes: int
    capacity: int
    overbooking: int


@dataclass(frozen=True, slots=True)
class Absence:
    """Days without sessions (leave, repair), `first` to `last`, both whole. `note` is for the desk."""

    id: str
    first: date
    last: date
    note: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a service is given, by one practitioner or by whoever is there (None).

    `first_day` to `last_day` (None: until it is ended); public holidays are off unless
    `works_on_holidays`. `made_until`: the last day for which places were made.
    """

    id: str
    facility_id: str
    service_id: str
    practitioner_id: str | None
    sessions: tuple[WeeklySession, ...]
    absences: tuple[Absence, ...]
    first_day: date
    last_day: date | None
    works_on_holidays: bool
    made_until: date | None
    version: int = 1


class SessionState(StrEnum):
    """OPEN takes patients; CLOSED was ended by the desk, or cancelled by the facility."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class ClinicSession:
    """One session of one day, whose patients share a queue.

    `id`: derived from the schedule and the start. `next_number`: of the queue. `delay_minutes`: how
    much later than planned it runs, as the desk says or as its calls show.
    """

    id: str
    schedule_id: str
    facility_id: str
    service_id: str
    practitioner_id: str | None
    start: datetime
    end: datetime
    state: SessionState
    next_number: int
    delay_minutes: int
    version: int = 1
