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


class TourismProblem(DomainError):
    """Any refusal of this slice."""


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
