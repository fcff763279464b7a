"""Refusals that several folders of the slice share, and the codes of all."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class HealthErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_FOUND = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    SLOT_TAKEN = auto()
    INVALID_SEARCH = auto()
    INVALID_SERVICE = auto()
    INVALID_PRACTITIONER = auto()
    INVALID_SCHEDULE = auto()
    LIMIT_REACHED = auto()
    CHANGED_MEANWHILE = auto()
    SESSION_CLOSED = auto()
    CHECK_IN_CODE_WRONG = auto()
    CHECK_IN_TOO_EARLY = auto()
    CHECK_IN_TOO_LATE = auto()
    NOT_CALLED = auto()
    NOT_IN_QUEUE = auto()
    NOT_MISSED_YET = auto()
    QUEUE_EMPTY = auto()
    SESSION_FULL = auto()
    SESSION_NOT_BEGUN = auto()
    INVALID_DELAY = auto()
    INVALID_PATIENT = auto()
    INVALID_TEXT = auto()
    INVALID_DATE = auto()
    LINK_ENDED = auto()
    INVALID_KEYS = auto()
    INVALID_NAME = auto()
    INVALID_SCOPES = auto()
    CONSENT_MISSING = auto()
    NAME_MISSING = auto()
    TOO_MANY_HOLDS = auto()
    TOO_MANY_APPOINTMENTS = auto()
    BOOKING_RESTRICTED = auto()
    HOLD_OVER = auto()
    APPOINTMENT_OVER = auto()
    PAYMENT_NOT_OFFERED = auto()
    INVALID_REASON = auto()
    OTHER_SPECIALTY = auto()
    WAITS_ALREADY = auto()
    INVALID_WISH = auto()
    OFFER_OVER = auto()
    NOTHING_TO_REPLACE = auto()
    INVALID_ANSWERS = auto()
    CONTRADICTORY_ANSWERS = auto()
    QUESTIONNAIRE_CHANGED = auto()
    INVALID_RECORD = auto()
    INVALID_DOCUMENT = auto()
    DOCUMENT_CLOSED = auto()


class HealthProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None
    retry_after_seconds: int | None = None


class FacilityNotFound(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "facilityId"
    message = N_("There is no hospital or clinic with this id.")


class ChangedMeanwhile(HealthProblem):
    code = HealthErrorCode.CHANGED_MEANWHILE
    field = "expectedVersion"
    message = N_("Somebody changed this meanwhile. Please look at it again.")


class TooMany(HealthProblem):
    """`most`: how many a facility may have."""

    code = HealthErrorCode.LIMIT_REACHED
    message = N_("There can be {most} at most.")
