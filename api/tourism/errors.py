"""What tourism refuses, and why."""

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
    FILE_TOO_LARGE = auto()
    FILE_NOT_READABLE = auto()
    FORBIDDEN_MARKUP = auto()
    FILE_TOO_COMPLEX = auto()
    NO_LINE = auto()
    TOO_MANY_POINTS = auto()
    LINE_TOO_LONG = auto()
    INVALID_TRAIL_POINT = auto()
    INVALID_ELEVATION = auto()
    GAP_IN_LINE = auto()
    INVALID_TOLERANCE = auto()
    INVALID_PROFILE = auto()
    INVALID_MONTHS = auto()
    INVALID_ACCURACY = auto()
    INVALID_LENGTH = auto()
    INVALID_STATEMENT = auto()
    DIFFICULTY_MISSING = auto()
    UNKNOWN_LANGUAGE = auto()
    INVALID_PLACE = auto()
    OUTSIDE_PROVINCE = auto()
    PLACE_RETIRED = auto()
    NOTHING_CHANGED = auto()
    EDIT_CONFLICT = auto()
    INVALID_EXCHANGE = auto()
    TOO_MANY_REQUESTS = auto()
    CONSENT_MISSING = auto()
    INVALID_REVIEW = auto()
    NOTHING_TO_APPEAL = auto()
    INVALID_EVENT = auto()
    INVALID_NARRATION = auto()
    INVALID_WINDOW = auto()
    WINDOW_TOO_LONG = auto()
    DATE_OUT_OF_RANGE = auto()
    OCCURRENCE_OVER = auto()


class TourismProblem(DomainError):
    """Any refusal of this slice.

    `field`: the part of the input that is refused. `retry_after_seconds`: when it is worth asking
    again.
    """

    field: str | None = None
    retry_after_seconds: int | None = None


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


class SchoolHolidaysUnknown(InvalidOpeningHours):
    message = N_("School holidays (SH) are not known here. Write the dates instead.")


class MomentOutOfRange(TourismProblem):
    code = TourismErrorCode.MOMENT_OUT_OF_RANGE
    message = N_("Ask for a time with its offset from UTC, from {first} to {last}.")


class ChangedMeanwhile(TourismProblem):
    """What an editor wants to change is not of the version that they saw any more."""

    code = TourismErrorCode.CHANGED_MEANWHILE
    field = "expectedVersion"
    message = N_("Somebody else has changed this meanwhile. Look at it again first.")
