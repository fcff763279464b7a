"""What tourism refuses, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class TourismErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    SEARCH_TOO_LONG = auto()
    INVALID_DISTANCE = auto()
    DISTANCE_WITHOUT_POSITION = auto()
    INVALID_CONTENT = auto()
    INVALID_BOUNDARIES = auto()
    INVALID_OPENING_HOURS = auto()
    MOMENT_OUT_OF_RANGE = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    NOT_FOUND = auto()
    INVALID_POSITION = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    CHANGED_MEANWHILE = auto()
    INVALID_MOMENT = auto()
    INVALID_TEXT = auto()
    CLOSURE_ENDED = auto()
    CLOSURE_ELSEWHERE = auto()
    INVALID_CLOSED_PART = auto()
    INVALID_PERIOD = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Conflict:
    """A field that somebody else changed since the version that an editor saw.

    `changed_by`: id of the person, None when the shipped content changed it.
    """

    field: str
    changed_by: str | None
    changed_by_name: str | None
    changed_at: datetime


class TourismProblem(DomainError):
    """Any refusal of this slice.

    `field`: the part of the input that is refused. `retry_after_seconds`: when it is worth asking
    again.
    """

    field: str | None = None
    retry_after_seconds: int | None = None
    conflicts: tuple[Conflict, ...] = ()


class SearchTooLong(TourismProblem):
    code = TourismErrorCode.SEARCH_TOO_LONG
    message = N_("Search with at most {most} characters.")


class InvalidDistance(TourismProblem):
    code = TourismErrorCode.INVALID_DISTANCE
    message = N_("Look within {least} to {most} metres.")


class DistanceWithoutPosition(TourismProblem):
    code = TourismErrorCode.DISTANCE_WITHOUT_POSITION
    message = N_("To look within a distance, say near which position.")


class InvalidContent(TourismProblem):
    code = TourismErrorCode.INVALID_CONTENT
    message = N_("{file}, row {row}, {field}: {reason}")


class InvalidBoundaries(TourismProblem):
    code = TourismErrorCode.INVALID_BOUNDARIES
    message = N_("These boundaries cannot be read: {reason}")


class InvalidOpeningHours(TourismProblem):
    code = TourismErrorCode.INVALID_OPENING_HOURS
    message = N_("These opening hours cannot be read: {reason}")


class MomentOutOfRange(TourismProblem):
    code = TourismErrorCode.MOMENT_OUT_OF_RANGE
    message = N_("Ask for a time with its offset from UTC, from {first} to {last}.")


class ChangedMeanwhile(TourismProblem):
    """What an editor wants to change is not of the version that they saw any more."""

    code = TourismErrorCode.CHANGED_MEANWHILE
    field = "expectedVersion"
    message = N_("Somebody else has changed this meanwhile. Look at it again first.")
