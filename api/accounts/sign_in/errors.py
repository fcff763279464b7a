from api.accounts.errors import AccountErrorCode, AccountProblem
from api.kit.errors import N_


class InvalidAddress(AccountProblem):
    code = AccountErrorCode.INVALID_ADDRESS
    message = N_("This is neither a phone number nor an e-mail address that we can write to.")


class CodeWrong(AccountProblem):
    code = AccountErrorCode.CODE_WRONG
    message = N_("This code is not right. Please check the digits.")


class CodeEnded(AccountProblem):
    """Used, too old, guessed too often, or never there: which of these is nobody's business."""

    code = AccountErrorCode.CODE_ENDED
    message = N_("This code does not hold any more. Please ask for a new one.")


class TooManyCodes(AccountProblem):
    code = AccountErrorCode.TOO_MANY_CODES
    message = N_("Too many messages were asked for. Please try again in {minutes} min.")

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(minutes=-(-retry_after_seconds // 60))
        self.retry_after_seconds = retry_after_seconds


class SessionEnded(AccountProblem):
    code = AccountErrorCode.SESSION_ENDED
    message = N_("You have been signed out. Please sign in again.")


class AddressInUse(AccountProblem):
    code = AccountErrorCode.ADDRESS_IN_USE
    message = N_("Another account signs in with this address.")


class LastAddress(AccountProblem):
    code = AccountErrorCode.LAST_ADDRESS
    message = N_("This is the only way into your account. Add another address before.")


class ProviderNotConfigured(AccountProblem):
    code = AccountErrorCode.PROVIDER_NOT_CONFIGURED
    message = N_("Signing in with an electronic identity is not offered here.")


class ProviderUnavailable(AccountProblem):
    """The provider is down, slow, or answers what is not in its standard."""

    code = AccountErrorCode.PROVIDER_UNAVAILABLE
    message = N_("The electronic identity service does not answer. Please try again in a moment.")

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class ProviderRefused(AccountProblem):
    """Not confirmed, used, too old, of another app, or never there: which is nobody's business."""

    code = AccountErrorCode.PROVIDER_REFUSED
    message = N_("Your electronic identity was not confirmed. Please begin again.")


class UnknownRedirect(AccountProblem):
    code = AccountErrorCode.UNKNOWN_REDIRECT
    message = N_("The sign-in cannot lead back to this address: it is not one of this app's.")


class AlreadySignedIn(AccountProblem):
    code = AccountErrorCode.ALREADY_SIGNED_IN
    message = N_(
        "You are signed in already. Sign out first, or add the identity to your account instead."
    )


class SignInAgain(AccountProblem):
    """The session is not young: a found phone must not suffice for what takes an account for good."""

    code = AccountErrorCode.REAUTHENTICATE
    message = N_("Please sign in again first: we must be sure that it is you.")
