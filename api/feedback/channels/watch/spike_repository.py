"""Spikes as documents: of a subject one at most is open, by a unique index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.feedback.channels.records import ITEMS_KEPT_FOR, Topic
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store

CHANNEL_SPIKES = CollectionSpec(
    "channel_spikes",
    (
        Index(("subject",), unique=True, partial={"is_open": True}),
        Index(("began_at",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)


@dataclass(frozen=True, slots=True)
class Spike:
    """`issue_id`: None of a spike of a whole topic. `count` and `usual`: when it began; `quiet`: looks in a row."""

    id: str
    topic: Topic
    issue_id: str | None
    count: int
    usual: float
    began_at: datetime
    ended_at: datetime | None = None
    quiet: int = 0

    @property
    def subject(self) -> str:
        return subject_of(self.topic, self.issue_id)


def subject_of(topic: Topic, issue_id: str | None) -> str:
    """Return what at most one spike is open of."""
    return f"issue {issue_id}" if issue_id else f"topic {topic.value}"


class SpikeRepository:
    """All queries. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._spikes = store[CHANNEL_SPIKES]

    async def begin(self, spike: Spike) -> bool:
        """Open a spike; False when one of its subject is open."""
        try:
            await self._spikes.insert(
                {
                    "_id": spike.id,
                    "subject": spike.subject,
                    "topic": spike.topic.value,
                    "issue_id": spike.issue_id,
                    "count": spike.count,
                    "usual": spike.usual,
                    "is_open": True,
                    "quiet": 0,
                    "began_at": spike.began_at,
                    "ended_at": None,
                    "kept_until": spike.began_at + ITEMS_KEPT_FOR,
                }
            )
        except DuplicateKey:
            return False
        return True

    async def open_ones(self) -> list[Spike]:
        return list(map(_spike, await self._spikes.find({"is_open": True})))

    async def heard(self, spike: Spike) -> None:
        """Begin to count quiet looks anew."""
        await self._spikes.update_one({"_id": spike.id, "is_open": True}, {"$set": {"quiet": 0}})

    async def was_quiet(self, spike: Spike, looks: int, now: datetime) -> None:
        """Count a quiet look, and end the spike after `looks` in a row."""
        update: dict[str, Any] = {"$inc": {"quiet": 1}}
        if spike.quiet + 1 >= looks:
            update["$set"] = {"is_open": False, "ended_at": now}
        seen = {"_id": spike.id, "is_open": True, "quiet": spike.quiet}
        await self._spikes.update_one(seen, update)

    async def page(self, after: Sequence[Any] | None, limit: int) -> list[Spike]:
        """Return spikes, the newest first."""
        found = await self._spikes.find({}, sort=[("began_at", -1)], after=after, limit=limit)
        return list(map(_spike, found))


def _spike(document: Document) -> Spike:
    return Spike(
        id=document["_id"],
        topic=Topic(document["topic"]),
        issue_id=document["issue_id"],
        count=document["count"],
        usual=document["usual"],
        began_at=document["began_at"],
        ended_at=document["ended_at"],
        quiet=document["quiet"],
    )
