"""Digests as documents: one a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.feedback.channels.records import ITEMS_KEPT_FOR
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store

CHANNEL_DIGESTS = CollectionSpec(
    "channel_digests", (Index(("until",)), Index(("kept_until",), expire_after_seconds=0))
)
Counts = tuple[tuple[str, int], ...]
"""Pairs, the most first."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What came from `since`, before `until`. `issues`: ids; `failing`: sources without an answer for a day."""

    day: date
    since: datetime
    until: datetime
    topics: Counts
    places: Counts
    moods: Counts
    issues: Counts
    failing: tuple[str, ...]

    @property
    def items(self) -> int:
        return sum(count for _, count in self.topics)


class DigestRepository:
    def __init__(self, store: Store) -> None:
        self._digests = store[CHANNEL_DIGESTS]

    async def add(self, digest: Digest) -> bool:
        """Keep it; False when there is one of the day. Joins the open transaction."""
        try:
            await self._digests.insert(_document(digest))
        except DuplicateKey:
            return False
        return True

    async def page(self, after: Sequence[Any] | None, limit: int) -> list[Digest]:
        """Return digests, the newest first."""
        found = await self._digests.find({}, sort=[("until", -1)], after=after, limit=limit)
        return list(map(_digest, found))


def ranked(counts: Mapping[Any, int], most: int) -> Counts:
    """Return the greatest counts, the most first; what has no name is left out."""
    named = [(str(key), count) for key, count in counts.items() if key is not None]
    return tuple(sorted(named, key=lambda one: (-one[1], one[0]))[:most])


def _document(digest: Digest) -> Document:
    return {
        "_id": digest.day.isoformat(),
        "since": digest.since,
        "until": digest.until,
        "topics": _packed(digest.topics),
        "places": _packed(digest.places),
        "moods": _packed(digest.moods),
        "issues": _packed(digest.issues),
        "failing": list(digest.failing),
        "kept_until": digest.until + ITEMS_KEPT_FOR,
    }


def _digest(document: Document) -> Digest:
    return Digest(
        day=date.fromisoformat(document["_id"]),
        since=document["since"],
        until=document["until"],
        topics=_counts(document["topics"]),
        places=_counts(document["places"]),
        moods=_counts(document["moods"]),
        issues=_counts(document["issues"]),
        failing=tuple(document["failing"]),
    )


def _packed(counts: Counts) -> list[Document]:
    return [{"key": key, "count": count} for key, count in counts]


def _counts(packed: Sequence[Document]) -> Counts:
    return tuple((one["key"], one["count"]) for one in packed)
