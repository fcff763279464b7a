"""A pupil's school day: what gates and people said of it, and what follows from that."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto

from api.kit.ids import derived_id
from api.students.calendar.school_calendar import SchoolCalendar, Shift

NOTE_CHARACTERS_AT_MOST = 300


class AttendanceState(StrEnum):
    EXPECTED = auto()
    """Nobody has seen the pupil yet, and it is not time to miss her."""
    PRESENT = auto()
    LATE = auto()
    LEFT = auto()
    """Came, on time or late, and has gone."""
    ABSENT = auto()
    """Missed, and nobody has said why."""
    EXCUSED = auto()
    """Not there, and a guardian or the office has said why."""


class Told(StrEnum):
    """Of what guardians were told. One of each a day, but for leaving."""

    ARRIVED = auto()
    ARRIVED_LATE = auto()
    ABSENT = auto()
    ABSENCE_CORRECTED = auto()
    """Missed, and yet she had come: a gate told it later."""
    ARRIVAL_CORRECTED = auto()
    """Told to be late, and yet she had come in time."""


@dataclass(frozen=True, slots=True, repr=False)
class AttendanceDay:
    """`arrived_at`: the first entry; `last_entry`, `last_exit`: the latest of each; whatever order they come in.

    `note`: why the pupil is not there, as a guardian or the office wrote it. `told`: what
    guardians were told; `told_leaving_at`: of which leaving last.
    """

    pupil_id: str
    school_id: str
    class_id: str
    shift: Shift
    day: date
    arrived_at: datetime | None = None
    last_entry: datetime | None = None
    last_exit: datetime | None = None
    missed_at: datetime | None = None
    note: str | None = None
    noted_at: datetime | None = None
    told: frozenset[Told] = frozenset()
    told_leaving_at: datetime | None = None

    @property
    def id(self) -> str:
        return day_id(self.pupil_id, self.day)

    @property
    def has_left(self) -> bool:
        if self.last_exit is None:
            return False
        return self.last_entry is None or self.last_exit > self.last_entry

    def is_late(self, calendar: SchoolCalendar | None) -> bool:
        """Tell whether the pupil came late. Without bells nobody does."""
        if self.arrived_at is None or calendar is None or self.shift not in calendar.bells:
            return False
        return calendar.is_late(self.shift, self.arrived_at)

    def state(self, calendar: SchoolCalendar | None) -> AttendanceState:
        if self.arrived_at is not None or self.last_exit is not None:
            if self.has_left:
                return AttendanceState.LEFT
            is_late = self.is_late(calendar)
            return AttendanceState.LATE if is_late else AttendanceState.PRESENT
        if self.note is not None:
            return AttendanceState.EXCUSED
        return AttendanceState.EXPECTED if self.missed_at is None else AttendanceState.ABSENT


def day_id(pupil_id: str, day: date) -> str:
    return derived_id("attendance", pupil_id, day.isoformat())
