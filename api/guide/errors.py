"""What the guide refuses, and why."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class GuideErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    TOUR_NOT_FOUND = auto()
    INVALID_ACCURACY = auto()
    INVALID_HEADING = auto()
    INVALID_SPEED = auto()
    TOO_MUCH_HEARD = auto()
    TOO_FAR_FROM_TOUR = auto()
    INVALID_TOUR = auto()


class GuideProblem(DomainError):
    """Any refusal of this slice."""


class TourNotFound(GuideProblem):
    code = GuideErrorCode.TOUR_NOT_FOUND
    message = N_("There is no such tour.")


class InvalidAccuracy(GuideProblem):
    code = GuideErrorCode.INVALID_ACCURACY
    message = N_("Accuracy is a number of metres above 0, at most {most}.")


class InvalidHeading(GuideProblem):
    code = GuideErrorCode.INVALID_HEADING
    message = N_("A heading is a number of degrees from 0 up to 360.")


class InvalidSpeed(GuideProblem):
    code = GuideErrorCode.INVALID_SPEED
    message = N_("A speed is a number of metres a second from 0 to {most}.")


class TooMuchHeard(GuideProblem):
    code = GuideErrorCode.TOO_MUCH_HEARD
    message = N_("Name at most {most} stops that were heard.")


class TooFarFromTour(GuideProblem):
    code = GuideErrorCode.TOO_FAR_FROM_TOUR
    message = N_("You are outside the province, {kilometres} km from this tour.")


class InvalidTour(GuideProblem):
    code = GuideErrorCode.INVALID_TOUR
    message = N_("{file}, {field}: {reason}")
