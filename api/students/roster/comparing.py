"""What a row of a roster does to what is there: the dry run tells it, and applying does it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from enum import StrEnum, auto

from api.kit.formats import VIETNAM_TIME
from api.kit.ids import new_id
from api.students.calendar.school_calendar import school_year_of
from api.students.pupils.pupil import Pupil, class_id, kept_until
from api.students.pupils.repository import left
from api.students.roster.rows import RosterRow


class Outcome(StrEnum):
    NEW = auto()
    MOVED = auto()
    """To another class."""
    CORRECTED = auto()
    """The name or the birth date."""
    LEFT = auto()
    RETURNED = auto()
    SAME = auto()


Counts = Counter[Outcome]


def outcome_of(row: RosterRow, pupil: Pupil | None, its_class: str) -> Outcome:
    """Return what the row does to the pupil of its number; the first that fits."""
    if pupil is None:
        return Outcome.NEW
    if row.left_on is not None:
        return Outcome.SAME if pupil.left_on == row.left_on else Outcome.LEFT
    if pupil.left_on is not None:
        return Outcome.RETURNED
    if pupil.class_id != its_class:
        return Outcome.MOVED
    return Outcome.SAME if pupil.details == row.details else Outcome.CORRECTED


def applied(
    row: RosterRow, pupil: Pupil | None, school_id: str, its_class: str, now: datetime
) -> Pupil:
    """Return the pupil as the row has it."""
    known = pupil or Pupil(new_id(), school_id, its_class, row.details, now)
    said = replace(known, details=row.details, class_id=its_class)
    if row.left_on is not None:
        return left(said, row.left_on, erase_at(row.left_on))
    return replace(said, left_on=None, erase_at=None, went_to=None)


def erase_at(left_on: date) -> datetime:
    """Return when everything of a pupil who leaves on a day goes."""
    return datetime.combine(kept_until(school_year_of(left_on)), time(), VIETNAM_TIME)


def count_outcomes(
    rows: Sequence[RosterRow], pupils: Mapping[str, Pupil], school_id: str, year: int
) -> Counts:
    """Count what the rows do. `pupils`: those that are there, by number."""
    return Counter(
        outcome_of(row, pupils.get(row.details.number), class_id(school_id, year, row.class_name))
        for row in rows
    )
