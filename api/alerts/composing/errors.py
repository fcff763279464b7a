"""Every reason for which an officer's wish is refused."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class ComposingErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    NOT_FOUND = auto()
    ALERT_NOT_FOUND = auto()
    DEVICE_NOT_FOUND = auto()
    INVALID_HAZARD = auto()
    INVALID_LEVEL = auto()
    INVALID_SLOT = auto()
    INVALID_AREA = auto()
    INVALID_TEXT = auto()
    OUTSIDE_PROVINCE = auto()
    TEXT_MISSING = auto()
    EXPIRES_BEFORE_EFFECTIVE = auto()
    EXPIRES_TOO_LATE = auto()
    NOT_VALID = auto()
    DRAFT_CHANGED = auto()
    NOT_IN_THIS_STATE = auto()
    APPROVAL_NEEDED = auto()
    SELF_APPROVAL = auto()
    CONFIRMATION_WRONG = auto()
    REASON_MISSING = auto()
    FOREIGN_REFERENCE = auto()
    AMBIGUOUS_REFERENCE = auto()
    ENDED = auto()


class ComposingProblem(DomainError):
    """Any refusal of this concern. `field`: the part of the input that is refused."""

    field: str | None = None


class DraftNotFound(ComposingProblem):
    """Also the answer to whoever may not see the draft."""

    code = ComposingErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no draft with this id that you may see.")


class AlertNotFound(ComposingProblem):
    code = ComposingErrorCode.ALERT_NOT_FOUND
    field = "alertId"
    message = N_("There is no warning with this id.")


class InvalidHazard(ComposingProblem):
    code = ComposingErrorCode.INVALID_HAZARD
    field = "hazard"
    message = N_("There is no hazard with this code.")


class InvalidLevel(ComposingProblem):
    code = ComposingErrorCode.INVALID_LEVEL
    field = "level"
    message = N_("This hazard has no such level.")


class InvalidSlot(ComposingProblem):
    code = ComposingErrorCode.INVALID_SLOT
    field = "slots"
    message = N_("The value of “{name}” is missing, not wanted, or not of its kind.")


class InvalidArea(ComposingProblem):
    code = ComposingErrorCode.INVALID_AREA
    field = "area"
    message = N_("The area needs communes of the province, or polygons of three corners or more.")


class OutsideProvince(ComposingProblem):
    code = ComposingErrorCode.OUTSIDE_PROVINCE
    field = "area"
    message = N_("The area does not touch the province.")


class InvalidText(ComposingProblem):
    code = ComposingErrorCode.INVALID_TEXT
    field = "words"
    message = N_(
        "A headline has at most {headline} characters, a description and an instruction at most"
        " {body}; each language comes once."
    )


class TextMissing(ComposingProblem):
    code = ComposingErrorCode.TEXT_MISSING
    field = "words"
    message = N_("Headline, description and instruction are needed in Vietnamese at least.")


class ExpiresBeforeEffective(ComposingProblem):
    code = ComposingErrorCode.EXPIRES_BEFORE_EFFECTIVE
    field = "expires"
    message = N_("The warning must end after it begins, and after now.")


class ExpiresTooLate(ComposingProblem):
    code = ComposingErrorCode.EXPIRES_TOO_LATE
    field = "expires"
    message = N_("A warning holds for {days} days at most; update it while the danger lasts.")


class NotValid(ComposingProblem):
    """The message that would go out breaks a rule of CAP 1.2."""

    code = ComposingErrorCode.NOT_VALID
    message = N_("The message would not be valid: {reason}")


class DraftChanged(ComposingProblem):
    code = ComposingErrorCode.DRAFT_CHANGED
    field = "digest"
    message = N_("The draft has changed since you saw it. Look at it again.")


class NotInThisState(ComposingProblem):
    code = ComposingErrorCode.NOT_IN_THIS_STATE
    message = N_("The draft is not in a state in which this can be done.")


class ApprovalNeeded(ComposingProblem):
    code = ComposingErrorCode.APPROVAL_NEEDED
    message = N_("A warning of this severity needs a second person. Submit it for approval.")


class SelfApproval(ComposingProblem):
    code = ComposingErrorCode.SELF_APPROVAL
    message = N_("Nobody approves what they wrote themselves, under whichever account.")


class ConfirmationWrong(ComposingProblem):
    code = ComposingErrorCode.CONFIRMATION_WRONG
    field = "confirmation"
    message = N_("Type “{wanted}” to confirm.")


class ReasonMissing(ComposingProblem):
    code = ComposingErrorCode.REASON_MISSING
    field = "reason"
    message = N_("Say in {least} to {most} characters why it cannot wait for a second person.")


class ForeignReference(ComposingProblem):
    code = ComposingErrorCode.FOREIGN_REFERENCE
    field = "alertId"
    message = N_("Only the agency that issued a warning may update or end it.")


class AmbiguousReference(ComposingProblem):
    code = ComposingErrorCode.AMBIGUOUS_REFERENCE
    field = "alertId"
    message = N_("Another message has updated this warning. Go on from the latest one.")


class AlertEnded(ComposingProblem):
    code = ComposingErrorCode.ENDED
    field = "alertId"
    message = N_("This warning is over: it was cancelled, or has expired.")
