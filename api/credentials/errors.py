"""What credentials refuse, and why."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class CredentialErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    NOT_FOUND = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    ALREADY_ISSUED = auto()
    INVALID_VALIDITY = auto()
    ALREADY_TAKEN = auto()
    CARD_REVOKED = auto()
    CARD_SUSPENDED = auto()
    CARD_REPLACED = auto()
    CARD_EXPIRED = auto()
    CARD_NOT_YET_VALID = auto()
    CARD_FOREIGN = auto()
    CARD_UNKNOWN = auto()
    CODE_MISSING = auto()
    CODE_WRONG = auto()
    CODE_USED = auto()
    CONFIRMATION_NEEDED = auto()
    KEY_ENDED = auto()
    INVALID_SCAN = auto()
    SCAN_ID_REUSED = auto()
    TOO_MANY_SCANS = auto()
    INVALID_GATE = auto()
    ALREADY_RESOLVED = auto()
    INVALID_NOTE = auto()
    USE_REFUSED = auto()


class CredentialProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None


class CredentialNotFound(CredentialProblem):
    """Also the answer to another person's credential, and to another school's."""

    code = CredentialErrorCode.NOT_FOUND
    message = N_("There is no card with this id.")


class StatusListNotFound(CredentialProblem):
    code = CredentialErrorCode.NOT_FOUND
    message = N_("There is no such status list.")


class AlreadyIssued(CredentialProblem):
    code = CredentialErrorCode.ALREADY_ISSUED
    message = N_("A card was issued already. Re-issue it instead.")


class AlreadyTaken(CredentialProblem):
    code = CredentialErrorCode.ALREADY_TAKEN
    message = N_("This card is on a phone already. Have it re-issued to use it on another one.")


class DeviceNotYours(CredentialProblem):
    code = CredentialErrorCode.NOT_FOUND
    field = "device"
    message = N_("Sign in on this phone first: it is not one of yours.")


class CredentialRevoked(CredentialProblem):
    code = CredentialErrorCode.CARD_REVOKED
    message = N_("This card is revoked for good.")


class InvalidValidity(CredentialProblem):
    """A bug of the caller's or a value of staff's: ends before it begins, or lasts too long."""

    code = CredentialErrorCode.INVALID_VALIDITY
    message = N_("A card is valid for at most {days} days, and ends after it begins.")
