from api.accounts.errors import AccountErrorCode, AccountProblem
from api.kit.errors import N_


class InvalidCitizenNumber(AccountProblem):
    code = AccountErrorCode.INVALID_IDENTITY_NUMBER
    message = N_(
        "A citizen identity number has 12 digits, which tell province, century, sex and year of birth."
    )


class InvalidInsuranceNumber(AccountProblem):
    code = AccountErrorCode.INVALID_IDENTITY_NUMBER
    message = N_("A health insurance number has 10 digits, or the 15 letters and digits of a card.")


class InvalidPassportNumber(AccountProblem):
    code = AccountErrorCode.INVALID_IDENTITY_NUMBER
    message = N_("A passport number has 6 to 9 letters and digits.")


class NumberDisagrees(AccountProblem):
    """A citizen identity number tells the year of birth, which is another than was stated."""

    code = AccountErrorCode.INVALID_IDENTITY_NUMBER
    message = N_("This citizen identity number does not agree with the birth date that is kept.")


class PapersConsentMissing(AccountProblem):
    code = AccountErrorCode.CONSENT_MISSING
    message = N_("Identity papers are kept only with your consent. Please give it first.")
