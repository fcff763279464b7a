from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class FeedbackErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_FOUND = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    DEVICE_NOT_FOUND = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    INVALID_POSITION = auto()
    OUTSIDE_PROVINCE = auto()
    INVALID_MOMENT = auto()
    INVALID_TEXT = auto()
    INVALID_LANGUAGE = auto()
    INVALID_FIELD = auto()
    INVALID_PHOTOS = auto()
    CONSENT_MISSING = auto()
    TOO_MANY_REPORTS = auto()
    REPORT_CHANGED = auto()
    REPORT_ENDED = auto()
    NOT_IN_THIS_STATE = auto()
    PROOF_MISSING = auto()
    TOO_LATE = auto()
    NOT_YOURS = auto()
    INVALID_AGENCY = auto()
    INVALID_MERGE = auto()
    PHOTO_NOT_FOUND = auto()
    INVALID_BOXES = auto()
    BLUR_CHANGED = auto()
    ALREADY_RATED = auto()
    INVALID_REASONS = auto()
    OWN_OFFICE = auto()
    INVALID_OFFICE_CODE = auto()
    OFFICE_CODE_CHANGED = auto()
    TOO_MANY_OFFICE_CODES = auto()
    TOO_MANY_RATINGS = auto()
    INVALID_MONTH = auto()
    NOT_PUBLISHED_YET = auto()
    INVALID_SOURCE = auto()
    TOO_MANY_SOURCES = auto()
    ISSUE_CLOSED = auto()


class FeedbackProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None
    retry_after_seconds: int | None = None


class ReportNotFound(FeedbackProblem):
    """Also the answer to whoever may not see the report."""

    code = FeedbackErrorCode.NOT_FOUND
    field = "code"
    message = N_("There is no report with this code that you may see.")
