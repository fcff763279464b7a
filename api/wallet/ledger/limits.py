"""How much may move: in one transfer, into and out of one account a day, and how much it may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.wallet.errors import InvalidAmount
from api.wallet.ledger.records import AMOUNT_AT_MOST, AccountKind, Side, TransferKind

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """Of one kind of account, in đồng; None: without a limit.

    `paid_a_day`: payments out of it. `taken_a_day`: what it takes in, of the kinds that are
    counted there (see `counted`). `balance_at_most`: what topping up may bring it to.
    """

    paid_a_day: int | None = None
    taken_a_day: int | None = None
    balance_at_most: int | None = None


_NONE = AccountLimits()


@dataclass(frozen=True, slots=True)
class WalletLimits:
    """`amount_at_most`: of one transfer. Settings give them; the ledger keeps them."""

    amount_at_most: int = AMOUNT_AT_MOST
    by_kind: Mapping[AccountKind, AccountLimits] = field(
        default_factory=lambda: {
            AccountKind.PERSON: AccountLimits(20 * MILLION, 20 * MILLION, 50 * MILLION),
            AccountKind.CARD: AccountLimits(5 * MILLION, 5 * MILLION, 10 * MILLION),
            AccountKind.MERCHANT: AccountLimits(taken_a_day=500 * MILLION),
            AccountKind.COUNTER_CASH: AccountLimits(taken_a_day=200 * MILLION),
        }
    )

    def of(self, kind: AccountKind) -> AccountLimits:
        return self.by_kind.get(kind, _NONE)

    def check_amount(self, amount: int) -> None:
        """Raise InvalidAmount unless it is 1 to `amount_at_most`."""
        if not 1 <= amount <= self.amount_at_most:
            raise InvalidAmount(most=self.amount_at_most)


def counts_as_paid(kind: TransferKind, side: Side) -> bool:
    """Tell whether a leg counts against what may be paid in a day: payments, where they come from."""
    return kind is TransferKind.PAYMENT and side is Side.DEBIT


def counts_as_taken(kind: TransferKind, side: Side, account: AccountKind) -> bool:
    """Tell whether a leg counts against what may be taken in a day.

    Of a payment its payee; of a top-up the account that is topped up, and the cash drawer.
    """
    if kind is TransferKind.PAYMENT:
        return side is Side.CREDIT
    return kind is TransferKind.TOP_UP and (
        side is Side.CREDIT or account is AccountKind.COUNTER_CASH
    )
