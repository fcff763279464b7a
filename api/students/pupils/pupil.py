"""Classes and pupils as records."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.kit.ids import derived_id
from api.students.calendar.school_calendar import Shift, year_span

KEPT_AFTER_YEAR = timedelta(days=366)
"""What the consent STUDENT_RECORD promises: the school year, and 12 months after it."""


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class of a school in a school year: "6A"."""

    id: str
    school_id: str
    year: int
    name: str
    shift: Shift

    @classmethod
    def of(cls, school_id: str, year: int, name: str, shift: Shift) -> "SchoolClass":
        return cls(class_id(school_id, year, name), school_id, year, name, shift)


def class_id(school_id: str, year: int, name: str) -> str:
    """Return the id of a class, whose name is the same in capitals and in small letters."""
    return derived_id("class", school_id, str(year), name.casefold())


@dataclass(frozen=True, slots=True, repr=False)
class PupilDetails:
    """What a roster says of somebody. `number`: the pupil number, the same at every school."""

    number: str
    name: str
    born_on: date


@dataclass(frozen=True, slots=True, repr=False)
class Pupil:
    """Somebody at a school. `left_on`: the first day on which the pupil is no longer there.

    `erase_at`: when everything of somebody who left goes. `id` is of the pupil at this school;
    `went_to`: at the school that took her in.
    """

    id: str
    school_id: str
    class_id: str
    details: PupilDetails
    entered_at: datetime
    left_on: date | None = None
    erase_at: datetime | None = None
    went_to: str | None = None
    version: int = 1

    def is_here(self, day: date) -> bool:
        return self.left_on is None or day < self.left_on


def kept_until(year: int) -> date:
    """Return until when what was noted of a school year is kept, exclusively."""
    return year_span(year).ends + KEPT_AFTER_YEAR + timedelta(days=1)
