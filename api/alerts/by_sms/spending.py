"""What SMS of a warning cost: each person once, each segment counted before it is sent, and no more than allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store

KEPT_SECONDS = 30 * 24 * 3600
"""After the warning's end, as long as its outbox."""

_EXPIRING = Index(("expires_at",), expire_after_seconds=KEPT_SECONDS)
WARNING_SMS = CollectionSpec("warning_sms", (_EXPIRING,))
WARNING_SMS_COSTS = CollectionSpec("warning_sms_costs", (_EXPIRING,))


class AllowanceUsedUp(Exception):
    """The warning's SMS may cost no more."""


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
        self._told = store[WARNING_SMS]
        self._costs = store[WARNING_SMS_COSTS]
        self._most = most

    async def begin(self, notice_id: str, expires_at: datetime) -> None:
        """Make room for the counts of a notice, where there is none."""
        counts = {"messages": 0, "segments": 0, "held_back": 0, "expires_at": expires_at}
        if await self._costs.get(notice_id) is None:
            try:
                await self._costs.insert({"_id": notice_id, **counts})
            except DuplicateKey:
                return  # another worker's came in between

    async def spend(
        self, notice_id: str, person_id: str, segments: int, expires_at: datetime
    ) -> bool:
        """Count an SMS; False when the person has one already. Joins the open transaction.

        Raises AllowanceUsedUp, which must undo it.
        """
        mark = derived_id("warning sms", notice_id, person_id)
        try:
            await self._told.insert({"_id": mark, "expires_at": expires_at})
        except DuplicateKey:
            return False
        spent = await self._costs.update_one(
            {"_id": notice_id, "segments": {"$lte": self._most - segments}},
            {"$inc": {"messages": 1, "segments": segments}},
        )
        if spent is None:
            raise AllowanceUsedUp
        return True

    async def is_told(self, notice_id: str, person_id: str) -> bool:
        return await self._told.get(derived_id("warning sms", notice_id, person_id)) is not None

    async def note_held_back(self, notice_id: str, people: int) -> None:
        await self._costs.update_one({"_id": notice_id}, {"$set": {"held_back": people}})

    async def of(self, notice_ids: Sequence[str]) -> SmsSpent:
        """Return what all SMS of these notices took."""
        total = SmsSpent()
        for document in (await self._costs.get_many(notice_ids)).values():
            total += SmsSpent(document["messages"], document["segments"], document["held_back"])
        return total
