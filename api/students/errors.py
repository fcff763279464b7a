from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class StudentErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_FOUND = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    INVALID_CALENDAR = auto()
    CALENDAR_CHANGED = auto()
    UNREADABLE_ROSTER = auto()
    ROSTER_REFUSED = auto()
    ROSTER_CHANGED = auto()
    ROSTER_RUNNING = auto()
    INVALID_ADDRESS = auto()
    TOO_MANY_INVITATIONS = auto()
    INVITATION_ENDED = auto()
    GUARDIAN_ALREADY = auto()
    TOO_MANY_GUARDIANS = auto()
    NO_SUCH_CHILD = auto()
    CONSENT_MISSING = auto()
    OWN_CONFIRMATION = auto()
    CARD_MISSING = auto()
    INVALID_PERIOD = auto()
    INVALID_NOTE = auto()
    INVALID_PREFERENCES = auto()
    PUPIL_LEFT = auto()
    INVALID_AMOUNT = auto()
    LIMIT_REACHED = auto()
    MONEY_MISSING = auto()
    ITEM_LENT = auto()
    TOO_MANY_LOANS = auto()
    TRANSFER_CHANGED = auto()


class StudentProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None
    retry_after_seconds: int | None = None


class SchoolNotFound(StudentProblem):
    code = StudentErrorCode.NOT_FOUND
    field = "schoolId"
    message = N_("There is no school with this id.")


class PupilNotFound(StudentProblem):
    """Also the answer to whoever may not see the pupil, so that ids cannot be tried out."""

    code = StudentErrorCode.NOT_FOUND
    field = "pupilId"
    message = N_("There is no pupil with this id that you may see.")


class PupilHasLeft(StudentProblem):
    code = StudentErrorCode.PUPIL_LEFT
    field = "pupilId"
    message = N_("This pupil has left the school.")
