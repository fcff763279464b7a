"""The ledger, as every other part of the wallet and the slices above call it.

Each call is one transaction, and joins the one that is open (`api.kit.transactions.transact`): so
a card can be bought and paid for in one step. A refusal inside an open transaction fails it whole.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from api.kit.clock import Clock
from api.kit.ids import is_id
from api.kit.jobs import Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.wallet.errors import (
    AccountNotFound,
    AlreadySettled,
    HoldExpired,
    InvalidAmount,
    InvalidTransferId,
    MoreThanLeft,
    NotReversible,
    SameAccount,
    TransferIdReused,
    TransferNotFound,
)
from api.wallet.ledger.account_repository import AccountRepository
from api.wallet.ledger.book_days import BookDays, day_of
from api.wallet.ledger.entry_repository import EntryRepository
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.postings import Postings
from api.wallet.ledger.records import (
    Account,
    AccountKind,
    NewTransfer,
    Owner,
    Transfer,
    TransferKind,
    TransferState,
)
from api.wallet.ledger.transfer_repository import TransferRepository, content_of

EXPIRE_HOLD = "wallet.expire_hold"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GIVES_BACK = frozenset({TransferKind.REFUND, TransferKind.REVERSAL})


@dataclass(frozen=True, slots=True)
class Balance:
    """Đồng. `held` is in the balance, and not available."""

    balance: int
    available: int
    spending_limit: int | None
    paid_today: int

    @property
    def held(self) -> int:
        return self.balance - self.available


class Ledger:
    """Moves money. All refusals are WalletProblem."""

    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        transfers: TransferRepository,
        entries: EntryRepository,
        days: BookDays,
        limits: WalletLimits,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._transfers = transfers
        self._postings = Postings(accounts, entries, days, limits)
        self._limits = limits
        self._jobs = jobs
        self._clock = clock

    async def open_account(self, owner: Owner, kind: AccountKind) -> Account:
        """Return the owner's account of this kind, opened if there was none."""

        async def work() -> Account:
            found = await self._accounts.of_owner(owner, kind)
            return found or await self._accounts.open(owner, kind, self._clock())

        return await transact(self._store, work)

    async def account(self, owner: Owner, kind: AccountKind) -> Account | None:
        return await self._accounts.of_owner(owner, kind)

    async def account_by_id(self, account_id: str) -> Account | None:
        return await self._accounts.get(account_id) if is_id(account_id) else None

    async def balance(self, owner: Owner, kind: AccountKind) -> Balance:
        """Return what there is; nothing when no account was opened yet."""
        account = await self._accounts.of_owner(owner, kind)
        if account is None:
            return Balance(0, 0, None, 0)
        paid = account.counts.on(day_of(self._clock())).paid
        return Balance(account.balance, account.available, account.spending_limit, paid)

    async def set_spending_limit(
        self, owner: Owner, kind: AccountKind, dong: int | None
    ) -> Account:
        """Let at most this much be paid from the account a day (in Vietnam); None: only the general limit.

        Who may say so, the caller decides. Raises InvalidAmount below 0, AccountClosed.
        """
        if dong is not None and dong < 0:
            raise InvalidAmount(most=self._limits.amount_at_most)

        async def work() -> Account:
            account = await self.open_account(owner, kind)
            changed = await self._accounts.set_spending_limit(account.id, dong)
            return changed or await self._postings.refused(account)

        return await transact(self._store, work)

    async def transfer(self, new: NewTransfer, *, is_limited: bool = True) -> Transfer:
        """Move money at once. The same transfer under the same id again answers the first one.

        `is_limited`: False for money that has arrived already and must be booked; it is counted,
        but no daily limit and no limit of the balance refuses it.

        Raises InvalidTransferId, InvalidAmount, SameAccount, AccountNotFound, AccountClosed,
        NotEnoughMoney, DailyLimitReached, BalanceLimitReached, TransferIdReused, DayClosed.
        """
        self._check(new)

        async def first_time() -> Transfer:
            now = self._clock()
            transfer = _begun(new, now, posted=new.amount)
            await self._transfers.add(transfer)
            await self._postings.post_now(transfer, now, is_limited=is_limited)
            return transfer

        return await self._once(new, first_time)

    async def hold(self, new: NewTransfer, expires_at: datetime) -> Transfer:
        """Set money aside until it is posted or voided, or the hold expires.

        Raises what `transfer` does. Daily limits count it at once, and no more what is let go on the
        same day.
        """
        self._check(new)

        async def first_time() -> Transfer:
            now = self._clock()
            transfer = _begun(new, now, expires_at=expires_at)
            await self._transfers.add(transfer)
            await self._postings.hold(transfer, now)
            await self._jobs.enqueue(EXPIRE_HOLD, {"transfer": new.id}, run_at=expires_at)
            return transfer

        return await self._once(new, first_time, is_hold=True)

    async def post(self, transfer_id: str, amount: int | None = None) -> Transfer:
        """Move what was held, or a part; the rest is let go. The same again answers the first.

        Raises TransferNotFound, InvalidAmount (more than was held), AlreadySettled, HoldExpired.
        """

        async def work() -> Transfer:
            held = await self._found(transfer_id)
            posted = held.asked.amount if amount is None else amount
            if not 1 <= posted <= held.asked.amount:
                raise InvalidAmount(most=held.asked.amount)
            return await self._settle(held, TransferState.POSTED, posted)

        return await transact(self._store, work)

    async def void(self, transfer_id: str) -> Transfer:
        """Let all go that was held. The same again answers the first.

        Raises TransferNotFound, AlreadySettled, HoldExpired.
        """

        async def work() -> Transfer:
            return await self._settle(await self._found(transfer_id), TransferState.VOIDED, 0)

        return await transact(self._store, work)

    async def expire(self, transfer_id: str) -> None:
        """Let go what is held if its time is over: the job of each hold."""

        async def work() -> None:
            now = self._clock()
            expired = TransferState.EXPIRED
            if settled := await self._transfers.settle(transfer_id, expired, 0, now):
                await self._postings.release(settled, now)

        await transact(self._store, work)

    async def refund(
        self, transfer_id: str, new_id: str, amount: int, by: str | None = None
    ) -> Transfer:
        """Give back a part of a payment, or all; never more than was paid, in total.

        Raises TransferNotFound, NotReversible (not a payment), MoreThanLeft, and what `transfer` does.
        """
        original = await self._found(transfer_id)
        is_posted = original.state is TransferState.POSTED
        if original.asked.kind is not TransferKind.PAYMENT or not is_posted:
            raise NotReversible
        return await self._give_back(original, new_id, TransferKind.REFUND, amount, by)

    async def reverse(self, transfer_id: str, new_id: str, by: str | None = None) -> Transfer:
        """Take a transfer back, once: all that is left of it after refunds.

        Raises TransferNotFound, NotReversible (what gives back itself, or was never posted),
        MoreThanLeft (nothing is left), and what `transfer` does.
        """
        if kept := await self._transfers.get(new_id):
            return await self._replayed_reversal(kept, transfer_id)
        original = await self._found(transfer_id)
        if original.asked.kind in _GIVES_BACK or original.state is not TransferState.POSTED:
            raise NotReversible
        if not original.left or original.is_reversed:
            raise MoreThanLeft
        return await self._give_back(original, new_id, TransferKind.REVERSAL, original.left, by)

    async def find(self, transfer_id: str) -> Transfer | None:
        return await self._transfers.get(transfer_id)

    async def _give_back(
        self, original: Transfer, new_id: str, kind: TransferKind, amount: int, by: str | None
    ) -> Transfer:
        asked = original.asked
        new = NewTransfer(new_id, kind, asked.credit, asked.debit, amount, by, original.id)
        self._check(new)

        async def first_time() -> Transfer:
            now = self._clock()
            is_reversal = kind is TransferKind.REVERSAL
            if not await self._transfers.give_back(original, amount, is_reversal=is_reversal):
                raise MoreThanLeft
            transfer = replace(_begun(new, now, posted=amount), original=original.id)
            await self._transfers.add(transfer)
            await self._postings.post_now(transfer, now, is_limited=True)
            return transfer

        return await self._once(new, first_time)

    async def _replayed_reversal(self, kept: Transfer, transfer_id: str) -> Transfer:
        if kept.asked.kind is not TransferKind.REVERSAL or kept.original != transfer_id:
            raise TransferIdReused
        return kept

    async def _once(
        self,
        new: NewTransfer,
        first_time: Callable[[], Awaitable[Transfer]],
        *,
        is_hold: bool = False,
    ) -> Transfer:
        async def work() -> Transfer:
            kept = await self._transfers.get(new.id)
            if kept is None:
                return await first_time()
            was_hold = kept.expires_at is not None
            if content_of(kept.asked) != content_of(new) or was_hold is not is_hold:
                raise TransferIdReused
            return kept

        return await transact(self._store, work)

    async def _settle(self, held: Transfer, state: TransferState, posted: int) -> Transfer:
        now = self._clock()
        settled = await self._transfers.settle(held.id, state, posted, now)
        if settled is None:
            return _settled_before(await self._found(held.id), state, posted)
        if state is TransferState.POSTED:
            await self._postings.post_held(settled, now)
        else:
            await self._postings.release(settled, now)
        return settled

    async def _found(self, transfer_id: str) -> Transfer:
        found = await self._transfers.get(transfer_id)
        if found is None:
            raise TransferNotFound
        return found

    def _check(self, new: NewTransfer) -> None:
        if not (is_id(new.id) or _UUID.fullmatch(new.id)):
            raise InvalidTransferId
        self._limits.check_amount(new.amount)
        if new.debit == new.credit:
            raise SameAccount
        if not (is_id(new.debit) and is_id(new.credit)):
            raise AccountNotFound


def _begun(
    new: NewTransfer, now: datetime, *, posted: int = 0, expires_at: datetime | None = None
) -> Transfer:
    is_hold = expires_at is not None
    return Transfer(
        asked=new,
        state=TransferState.PENDING if is_hold else TransferState.POSTED,
        posted=posted,
        returned=0,
        is_reversed=False,
        original=None,
        day=day_of(now),
        created_at=now,
        settled_at=None if is_hold else now,
        expires_at=expires_at,
    )


def _settled_before(found: Transfer, state: TransferState, posted: int) -> Transfer:
    if found.state is state and found.posted == posted and found.expires_at is not None:
        return found
    is_over = found.state in (TransferState.PENDING, TransferState.EXPIRED)
    raise HoldExpired if is_over else AlreadySettled
