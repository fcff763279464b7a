"""The two sides of a transfer: accounts moved under their conditions, and the entries that say so."""

from dataclasses import replace
from datetime import datetime
from typing import Never

from api.kit.store import WriteConflict
from api.wallet.errors import (
    AccountClosed,
    AccountNotFound,
    BalanceLimitReached,
    DailyLimitReached,
    NotEnoughMoney,
)
from api.wallet.ledger.account_repository import AccountRepository, Movement, changes_of
from api.wallet.ledger.book_days import BookDays, day_of
from api.wallet.ledger.entry_repository import EntryRepository
from api.wallet.ledger.limits import WalletLimits, counts_as_paid, counts_as_taken
from api.wallet.ledger.records import (
    Account,
    AccountState,
    DayCounts,
    Entry,
    Side,
    Transfer,
    TransferKind,
    may_overdraw,
    normal_side,
)


class Postings:
    """Every method needs an open transaction, which a refusal must undo."""

    def __init__(
        self,
        accounts: AccountRepository,
        entries: EntryRepository,
        days: BookDays,
        limits: WalletLimits,
    ) -> None:
        self._accounts = accounts
        self._entries = entries
        self._days = days
        self._limits = limits

    async def post_now(self, transfer: Transfer, now: datetime, *, is_limited: bool) -> None:
        """Move it and write both entries."""
        amount = transfer.posted
        entries = [
            _entry(transfer, side, await self._take(transfer, side, is_limited, posted=amount), now)
            for side in Side
        ]
        await self._write(transfer, entries, now)

    async def hold(self, transfer: Transfer, now: datetime) -> None:
        """Set it aside on both sides; no entry is written."""
        for side in Side:
            await self._take(transfer, side, is_limited=True, pending=transfer.asked.amount)

    async def post_held(self, transfer: Transfer, now: datetime) -> None:
        """Move what was posted of a hold, let go the rest, and write both entries."""
        entries = [
            _entry(transfer, side, await self._let_go(transfer, side, now), now) for side in Side
        ]
        await self._write(transfer, entries, now)

    async def release(self, transfer: Transfer, now: datetime) -> None:
        """Let go what was held on both sides."""
        for side in Side:
            await self._let_go(transfer, side, now)

    async def refused(self, account: Account) -> Never:
        """Raise why an account takes nothing at all."""
        seen = await self._accounts.get(account.id)
        if seen is None:
            raise AccountNotFound
        if seen.state is AccountState.CLOSED:
            raise AccountClosed
        raise WriteConflict

    async def _take(
        self, transfer: Transfer, side: Side, is_limited: bool, posted: int = 0, pending: int = 0
    ) -> Account:
        account = await self._seen(transfer, side)
        amount = posted + pending
        movement = Movement(
            changes_of(account.kind, side, posted=posted, pending=pending, held=amount),
            available_at_least=_least(account, side, amount),
            available_at_most=self._most(account, side, transfer, is_limited),
            counts=self._counted(account, side, transfer, is_limited),
            posts=bool(posted),
        )
        moved = await self._accounts.move(account, movement)
        return moved or await self._refused(account.id, movement)

    async def _let_go(self, transfer: Transfer, side: Side, now: datetime) -> Account:
        account = await self._seen(transfer, side)
        rest = transfer.asked.amount - transfer.posted
        movement = Movement(
            changes_of(
                account.kind,
                side,
                posted=transfer.posted,
                pending=-transfer.asked.amount,
                held=-rest,
            ),
            counts=_uncounted(account, side, transfer, day_of(now), rest),
            posts=bool(transfer.posted),
            needs_open=False,
        )
        moved = await self._accounts.move(account, movement)
        return moved or await self.refused(account)

    async def _seen(self, transfer: Transfer, side: Side) -> Account:
        account_id = transfer.asked.debit if side is Side.DEBIT else transfer.asked.credit
        account = await self._accounts.get(account_id)
        if account is None:
            raise AccountNotFound
        return account

    def _most(
        self, account: Account, side: Side, transfer: Transfer, is_limited: bool
    ) -> int | None:
        most = self._limits.of(account.kind).balance_at_most
        tops_up = transfer.asked.kind is TransferKind.TOP_UP and side is normal_side(account.kind)
        return most - transfer.asked.amount if most and tops_up and is_limited else None

    def _counted(
        self, account: Account, side: Side, transfer: Transfer, is_limited: bool
    ) -> DayCounts | None:
        """Return the counts of the day with this transfer; raises DailyLimitReached."""
        amount, kind = transfer.asked.amount, transfer.asked.kind
        before, limits = account.counts.on(transfer.day), self._limits.of(account.kind)
        if counts_as_paid(kind, side):
            after = replace(before, paid=before.paid + amount)
            most = _lower(limits.paid_a_day, account.spending_limit)
            is_over = most is not None and after.paid > most
        elif counts_as_taken(kind, side, account.kind):
            after = replace(before, taken=before.taken + amount)
            is_over = limits.taken_a_day is not None and after.taken > limits.taken_a_day
        else:
            return None
        if is_over and is_limited:
            raise DailyLimitReached
        return after

    async def _refused(self, account_id: str, movement: Movement) -> Never:
        """Raise why a movement that takes from an account, or gives to it, was not made."""
        seen = await self._accounts.get(account_id)
        if seen is not None and seen.state is AccountState.OPEN:
            least, most = movement.available_at_least, movement.available_at_most
            if least is not None and seen.available < least:
                raise NotEnoughMoney
            limit = self._limits.of(seen.kind).balance_at_most
            if most is not None and limit is not None and seen.available > most:
                raise BalanceLimitReached(most=limit)
            raise WriteConflict
        raise AccountNotFound if seen is None else AccountClosed

    async def _write(self, transfer: Transfer, entries: list[Entry], now: datetime) -> None:
        await self._entries.add(entries)
        await self._days.count(day_of(now), transfer.id, entries)


def _least(account: Account, side: Side, amount: int) -> int | None:
    shrinks = side is not normal_side(account.kind)
    return amount if shrinks and not may_overdraw(account.kind) else None


def _lower(first: int | None, second: int | None) -> int | None:
    both = [limit for limit in (first, second) if limit is not None]
    return min(both, default=None)


def _uncounted(
    account: Account, side: Side, transfer: Transfer, today: str, rest: int
) -> DayCounts | None:
    """Return the counts without what a hold of the same day did not use; None: they stay."""
    counts, kind = account.counts, transfer.asked.kind
    if not rest or transfer.day != today or counts.day != today:
        return None
    if counts_as_paid(kind, side):
        return replace(counts, paid=counts.paid - rest)
    if counts_as_taken(kind, side, account.kind):
        return replace(counts, taken=counts.taken - rest)
    return None


def _entry(transfer: Transfer, side: Side, account: Account, now: datetime) -> Entry:
    return Entry(
        account_id=account.id,
        number=account.entry_count,
        transfer_id=transfer.id,
        kind=transfer.asked.kind,
        account_kind=account.kind,
        side=side,
        amount=transfer.posted,
        balance=account.balance,
        day=day_of(now),
        at=now,
    )
