from api.accounts.errors import AccountErrorCode, AccountProblem
from api.kit.errors import N_


class InvalidStay(AccountProblem):
    code = AccountErrorCode.INVALID_STAY
    message = N_(
        "A stay is in one commune of {province} or at one place there, ends today or later, begins within"
        " a year, and takes at most {most} days."
    )


class TooManyStays(AccountProblem):
    code = AccountErrorCode.TOO_MANY_STAYS
    message = N_("At most {most} stays are kept at a time. Remove one first.")


class StayConsentMissing(AccountProblem):
    code = AccountErrorCode.CONSENT_MISSING
    message = N_("Where you will be is kept only with your consent to be warned there.")
