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
    message = N_("Too many codes were asked for. Please try again in {minutes} minutes.")

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
