"""Reviews as they are kept: what was sent last, what readers see, and what waits for a moderator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from typing_extensions import override

STARS_AT_MOST = 5


class SubjectKind(StrEnum):
    """What may be reviewed. A new kind needs a line here and one in api.wiring."""

    PLACE = auto()
    TRAIL = auto()
    TOUR = auto()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a review is about."""

    kind: SubjectKind
    id: str

    @override
    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def of(cls, text: str) -> "Subject":
        """Return the subject that `str` made this text of."""
        kind, _, subject_id = text.partition(":")
        return cls(SubjectKind(kind), subject_id)


class ReviewState(StrEnum):
    """Of what the author sent last; an approved version before it may be shown meanwhile."""

    PENDING = auto()
    APPROVED = auto()
    REFUSED = auto()


class Fault(StrEnum):
    """Why a review is refused, or reported."""

    SPAM = auto()
    OFF_TOPIC = auto()
    PERSONAL_DATA = auto()
    ABUSE = auto()
    FALSE = auto()
    OTHER = auto()


class QueueReason(StrEnum):
    """Why a review waits for a moderator."""

    NEW = auto()
    CHANGED = auto()
    REPORTED = auto()
    APPEALED = auto()


class ReviewOrder(StrEnum):
    NEWEST = auto()
    HIGHEST = auto()
    LOWEST = auto()


@dataclass(frozen=True, slots=True, repr=False)
class ReviewContent:
    """One version of what an author says. `number` counts versions from 1.

    `stars`: 1 to STARS_AT_MOST; `language`: BCP 47; `visited_in`: a month, YYYY-MM; `photos`: ids of
    media; `author`: what the author wants to be called here, None for nothing.
    """

    number: int
    stars: int
    text: str | None
    language: str
    visited_in: str
    photos: tuple[str, ...]
    author: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """A moderator's last one. `by`: None for somebody who has left; `fault`: None for approved."""

    by: str | None
    at: datetime
    fault: Fault | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in the moderators' queue; `claimed_by` has it until `claimed_until`."""

    reason: QueueReason
    since: datetime
    claimed_by: str | None = None
    claimed_until: datetime | None = None

    def holder(self, now: datetime) -> str | None:
        """Return the moderator who has it at this moment."""
        is_claimed = self.claimed_until is not None and now < self.claimed_until
        return self.claimed_by if is_claimed else None


@dataclass(frozen=True, slots=True, repr=False)
class Appeal:
    """What an author has against a refusal."""

    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """The province's answer, beneath a review. `by`: None for somebody who has left."""

    text: str
    language: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Review:
    """One person's review of one subject.

    `submitted`: what was sent last, of which `state` speaks; `shown`: what readers see; `reports`:
    those since the last decision, by what they say.
    """

    id: str
    person_id: str
    subject: Subject
    submitted: ReviewContent
    state: ReviewState
    created_at: datetime
    shown: ReviewContent | None = None
    decision: Decision | None = None
    waiting: Waiting | None = None
    appeal: Appeal | None = None
    reply: Reply | None = None
    reports: Mapping[Fault, int] | None = None
    version: int = 1

    @property
    def photos(self) -> frozenset[str]:
        """Every photo that the review uses."""
        return frozenset((*self.submitted.photos, *(self.shown.photos if self.shown else ())))

    @property
    def awaits_decision(self) -> bool:
        """Tell whether `submitted` waits, and not only `shown` that was reported."""
        is_appealed = self.waiting is not None and self.waiting.reason is QueueReason.APPEALED
        return self.state is ReviewState.PENDING or is_appealed
