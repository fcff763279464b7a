"""A rating: asked for when something has ended, or given at a desk."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto

from api.accounts.caller import Scope
from api.feedback.life.steps import Words
from api.feedback.reports.records import Reporter
from api.kit.formats import VIETNAM_TIME, day_in_vietnam

ASKED_FOR = timedelta(days=30)
"""From the end of what is rated; then it is too late."""
CHANGEABLE_FOR = timedelta(days=7)
"""From the first tap; what was said last counts."""
KEPT_FOR = timedelta(days=365)
"""A rating; the counts stay."""
_WEEK_DAYS = 7


class Grade(StrEnum):
    """The four answers that are asked for at the province's offices, the best first."""

    VERY_SATISFIED = auto()
    SATISFIED = auto()
    NEUTRAL = auto()
    DISSATISFIED = auto()


SATISFIED = frozenset({Grade.VERY_SATISFIED, Grade.SATISFIED})


class RatedKind(StrEnum):
    """What was gone through. OFFICE: something at a desk, of which the product knows nothing else."""

    REPORT = auto()
    VISIT = auto()
    OFFICE = auto()


class Source(StrEnum):
    """INTERACTION: whoever rates went through it. OFFICE_CODE: they were at the desk, or had its code."""

    INTERACTION = auto()
    OFFICE_CODE = auto()


class Reason(StrEnum):
    """What a grade is about, good or bad."""

    SPEED = auto()
    RESULT = auto()
    EXPLANATION = auto()
    KEPT_INFORMED = auto()
    ATTITUDE = auto()
    WAITING = auto()
    CLEANLINESS = auto()
    COST = auto()
    PAPERWORK = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Opinion:
    """`words`: sealed at rest, and never public."""

    grade: Grade
    reasons: tuple[Reason, ...]
    words: Words | None


@dataclass(frozen=True, slots=True, repr=False)
class Rating:
    """One rating of one person or device, asked for or given.

    `subject`: the code of a report, the id of an appointment or of an office's code. `rater` and `subject`
    are None once the account has gone. `dependant_id`: whose visit it was, None for the rater's own.
    `rated_at`: of the first tap. `language`: one of ours, in which they were asked.
    """

    id: str
    kind: RatedKind
    subject: str | None
    office: Scope
    rater: Reporter | None
    dependant_id: str | None
    language: str
    asked_at: datetime
    opinion: Opinion | None = None
    rated_at: datetime | None = None
    version: int = 1

    @property
    def source(self) -> Source:
        return Source.OFFICE_CODE if self.kind is RatedKind.OFFICE else Source.INTERACTION

    @property
    def open_until(self) -> datetime:
        """Until when it can be given, or changed."""
        if self.rated_at is not None:
            return self.rated_at + CHANGEABLE_FOR
        return self.asked_at + ASKED_FOR

    @property
    def kept_until(self) -> datetime:
        return self.open_until if self.rated_at is None else self.rated_at + KEPT_FOR


def month_of(moment: datetime) -> str:
    """Return the month on Vietnam's calendar: "2026-11"."""
    return day_in_vietnam(moment).strftime("%Y-%m")


def shown_from(rated_at: datetime) -> datetime:
    """Return from when clerks see it: the Monday after it is final, with all others of its week.

    Shown at once, each would tell the desk who had just been there.
    """
    final = day_in_vietnam(rated_at + CHANGEABLE_FOR)
    return start_of(final + timedelta(days=_WEEK_DAYS - final.weekday()))


def start_of(day: date) -> datetime:
    """Return when a day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM_TIME)
