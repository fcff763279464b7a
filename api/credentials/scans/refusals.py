"""Why a card is not let in, in words for the gate's screen."""

from collections.abc import Mapping
from typing import ClassVar

from typing_extensions import override

from api.credentials.errors import CredentialErrorCode, CredentialProblem
from api.credentials.scans.records import Fault
from api.kit.errors import N_, DomainError
from locales import Translator


class CardRefused(CredentialProblem):
    """A card that is not good here and now."""

    fault: ClassVar[Fault]


class WrongSignature(CardRefused):
    fault = Fault.WRONG_SIGNATURE
    code = CredentialErrorCode.CARD_UNKNOWN
    message = N_("This is not one of our cards.")


class UnknownCard(CardRefused):
    fault = Fault.UNKNOWN_CARD
    code = CredentialErrorCode.CARD_UNKNOWN
    message = N_("This is not one of our cards.")


class ForeignCard(CardRefused):
    fault = Fault.FOREIGN
    code = CredentialErrorCode.CARD_FOREIGN
    message = N_("This card is not for this gate.")


class CardNotYetValid(CardRefused):
    fault = Fault.NOT_YET_VALID
    code = CredentialErrorCode.CARD_NOT_YET_VALID
    message = N_("This card is not valid yet.")


class CardExpired(CardRefused):
    fault = Fault.EXPIRED
    code = CredentialErrorCode.CARD_EXPIRED
    message = N_("This card has expired.")


class CardRevoked(CardRefused):
    fault = Fault.REVOKED
    code = CredentialErrorCode.CARD_REVOKED
    message = N_("This card is revoked for good.")


class CardSuspended(CardRefused):
    fault = Fault.SUSPENDED
    code = CredentialErrorCode.CARD_SUSPENDED
    message = N_("This card is suspended.")


class CardReplaced(CardRefused):
    fault = Fault.REPLACED
    code = CredentialErrorCode.CARD_REPLACED
    message = N_("This card was replaced by a newer one.")


class KeyEnded(CardRefused):
    fault = Fault.KEY_ENDED
    code = CredentialErrorCode.KEY_ENDED
    message = N_("This card is too old for our gates. Have it re-issued in the app.")


class CodeMissing(CardRefused):
    fault = Fault.CODE_MISSING
    code = CredentialErrorCode.CODE_MISSING
    message = N_("The code beneath the card is missing. Show the card in the app.")


class CodeWrong(CardRefused):
    fault = Fault.CODE_WRONG
    code = CredentialErrorCode.CODE_WRONG
    message = N_("The code is old or wrong. Show the card in the app, not a picture of it.")


class CodeUsed(CardRefused):
    fault = Fault.CODE_USED
    code = CredentialErrorCode.CODE_USED
    message = N_("This code was used already. Wait for the next one, at most 30 seconds.")


class ConfirmationNeeded(CardRefused):
    fault = Fault.UNCONFIRMED
    code = CredentialErrorCode.CONFIRMATION_NEEDED
    message = N_("A printed card: compare photo and name, and confirm that they fit.")


class UseRefused(CredentialProblem):
    """What the slice of the card's kind has against it, in its words."""

    code = CredentialErrorCode.USE_REFUSED
    message = N_("This card cannot be used for this here.")

    def __init__(self, reason: DomainError) -> None:
        self.reason = reason
        super().__init__()

    @override
    def localized(self, translate: Translator) -> str:
        return self.reason.localized(translate)


REFUSALS: Mapping[Fault, type[CardRefused]] = {
    refusal.fault: refusal
    for refusal in (
        WrongSignature,
        UnknownCard,
        ForeignCard,
        CardNotYetValid,
        CardExpired,
        CardRevoked,
        CardSuspended,
        CardReplaced,
        KeyEnded,
        CodeMissing,
        CodeWrong,
        CodeUsed,
        ConfirmationNeeded,
    )
}
"""For every fault that is found online."""


class InvalidScan(CredentialProblem):
    """A scan that a gate tells of, and that cannot be one; `field` names the part as the contract does."""

    code = CredentialErrorCode.INVALID_SCAN
    message = N_("This value is not possible.")

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__()


class ScanIdReused(CredentialProblem):
    code = CredentialErrorCode.SCAN_ID_REUSED
    field = "id"
    message = N_("This id was already used for another scan.")


class TooManyScans(CredentialProblem):
    code = CredentialErrorCode.TOO_MANY_SCANS
    field = "scans"
    message = N_("Send 1 to {most} scans at a time.")


class FlagNotFound(CredentialProblem):
    """Also the answer to a flag of somebody else's gate."""

    code = CredentialErrorCode.NOT_FOUND
    message = N_("There is no flag with this id at your gates.")


class AlreadyResolved(CredentialProblem):
    code = CredentialErrorCode.ALREADY_RESOLVED
    message = N_("Somebody has resolved this already.")


class InvalidNote(CredentialProblem):
    code = CredentialErrorCode.INVALID_NOTE
    field = "note"
    message = N_("Say in 1 to {most} characters of plain text what you found out.")
