"""What conditions refuses, and why."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class ConditionErrorCode(StrEnum):
    """Stable across releases: clients and agencies' systems switch on it."""

    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    NOT_FOUND = auto()
    INVALID_POSITION = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    CHANGED_MEANWHILE = auto()
    INVALID_STATION = auto()
    INVALID_AGENCY_KEY = auto()
    KEY_MISSING = auto()
    KEY_REFUSED = auto()
    MEDIA_TYPE_NOT_SUPPORTED = auto()
    NOT_READABLE = auto()
    TOO_MANY_ITEMS = auto()
    UNKNOWN_STATION = auto()
    UNKNOWN_MEASURE = auto()
    INVALID_VALUE = auto()
    INVALID_UNIT = auto()
    INVALID_TIME = auto()
    IN_THE_FUTURE = auto()
    TOO_OLD = auto()
    CONFLICTING_VALUE = auto()
    INVALID_PERIOD = auto()
    INVALID_RULE = auto()
    SECOND_PERSON_NEEDED = auto()
    INVALID_ROAD_EVENT = auto()
    INVALID_TEXT = auto()
    INVALID_BOUNDS = auto()
    INVALID_ROUTE = auto()
    TOO_MANY_ROUTES = auto()


class ConditionProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None


class InvalidStation(ConditionProblem):
    code = ConditionErrorCode.INVALID_STATION
    message = N_(
        "A station has an id of small letters, digits, dots and hyphens, a name, a source, and alarm"
        " levels that rise."
    )


class StationKnown(ConditionProblem):
    code = ConditionErrorCode.INVALID_STATION
    field = "id"
    message = N_("There is a station with this id already.")


class StationNotFound(ConditionProblem):
    code = ConditionErrorCode.NOT_FOUND
    field = "stationId"
    message = N_("There is no such station.")


class ChangedMeanwhile(ConditionProblem):
    """What somebody wants to change is not of the version that they saw any more."""

    code = ConditionErrorCode.CHANGED_MEANWHILE
    field = "expectedVersion"
    message = N_("Somebody else has changed this meanwhile. Look at it again first.")


class InvalidPeriod(ConditionProblem):
    code = ConditionErrorCode.INVALID_PERIOD
    field = "to"
    message = N_("Ask for a period that ends after it begins, of at most {days} days.")
