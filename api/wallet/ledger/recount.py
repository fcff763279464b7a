"""`laocai wallet check`: everything counted anew from the entries and transfers, and what differs.

It reads each account in a transaction of its own, so it may run while money moves.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from enum import StrEnum, auto

from api.kit.store import Store
from api.kit.transactions import transact
from api.wallet.ledger.account_repository import AccountRepository
from api.wallet.ledger.closings import Closings
from api.wallet.ledger.entry_repository import EntryRepository
from api.wallet.ledger.records import (
    Account,
    Entry,
    Side,
    Transfer,
    TransferState,
    may_overdraw,
    normal_side,
)
from api.wallet.ledger.transfer_repository import TransferRepository

_AT_ONCE = 500


class DifferenceKind(StrEnum):
    BALANCE = auto()
    """The sums on the account are not those of its entries."""
    NUMBERS = auto()
    """An entry is missing, or there is one too many."""
    RUNNING_BALANCE = auto()
    OVERDRAWN = auto()
    HELD = auto()
    """What is held on the account is not what its open holds hold."""
    AVAILABLE = auto()
    TRANSFER = auto()
    """A posted transfer without its two equal entries, or one that is not posted with some."""
    RETURNED = auto()
    """More was given back than was posted, or other than was counted."""
    DEBITS_AND_CREDITS = auto()
    CONTROL = auto()
    """A closed day does not read as it was closed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`where`: the id of an account or transfer, or a day."""

    kind: DifferenceKind
    where: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Recount:
    """What was read. Debits and credits are sums over all accounts, in đồng."""

    accounts: int
    transfers: int
    debits: int
    credits: int
    differences: tuple[Difference, ...]


class Recounting:
    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        transfers: TransferRepository,
        entries: EntryRepository,
        closings: Closings,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._transfers = transfers
        self._entries = entries
        self._closings = closings

    async def run(self, progress: Callable[[int], None] | None = None) -> Recount:
        """Count it all. `progress` is told how many accounts and transfers are read."""
        differences: list[Difference] = []
        accounts = transfers = debits = credits_ = 0
        async for account_id in self._account_ids():
            account, found = await self._read(account_id)
            differences += found
            accounts, debits = accounts + 1, debits + account.debits
            credits_ += account.credits
            if progress is not None:
                progress(accounts)
        async for transfer in self._every_transfer():
            differences += await self._wrong_with(transfer)
            transfers += 1
            if progress is not None:
                progress(accounts + transfers)
        differences += await self._wrong_days()
        return Recount(accounts, transfers, debits, credits_, tuple(differences))

    async def _account_ids(self) -> AsyncGenerator[str]:
        after: str | None = None
        while found := await self._accounts.every(after, _AT_ONCE):
            for account in found:
                yield account.id
            after = found[-1].id

    async def _every_transfer(self) -> AsyncGenerator[Transfer]:
        after: str | None = None
        while found := await self._transfers.every(after, _AT_ONCE):
            for transfer in found:
                yield transfer
            after = found[-1].id

    async def _read(self, account_id: str) -> tuple[Account, list[Difference]]:
        async def work() -> tuple[Account, list[Difference]]:
            account = await self._accounts.get(account_id)
            assert account is not None, "accounts are never removed"  # noqa: S101
            entries = await self._entries.oldest_first(account_id)
            holds = await self._transfers.open_holds_of(account_id)
            return account, _wrong_account(account, entries, holds)

        return await transact(self._store, work)

    async def _wrong_with(self, transfer: Transfer) -> list[Difference]:
        seen = await self._entries.of_transfer(transfer.id)
        # Read again: it may have been posted in between.
        now = await self._transfers.get(transfer.id) or transfer
        found = sorted((it.side, it.account_id, it.amount) for it in seen)
        asked = now.asked
        sides = ((Side.DEBIT, asked.debit), (Side.CREDIT, asked.credit))
        is_posted = now.state is TransferState.POSTED
        due = sorted((side, account, now.posted) for side, account in sides) if is_posted else []
        wrong: list[Difference] = []
        if found != due and now == transfer:
            wrong.append(_difference(DifferenceKind.TRANSFER, now.id, due, found))
        back = sum(it.posted for it in await self._transfers.given_back_of(now.id))
        if not back <= now.posted or (back != now.returned and now == transfer):
            wrong.append(_difference(DifferenceKind.RETURNED, now.id, now.returned, back))
        return wrong

    async def _wrong_days(self) -> list[Difference]:
        wrong: list[Difference] = []
        previous = ""
        for closing in await self._closings.every():
            read = await self._closings.read(closing.day, previous)
            previous = closing.control
            if not closing.agrees or closing.debits != closing.credits:
                kind = DifferenceKind.DEBITS_AND_CREDITS
                wrong.append(_difference(kind, closing.day, closing.debits, closing.credits))
            if read.control != closing.control:
                kind = DifferenceKind.CONTROL
                wrong.append(_difference(kind, closing.day, closing.control, read.control))
        return wrong


def _wrong_account(
    account: Account, entries: list[Entry], holds: list[Transfer]
) -> list[Difference]:
    sums: Counter[Side] = Counter()
    pending: Counter[Side] = Counter()
    for entry in entries:
        sums[entry.side] += entry.amount
    for hold in holds:
        pending[_side_of(hold, account)] += hold.asked.amount
    shrinking = Side.CREDIT if normal_side(account.kind) is Side.DEBIT else Side.DEBIT
    numbers = [entry.number for entry in entries]
    balance = sum(entry.change for entry in entries)
    expected = (
        (DifferenceKind.BALANCE, (sums[Side.DEBIT], sums[Side.CREDIT]), _sums(account)),
        (DifferenceKind.NUMBERS, list(range(1, account.entry_count + 1)), numbers),
        (DifferenceKind.HELD, (pending[Side.DEBIT], pending[Side.CREDIT]), _pending(account)),
        (DifferenceKind.AVAILABLE, balance - pending[shrinking], account.available),
        (DifferenceKind.RUNNING_BALANCE, None, _first_wrong_balance(entries)),
    )
    wrong = [_difference(kind, account.id, due, is_) for kind, due, is_ in expected if due != is_]
    if account.available < 0 and not may_overdraw(account.kind):
        wrong.append(_difference(DifferenceKind.OVERDRAWN, account.id, "0", account.available))
    return wrong


def _first_wrong_balance(entries: list[Entry]) -> int | None:
    """Return the number of the first entry whose balance does not follow from those before it."""
    balance = 0
    for entry in entries:
        balance += entry.change
        if entry.balance != balance:
            return entry.number
    return None


def _side_of(hold: Transfer, account: Account) -> Side:
    return Side.DEBIT if hold.asked.debit == account.id else Side.CREDIT


def _sums(account: Account) -> tuple[int, int]:
    return (account.debits, account.credits)


def _pending(account: Account) -> tuple[int, int]:
    return (account.debits_pending, account.credits_pending)


def _difference(kind: DifferenceKind, where: str, expected: object, found: object) -> Difference:
    return Difference(kind, where, str(expected), str(found))
