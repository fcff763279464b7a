"""Accounts, transfers and entries as they are kept, and the fixed list of kinds of account.

The model is the one of double-entry ledgers: a transfer debits one account and credits another by
the same amount. What an account holds grows on its normal side and shrinks on the other.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

AMOUNT_AT_MOST = 100_000_000
"""Đồng in one transfer. It fits GraphQL's Int with room to spare; sums are Dong (docs/wallet.md)."""


class Side(StrEnum):
    DEBIT = auto()
    CREDIT = auto()


class AccountKind(StrEnum):
    """What an account is for. PERSON and CARD hold money of people, which we owe them."""

    PERSON = auto()
    CARD = auto()
    MERCHANT = auto()
    PROVIDER_CLEARING = auto()
    """What a payment provider has taken for us and not yet handed over."""
    COUNTER_CASH = auto()
    """The cash drawer of one counter."""
    REVENUE = auto()
    """What an owner of products has earned."""
    FEES = auto()
    SUSPENSE = auto()
    """Money that came in and fits nowhere, until staff have found out whose it is."""
    FORFEITED = auto()
    """What people gave up when they left."""
    BANK = auto()
    """The outside world: what is handed over to and from banks."""


_DEBIT_NORMAL = frozenset(
    {AccountKind.PROVIDER_CLEARING, AccountKind.COUNTER_CASH, AccountKind.BANK}
)
_MAY_OVERDRAW = frozenset({AccountKind.BANK})


def normal_side(kind: AccountKind) -> Side:
    """Return the side on which an account of this kind grows."""
    return Side.DEBIT if kind in _DEBIT_NORMAL else Side.CREDIT


def may_overdraw(kind: AccountKind) -> bool:
    return kind in _MAY_OVERDRAW


class AccountState(StrEnum):
    OPEN = auto()
    CLOSED = auto()
    """Takes no more entries. Its holder has left."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an account is. `kind`: "person", "card", "merchant" … as the slice that opens it says."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What was counted on `day` (an ISO date in Vietnam): đồng paid, and đồng taken in."""

    day: str = ""
    paid: int = 0
    taken: int = 0

    def on(self, day: str) -> "DayCounts":
        """Return the counts of that day: none when they are another day's."""
        return self if self.day == day else DayCounts(day)


@dataclass(frozen=True, slots=True)
class Account:
    """One account. All amounts are đồng, none is negative but what may be overdrawn.

    `owner`: None when it is nobody's any more. `available`: the balance without what is held.
    `spending_limit`: đồng a day that may be paid from it, None without one; `entry_count`: entries
    so far, the number of the newest.
    """

    id: str
    owner: Owner | None
    kind: AccountKind
    state: AccountState
    debits: int
    credits: int
    debits_pending: int
    credits_pending: int
    available: int
    counts: DayCounts
    spending_limit: int | None
    entry_count: int
    opened_at: datetime

    @property
    def balance(self) -> int:
        """What the account holds, posted entries only."""
        grown, shrunk = (self.debits, self.credits)
        return grown - shrunk if normal_side(self.kind) is Side.DEBIT else shrunk - grown


class TransferKind(StrEnum):
    TOP_UP = auto()
    PAYMENT = auto()
    REFUND = auto()
    REVERSAL = auto()
    PAYOUT = auto()
    SETTLEMENT = auto()
    """Between us, banks, providers and merchants."""
    FEE = auto()
    FORFEIT = auto()


class TransferState(StrEnum):
    PENDING = auto()
    POSTED = auto()
    VOIDED = auto()
    EXPIRED = auto()


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """What is asked for. `id`: made by whoever asks, a UUID or an id of `api.kit.ids`.

    `debit`, `credit`: ids of accounts; a payment from a person debits the person's account.
    `by`: the id of the person who did it, None for the product itself. `reference`: an opaque id
    of what it is for, never words of people.
    """

    id: str
    kind: TransferKind
    debit: str
    credit: str
    amount: int
    by: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer. `asked` never changes; the state does once, from PENDING.

    `posted`: đồng that were moved, 0 unless POSTED. `returned`: of these, given back so far.
    `original`: the transfer that this one gives back. `day`: on which it was counted, as DayCounts.
    `expires_at`: None unless it began as a hold.
    """

    asked: NewTransfer
    state: TransferState
    posted: int
    returned: int
    is_reversed: bool
    original: str | None
    day: str
    created_at: datetime
    settled_at: datetime | None
    expires_at: datetime | None

    @property
    def id(self) -> str:
        return self.asked.id

    @property
    def left(self) -> int:
        """Đồng that can still be given back."""
        return self.posted - self.returned


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posted transfer, immutable. `number`: 1, 2, 3 … in its account, without gaps.

    `balance`: of the account after it. `day`: of the books, an ISO date in Vietnam.
    """

    account_id: str
    number: int
    transfer_id: str
    kind: TransferKind
    account_kind: AccountKind
    side: Side
    amount: int
    balance: int
    day: str
    at: datetime

    @property
    def change(self) -> int:
        """What it did to the balance: above 0 when the account grew."""
        return self.amount if self.side is normal_side(self.account_kind) else -self.amount
