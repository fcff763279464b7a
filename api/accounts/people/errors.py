from api.accounts.errors import AccountErrorCode, AccountProblem
from api.kit.errors import N_


class InvalidName(AccountProblem):
    code = AccountErrorCode.INVALID_PROFILE
    message = N_(
        "A name has letters, at most {most} characters, and no symbols or signs that cannot be seen."
    )


class InvalidBirthDate(AccountProblem):
    code = AccountErrorCode.INVALID_PROFILE
    message = N_("A birth date lies in the past, at most {most} years ago.")


class NotAChild(AccountProblem):
    code = AccountErrorCode.INVALID_PROFILE
    message = N_("A child is younger than {age} years. Please choose another relation.")


class BirthDateDisagrees(AccountProblem):
    """With the citizen identity number that is kept of the same person."""

    code = AccountErrorCode.INVALID_PROFILE
    message = N_(
        "This birth date does not agree with the citizen identity number. Remove the number first."
    )


class TooManyDependants(AccountProblem):
    code = AccountErrorCode.TOO_MANY_DEPENDANTS
    message = N_("You can act for at most {most} people.")


class NeedsConsentMissing(AccountProblem):
    code = AccountErrorCode.CONSENT_MISSING
    message = N_("What somebody needs is kept only with your consent. Please give it first.")
