"""Closing a day of the books: from then on it takes no entry, and one number stands for all of it.

The control is a digest over every entry of the day and the control of the closed day before it, so
whoever notes it down can tell later whether anything in the books up to that day was changed.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from api.kit.clock import Clock
from api.kit.jobs import Handler
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store
from api.kit.transactions import transact
from api.wallet.ledger.book_days import CLOSE_DAY, CLOSES_AFTER, BookDays, KindTotals, end_of
from api.wallet.ledger.entry_repository import EntryRepository
from api.wallet.ledger.records import AccountKind, Entry, Side

WALLET_CLOSINGS = CollectionSpec("wallet_closings", (Index(("closed_at",)),))
_ENTRIES_AT_ONCE = 1_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed day. `control`: 64 hexadecimal digits; `previous`: of the closed day before it.

    `agrees`: whether debits equal credits, and the entries the totals that were counted while they
    were written.
    """

    day: str
    totals: Mapping[AccountKind, KindTotals]
    entry_count: int
    control: str
    previous: str
    agrees: bool
    closed_at: datetime

    @property
    def debits(self) -> int:
        return sum(total.debits for total in self.totals.values())

    @property
    def credits(self) -> int:
        return sum(total.credits for total in self.totals.values())


@dataclass(frozen=True, slots=True)
class DayRead:
    """What the entries of a day say."""

    totals: Mapping[AccountKind, KindTotals]
    entry_count: int
    control: str


class Closings:
    def __init__(
        self, store: Store, days: BookDays, entries: EntryRepository, clock: Clock
    ) -> None:
        self._store = store
        self._closings = store[WALLET_CLOSINGS]
        self._days = days
        self._entries = entries
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {CLOSE_DAY: self._close_day}

    async def get(self, day: str) -> Closing | None:
        document = await self._closings.get(day)
        return _closing(document) if document else None

    async def every(self) -> list[Closing]:
        """Return all closed days, the oldest first."""
        return list(map(_closing, await self._closings.find({}, sort=[("_id", 1)])))

    async def close(self, day: str) -> Closing:
        """Close a day that is over, and before it every earlier one that is still open.

        Again, it answers the first closing. Raises ValueError for a day that is not over, or before
        one that is closed: its control would have to stand for this one too.
        """
        if kept := await self.get(day):
            return kept
        if self._clock() < end_of(day) + CLOSES_AFTER:
            raise ValueError(f"{day} is not over")
        if await self._closings.find_one({"_id": {"$gt": day}}) is not None:
            raise ValueError(f"a day after {day} is closed")
        for earlier in await self._days.open_before(day):
            await self._close_one(earlier)
        return await self._close_one(day)

    async def read(self, day: str, previous: str) -> DayRead:
        """Read the entries of a day, in order, and compute what stands for them."""
        digest = hashlib.sha256(f"{day} {previous}\n".encode())
        sums: dict[AccountKind, KindTotals] = defaultdict(KindTotals)
        count, after = 0, None
        while found := await self._entries.of_day(day, after, _ENTRIES_AT_ONCE):
            for _, entry in found:
                digest.update(_line(entry))
                sums[entry.account_kind] = _with(sums[entry.account_kind], entry)
            count, after = count + len(found), found[-1][0]
        return DayRead(dict(sorted(sums.items())), count, digest.hexdigest())

    async def _close_day(self, payload: Mapping[str, Any]) -> None:
        await self.close(payload["day"])

    async def _close_one(self, day: str) -> Closing:
        if kept := await self.get(day):
            return kept
        await transact(self._store, lambda: self._days.close(day))
        # From here on no entry of the day can come, so it may be read without a transaction.
        previous = await self._control_before(day)
        found, counted = await self.read(day, previous), await self._days.totals(day)
        closing = Closing(
            day=day,
            totals=found.totals,
            entry_count=found.entry_count,
            control=found.control,
            previous=previous,
            agrees=found.totals == counted and _is_balanced(found),
            closed_at=self._clock(),
        )
        return await self._keep(closing)

    async def _keep(self, closing: Closing) -> Closing:
        try:
            await self._closings.insert(_document(closing))
        except DuplicateKey:
            return await self.get(closing.day) or closing
        if not closing.agrees:
            log.error("the books of a day do not agree", day=closing.day)
        return closing

    async def _control_before(self, day: str) -> str:
        before = await self._closings.find_one({"_id": {"$lt": day}}, sort=[("_id", -1)])
        return str(before["control"]) if before else ""


def _is_balanced(found: DayRead) -> bool:
    totals = found.totals.values()
    return sum(it.debits for it in totals) == sum(it.credits for it in totals)


def _with(total: KindTotals, entry: Entry) -> KindTotals:
    if entry.side is Side.DEBIT:
        return replace(total, debits=total.debits + entry.amount)
    return replace(total, credits=total.credits + entry.amount)


def _line(entry: Entry) -> bytes:
    parts = (
        entry.account_id,
        str(entry.number),
        entry.transfer_id,
        entry.kind,
        entry.side,
        str(entry.amount),
        str(entry.balance),
        entry.at.isoformat(),
    )
    return (" ".join(parts) + "\n").encode()


def _document(closing: Closing) -> Document:
    return {
        "_id": closing.day,
        "totals": {
            str(kind): {"debits": total.debits, "credits": total.credits}
            for kind, total in closing.totals.items()
        },
        "entry_count": closing.entry_count,
        "control": closing.control,
        "previous": closing.previous,
        "agrees": closing.agrees,
        "closed_at": closing.closed_at,
    }


def _closing(document: Document) -> Closing:
    return Closing(
        day=document["_id"],
        totals={
            AccountKind(kind): KindTotals(total["debits"], total["credits"])
            for kind, total in document["totals"].items()
        },
        entry_count=document["entry_count"],
        control=document["control"],
        previous=document["previous"],
        agrees=document["agrees"],
        closed_at=document["closed_at"],
    )
