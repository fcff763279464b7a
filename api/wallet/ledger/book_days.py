"""The days of the books: running totals of each, and whether it still takes entries.

The totals of a day are spread over some documents, so that transfers that have nothing else in
common seldom wait for each other. An entry adds to one of them on the condition that it is open;
closing closes them all, in one transaction, also those that nobody has written yet.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.ids import derived_id
from api.kit.jobs import Jobs
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict
from api.wallet.errors import DayClosed
from api.wallet.ledger.records import AccountKind, Entry, Side

WALLET_DAYS = CollectionSpec("wallet_days", (Index(("is_closed", "day")), Index(("day",))))
CLOSE_DAY = "wallet.close_day"
CLOSES_AFTER = timedelta(minutes=10)
"""After midnight in Vietnam: longer than any transaction lasts that began before."""
_PARTS = 8


@dataclass(frozen=True, slots=True)
class KindTotals:
    """Đồng that accounts of one kind were debited and credited with."""

    debits: int = 0
    credits: int = 0


def day_of(now: datetime) -> str:
    """Return the day of the books: the date on the calendar in Vietnam."""
    return day_in_vietnam(now).isoformat()


def end_of(day: str) -> datetime:
    """Return the moment at which a day is over."""
    next_day = date.fromisoformat(day) + timedelta(days=1)
    return datetime.combine(next_day, time(tzinfo=VIETNAM_TIME)).astimezone(UTC)


class BookDays:
    """All queries on the days. Writes join the open transaction."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._days = store[WALLET_DAYS]
        self._jobs = jobs

    async def count(self, day: str, transfer_id: str, entries: Sequence[Entry]) -> None:
        """Add entries to the totals of their day. Raises DayClosed."""
        part_id = _part_id(day, part_of(transfer_id))
        sums = _sums_of(entries)
        still_open = {"_id": part_id, "is_closed": False}
        if await self._days.update_one(still_open, {"$inc": sums}) is not None:
            return
        if await self._days.get(part_id) is not None:
            raise DayClosed
        try:
            await self._days.insert(_nested(part_id, day, sums))
        except DuplicateKey as error:
            raise WriteConflict from error
        await self._plan_closing(day)

    async def close(self, day: str) -> None:
        """Let the day take no more entries; needs an open transaction."""
        for number in range(_PARTS):
            part_id = _part_id(day, number)
            closed = {"$set": {"is_closed": True}}
            if await self._days.update_one({"_id": part_id}, closed) is None:
                try:
                    await self._days.insert({**_nested(part_id, day, {}), "is_closed": True})
                except DuplicateKey as error:
                    raise WriteConflict from error

    async def totals(self, day: str) -> dict[AccountKind, KindTotals]:
        """Return what was counted while entries were written, by kind of account."""
        debits: Counter[str] = Counter()
        credits_: Counter[str] = Counter()
        for part in await self._days.find({"day": day}):
            debits.update(part[Side.DEBIT])
            credits_.update(part[Side.CREDIT])
        kinds = sorted(AccountKind(name) for name in debits.keys() | credits_.keys())
        return {kind: KindTotals(debits[kind], credits_[kind]) for kind in kinds}

    async def open_before(self, day: str) -> list[str]:
        """Return earlier days that still take entries, the oldest first."""
        found = await self._days.find({"is_closed": False, "day": {"$lt": day}})
        return sorted({document["day"] for document in found})

    async def _plan_closing(self, day: str) -> None:
        await self._jobs.enqueue(
            CLOSE_DAY,
            {"day": day},
            id=derived_id("wallet close", day),
            run_at=end_of(day) + CLOSES_AFTER,
        )


def part_of(transfer_id: str) -> int:
    """Return which part of the day counts a transfer."""
    return sum(transfer_id.encode()) % _PARTS


def _part_id(day: str, number: int) -> str:
    return f"{day}.{number}"


def _sums_of(entries: Sequence[Entry]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[f"{entry.side}.{entry.account_kind}"] += entry.amount
    return dict(sums)


def _nested(part_id: str, day: str, sums: dict[str, int]) -> Document:
    nested: Document = {Side.DEBIT: {}, Side.CREDIT: {}}
    for path, amount in sums.items():
        side, kind = path.split(".")
        nested[side][kind] = amount
    return {"_id": part_id, "day": day, "is_closed": False, **nested}
