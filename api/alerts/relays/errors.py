from api.accounts.errors import AccountErrorCode, AccountProblem
from api.kit.errors import N_


class InvalidRelay(AccountProblem):
    code = AccountErrorCode.INVALID_RELAY
    message = N_(
        "A relay needs a name of at most {most} characters, the code of a commune, an https address,"
        " and for Telegram a chat."
    )
