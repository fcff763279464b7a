from enum import StrEnum, auto

from api.kit.errors import N_, DomainError, Dong


class WalletErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    NOT_FOUND = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    INVALID_AMOUNT = auto()
    INVALID_SCOPE = auto()
    INVALID_DATE = auto()
    INVALID_TRANSFER_ID = auto()
    TRANSFER_ID_REUSED = auto()
    SAME_ACCOUNT = auto()
    ACCOUNT_CLOSED = auto()
    NOT_ENOUGH_MONEY = auto()
    DAILY_LIMIT = auto()
    BALANCE_LIMIT = auto()
    ALREADY_SETTLED = auto()
    HOLD_EXPIRED = auto()
    NOT_REVERSIBLE = auto()
    MORE_THAN_LEFT = auto()
    DAY_CLOSED = auto()
    PROVIDER_NOT_CONFIGURED = auto()
    TOO_MANY_ORDERS = auto()
    OWN_WALLET = auto()
    CHARGE_ENDED = auto()
    AMOUNT_CHANGED = auto()


class WalletProblem(DomainError):
    """Any refusal of this slice; `code` is a WalletErrorCode."""


class InvalidAmount(WalletProblem):
    code = WalletErrorCode.INVALID_AMOUNT
    message = N_("The amount must be 1 to {most} đồng, without fractions.")

    def __init__(self, most: int) -> None:
        super().__init__(most=Dong(most))


class InvalidTransferId(WalletProblem):
    code = WalletErrorCode.INVALID_TRANSFER_ID
    message = N_("A transfer needs a UUID of its own.")


class TransferIdReused(WalletProblem):
    """The id stands for another transfer already."""

    code = WalletErrorCode.TRANSFER_ID_REUSED
    message = N_("This id was already used for another transfer.")


class SameAccount(WalletProblem):
    code = WalletErrorCode.SAME_ACCOUNT
    message = N_("Money cannot be moved from an account to itself.")


class AccountNotFound(WalletProblem):
    code = WalletErrorCode.NOT_FOUND
    message = N_("There is no such wallet.")


class AccountClosed(WalletProblem):
    code = WalletErrorCode.ACCOUNT_CLOSED
    message = N_("This wallet is closed.")


class NotEnoughMoney(WalletProblem):
    """More than is available. How much that is, only the holder is told, by `wallet`."""

    code = WalletErrorCode.NOT_ENOUGH_MONEY
    message = N_("There is not enough money in the wallet.")


class DailyLimitReached(WalletProblem):
    code = WalletErrorCode.DAILY_LIMIT
    message = N_(
        "This would be more than is allowed in one day. Try a smaller amount, or tomorrow."
    )


class BalanceLimitReached(WalletProblem):
    code = WalletErrorCode.BALANCE_LIMIT
    message = N_("The wallet would hold more than the {most} đồng that are allowed.")

    def __init__(self, most: int) -> None:
        super().__init__(most=Dong(most))


class TransferNotFound(WalletProblem):
    """Also for what is another's, so that ids cannot be tried out."""

    code = WalletErrorCode.NOT_FOUND
    message = N_("There is no such payment.")


class AlreadySettled(WalletProblem):
    code = WalletErrorCode.ALREADY_SETTLED
    message = N_("This payment was completed or cancelled already.")


class HoldExpired(WalletProblem):
    code = WalletErrorCode.HOLD_EXPIRED
    message = N_("The time to complete this payment is over.")


class NotReversible(WalletProblem):
    code = WalletErrorCode.NOT_REVERSIBLE
    message = N_("This payment cannot be given back.")


class MoreThanLeft(WalletProblem):
    """All refunds together would be more than was paid."""

    code = WalletErrorCode.MORE_THAN_LEFT
    message = N_("No more can be given back than was paid and is left of it.")


class DayClosed(WalletProblem):
    """The books of the day are closed: somebody's clock is wrong."""

    code = WalletErrorCode.DAY_CLOSED
    message = N_("The books of this day are closed already.")


class InvalidScope(WalletProblem):
    code = WalletErrorCode.INVALID_SCOPE
    message = N_("There is no such counter or merchant.")


class InvalidDate(WalletProblem):
    code = WalletErrorCode.INVALID_DATE
    message = N_("This day cannot be shown.")


class NotEnoughCash(WalletProblem):
    code = WalletErrorCode.NOT_ENOUGH_MONEY
    message = N_("There is not enough cash at this counter.")


class OwnWallet(WalletProblem):
    """Whoever says that there was cash must not be who has it in the wallet."""

    code = WalletErrorCode.OWN_WALLET
    message = N_("You cannot pay into your own wallet. Let somebody else at the counter do it.")


class OwnPayout(OwnWallet):
    """Whoever says that cash was handed over must not be who gave up the money for it."""

    message = N_("You cannot pay out from your own wallet. Let somebody else at the counter do it.")


class NothingLeft(WalletProblem):
    code = WalletErrorCode.NOT_ENOUGH_MONEY
    message = N_("There is nothing in the wallet.")


class ProviderNotConfigured(WalletProblem):
    code = WalletErrorCode.PROVIDER_NOT_CONFIGURED
    message = N_("Paying in online is not possible here. You can pay in at a counter.")


class TooManyOrders(WalletProblem):
    code = WalletErrorCode.TOO_MANY_ORDERS
    message = N_("You have {most} payments open already. Finish one, or wait until it ends.")


class ChargeNotFound(WalletProblem):
    code = WalletErrorCode.NOT_FOUND
    message = N_("There is no such payment request.")


class ChargeEnded(WalletProblem):
    """Paid already, or its time is over."""

    code = WalletErrorCode.CHARGE_ENDED
    message = N_("This payment request does not hold any more. Ask for a new one.")


class AmountChanged(WalletProblem):
    """What the payer was shown is not what is asked for."""

    code = WalletErrorCode.AMOUNT_CHANGED
    message = N_("The amount is another one. Please look at the payment request again.")


class CallbackErrorCode(StrEnum):
    """Codes of the door for providers' callbacks. Stable across releases."""

    PROVIDER_UNKNOWN = auto()
    SIGNATURE_WRONG = auto()
    SIGNATURE_OUT_OF_TIME = auto()
    NOT_UNDERSTOOD = auto()


class CallbackProblem(DomainError):
    """Any refusal of a callback; `code` is a CallbackErrorCode."""


class ProviderUnknown(CallbackProblem):
    code = CallbackErrorCode.PROVIDER_UNKNOWN
    message = N_("There is no payment provider of this name.")


class SignatureWrong(CallbackProblem):
    code = CallbackErrorCode.SIGNATURE_WRONG
    message = N_("The signature is missing or wrong.")


class SignatureOutOfTime(CallbackProblem):
    """Genuine, but so old or so far ahead that somebody may be sending it again. Sign it anew."""

    code = CallbackErrorCode.SIGNATURE_OUT_OF_TIME
    message = N_("The signature was made more than {seconds} seconds ago, or in the future.")


class CallbackNotUnderstood(CallbackProblem):
    code = CallbackErrorCode.NOT_UNDERSTOOD
    message = N_("The callback is not one that we understand.")
