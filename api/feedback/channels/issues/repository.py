"""Items and issues as documents. What an item says is sealed; what the rules made of it is in clear."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.feedback.channels.records import (
    ITEMS_KEPT_FOR,
    Issue,
    IssueState,
    Item,
    ItemWords,
    Place,
    Sentiment,
    Topic,
)
from api.feedback.channels.understanding.story import bands_of
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

CHANNEL_ITEMS = CollectionSpec(
    "channel_items",
    (
        Index(("bands",), many=True),
        Index(("issue_id", "published_at")),
        Index(("topic", "published_at")),
        Index(("published_at",)),
        Index(("received_at",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
CHANNEL_ISSUES = CollectionSpec(
    "channel_issues",
    (
        Index(("slot", "began_at")),
        Index(("state", "last_at")),
        Index(("last_at",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
UNKNOWN_MOOD = "unknown"
_CANDIDATES_AT_MOST = 50
"""Of a story that is copied a thousand times, some copies are enough to know it by."""


class IssueRepository:
    """All queries. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._items = store[CHANNEL_ITEMS]
        self._issues = store[CHANNEL_ISSUES]
        self._sealer = sealer

    async def has_item(self, item_id: str) -> bool:
        return await self._items.get(item_id) is not None

    async def add_item(self, item: Item, signature: Sequence[int]) -> None:
        await self._items.insert(
            {
                "_id": item.id,
                "source_id": item.source_id,
                "issue_id": item.issue_id,
                "words": self._sealed(item),
                "language": item.language,
                "topic": item.topic.value,
                "place_key": item.place_key,
                "sentiment": item.sentiment.value if item.sentiment else UNKNOWN_MOOD,
                "published_at": item.published_at,
                "received_at": item.received_at,
                "signature": list(signature),
                "bands": bands_of(signature),
                "kept_until": item.published_at + ITEMS_KEPT_FOR,
            }
        )

    async def candidates(
        self, signature: Sequence[int], since: datetime, until: datetime
    ) -> list[tuple[str, Sequence[int]]]:
        """Return issues of items that may tell the same, published in a period, with their signatures."""
        if not signature:
            return []
        found = await self._items.find(
            {
                "bands": {"$in": bands_of(signature)},
                "published_at": {"$gte": since, "$lte": until},
            },
            limit=_CANDIDATES_AT_MOST,
        )
        return [(one["issue_id"], one["signature"]) for one in found]

    async def in_slot(self, slot: str, since: datetime, until: datetime) -> Issue | None:
        """Return the open issue of a topic and place that began in a period, the first of several."""
        found = await self._issues.find_one(
            {
                "slot": slot,
                "state": IssueState.OPEN.value,
                "began_at": {"$gte": since, "$lte": until},
            },
            sort=[("began_at", 1)],
        )
        return _issue(found) if found else None

    async def add_issue(self, issue: Issue, slot: str | None) -> None:
        await self._issues.insert(
            {
                "_id": issue.id,
                "topic": issue.topic.value,
                "place": _packed(issue.place),
                "place_key": issue.place.key if issue.place else None,
                "slot": slot,
                "state": issue.state.value,
                "lead_item_id": issue.lead_item_id,
                "began_at": issue.began_at,
                "first_at": issue.first_at,
                "last_at": issue.last_at,
                "items": issue.items,
                "moods": dict(issue.moods),
                "reports": list(issue.reports),
                "kept_until": issue.last_at + ITEMS_KEPT_FOR,
            }
        )

    async def grow(self, issue_id: str, at: datetime, mood: str) -> bool:
        """Count one more item; False when the issue is gone."""
        grown = await self._issues.update_one(
            {"_id": issue_id},
            {
                "$inc": {"items": 1, f"moods.{mood}": 1},
                "$min": {"first_at": at},
                "$max": {"last_at": at, "kept_until": at + ITEMS_KEPT_FOR},
            },
        )
        return grown is not None

    async def get(self, issue_id: str) -> Issue | None:
        document = await self._issues.get(issue_id) if is_id(issue_id) else None
        return _issue(document) if document else None

    async def get_many(self, issue_ids: Sequence[str]) -> dict[str, Issue]:
        found = await self._issues.get_many(sorted(set(issue_ids)))
        return {issue_id: _issue(document) for issue_id, document in found.items()}

    async def page(self, wanted: Filter, after: Sequence[Any] | None, limit: int) -> list[Issue]:
        """Return what matches, that with the newest item first."""
        found = await self._issues.find(wanted, sort=[("last_at", -1)], after=after, limit=limit)
        return list(map(_issue, found))

    async def change(self, issue_id: str, state: IssueState, update: Any) -> Issue | None:  # noqa: ANN401 - an update
        """Apply an update while the issue is in a state; None when it is not."""
        changed = await self._issues.update_one({"_id": issue_id, "state": state.value}, update)
        return _issue(changed) if changed else None

    async def items_of(self, issue_id: str, after: Sequence[Any] | None, limit: int) -> list[Item]:
        """Return the items of an issue, the newest first."""
        found = await self._items.find(
            {"issue_id": issue_id}, sort=[("published_at", -1)], after=after, limit=limit
        )
        return list(map(self._item, found))

    async def items(self, item_ids: Sequence[str]) -> dict[str, Item]:
        found = await self._items.get_many(sorted(set(item_ids)))
        return {item_id: self._item(document) for item_id, document in found.items()}

    async def published(self, of: Filter, until: datetime, within: timedelta) -> int:
        """Count items that were published in a period that ends at `until`."""
        return await self._items.count(
            {**of, "published_at": {"$gt": until - within, "$lte": until}}
        )

    async def published_by(self, field: str, until: datetime, within: timedelta) -> dict[Any, int]:
        """Count items of a period for each value of a field."""
        return await self._items.count_by(
            field, {"published_at": {"$gt": until - within, "$lte": until}}
        )

    async def received_by(self, field: str, since: datetime, until: datetime) -> dict[Any, int]:
        """Count items that came from `since`, before `until`, for each value of a field."""
        return await self._items.count_by(field, {"received_at": {"$gte": since, "$lt": until}})

    async def seal_anew(self) -> int:
        """Seal some items anew, as Resealed has it."""
        return await seal_anew(self._items, self._sealer, "words", sealed_place)

    def _sealed(self, item: Item) -> str:
        words = item.words
        value = {"title": words.title, "text": words.text, "url": words.url}
        return self._sealer.seal(value, sealed_place(item.id))

    def _item(self, document: Document) -> Item:
        words = self._sealer.open(document["words"], sealed_place(document["_id"]))
        mood = document["sentiment"]
        return Item(
            id=document["_id"],
            source_id=document["source_id"],
            issue_id=document["issue_id"],
            words=ItemWords(words["title"], words["text"], words["url"]),
            language=document["language"],
            topic=Topic(document["topic"]),
            place_key=document["place_key"],
            sentiment=None if mood == UNKNOWN_MOOD else Sentiment(mood),
            published_at=document["published_at"],
            received_at=document["received_at"],
        )


def sealed_place(item_id: str) -> str:
    return f"channel item {item_id}"


def newest_first(issue: Issue) -> tuple[datetime, str]:
    """Return the sort values of a page."""
    return issue.last_at, issue.id


def _packed(place: Place | None) -> Document | None:
    if place is None:
        return None
    return {
        "key": place.key,
        "names": dict(place.names),
        "commune_codes": list(place.commune_codes),
    }


def _place(packed: Mapping[str, Any] | None) -> Place | None:
    if packed is None:
        return None
    return Place(packed["key"], packed["names"], tuple(packed["commune_codes"]))


def _issue(document: Document) -> Issue:
    return Issue(
        id=document["_id"],
        topic=Topic(document["topic"]),
        place=_place(document["place"]),
        state=IssueState(document["state"]),
        lead_item_id=document["lead_item_id"],
        began_at=document["began_at"],
        first_at=document["first_at"],
        last_at=document["last_at"],
        items=document["items"],
        moods=document["moods"],
        reports=tuple(document["reports"]),
    )
