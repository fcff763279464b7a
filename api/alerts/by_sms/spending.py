"""What SMS of a warning cost: each segment counted before it is sent, and no more than allowed.

What says that warnings are over is counted apart, each end under its own notice: it takes nothing from what
warnings may cost, and may itself cost as much as a warning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.alerts.by_sms.told import KEPT_SECONDS
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store

WARNING_SMS_COSTS = CollectionSpec(
    "warning_sms_costs",
    (
        Index(("ends",), many=True),
        Index(("expires_at",), expire_after_seconds=KEPT_SECONDS),
    ),
)


class AllowanceUsedUp(Exception):
    """The notice's SMS may cost no more."""


class NoticeOver(Exception):
    """Something has replaced or ended the notice: no SMS of it may be queued any more."""


@dataclass(frozen=True, slots=True)
class SmsSpent:
    """`segments`: what is paid for. `held_back`: people to whom none went, because caps were reached."""

    messages: int = 0
    segments: int = 0
    held_back: int = 0

    def __add__(self, other: "SmsSpent") -> "SmsSpent":
        return SmsSpent(
            self.messages + other.messages,
            self.segments + other.segments,
            self.held_back + other.held_back,
        )


class SmsSpending:
    """All queries on it. `most`: segments that the SMS of one notice may take."""

    def __init__(self, store: Store, most: int) -> None:
        self._costs = store[WARNING_SMS_COSTS]
        self._most = most

    async def begin(self, notice_id: str, expires_at: datetime, ends: Sequence[str] = ()) -> None:
        """Make room for the counts of a notice, where there is none. `ends`: the warnings that it ends."""
        counts = {"messages": 0, "segments": 0, "held_back": 0, "is_over": False}
        if await self._costs.get(notice_id) is None:
            try:
                await self._costs.insert(
                    {"_id": notice_id, **counts, "ends": list(ends), "expires_at": expires_at}
                )
            except DuplicateKey:
                return  # another worker's came in between

    async def spend(self, notice_id: str, segments: int) -> None:
        """Count an SMS; joins the open transaction.

        Raises AllowanceUsedUp and NoticeOver, which must undo it.
        """
        going_on: Filter = {"_id": notice_id, "is_over": {"$ne": True}}
        spent = await self._costs.update_one(
            {**going_on, "segments": {"$lte": self._most - segments}},
            {"$inc": {"messages": 1, "segments": segments}},
        )
        if spent is not None:
            return
        if await self._costs.find_one(going_on) is None:
            raise NoticeOver
        raise AllowanceUsedUp

    async def close(self, notice_ids: Sequence[str]) -> None:
        """Let no SMS of these notices be queued any more, where that has begun: all that were can be seen now."""
        await self._costs.update_many(
            {"_id": {"$in": list(notice_ids)}}, {"$set": {"is_over": True}}
        )

    async def note_held_back(self, notice_id: str, people: int) -> None:
        await self._costs.update_one({"_id": notice_id}, {"$set": {"held_back": people}})

    async def of(self, notice_ids: Sequence[str]) -> SmsSpent:
        """Return what all SMS of these notices took."""
        return _sum((await self._costs.get_many(notice_ids)).values())

    async def of_ends(self, notice_ids: Sequence[str]) -> SmsSpent:
        """Return what was taken by all SMS that say that one of these is over, or changed."""
        return _sum(await self._costs.find({"ends": {"$in": list(notice_ids)}}))


def _sum(documents: Iterable[Document]) -> SmsSpent:
    total = SmsSpent()
    for document in documents:
        total += SmsSpent(document["messages"], document["segments"], document["held_back"])
    return total
