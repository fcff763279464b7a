from enum import StrEnum, auto

from api.accounts.errors import AccountErrorCode, AccountProblem
from api.kit.errors import N_, DomainError


class OutdatedConsent(AccountProblem):
    code = AccountErrorCode.INVALID_CONSENT
    message = N_("This text has changed meanwhile. Please read it again before you agree.")


class DependantMustAgree(AccountProblem):
    code = AccountErrorCode.CONSENT_OF_DEPENDANT_MISSING
    message = N_(
        "From the age of {age} on, the person you act for must agree too. Please read the text together."
    )


class MoneyLeft(AccountProblem):
    """Raised by whoever keeps money of people, when one wants to leave (`SettlesUp`)."""

    code = AccountErrorCode.MONEY_LEFT
    message = N_(
        "There is money in your wallet, or a payment is under way. Have it paid out at a counter, or"
        " give it up, before you leave."
    )


class ExportErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    EXPORT_LINK_ENDED = auto()
    EXPORT_NOT_READY = auto()
    EXPORT_ENDED = auto()


class ExportProblem(DomainError):
    """Any refusal of a download; `code` is an ExportErrorCode."""


class ExportLinkEnded(ExportProblem):
    """Also for a link that was never ours, so that ids cannot be tried out."""

    code = ExportErrorCode.EXPORT_LINK_ENDED
    message = N_("This link does not hold any more. Open the copy of your data in the app again.")


class ExportNotReady(ExportProblem):
    code = ExportErrorCode.EXPORT_NOT_READY
    message = N_("The copy of your data is still being made. It takes less than a minute.")


class ExportEnded(ExportProblem):
    code = ExportErrorCode.EXPORT_ENDED
    message = N_("This copy of your data is not kept any more. Ask for a new one in the app.")
