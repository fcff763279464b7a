"""All questions that reviews ask of the store."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from api.kit.ids import derived_id, is_id
from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Sort,
    Store,
    WriteConflict,
)
from api.tourism.reviews.documents import review_document, review_of
from api.tourism.reviews.records import Fault, QueueReason, Review, ReviewOrder, Subject

REVIEWS = CollectionSpec(
    "reviews",
    (
        Index(("person_id", "subject"), unique=True),
        Index(("person_id", "created_at")),
        Index(("subject", "shown.written_at")),
        Index(("subject", "shown.stars", "shown.written_at")),
        Index(("waiting.since",)),
        Index(("decision.by",)),
        Index(("reply.by",)),
    ),
)
REVIEW_REPORTS = CollectionSpec("review_reports", (Index(("person_id",)), Index(("review_id",))))

ORDERS: Mapping[ReviewOrder, Sort] = {
    ReviewOrder.NEWEST: (("shown.written_at", -1),),
    ReviewOrder.HIGHEST: (("shown.stars", -1), ("shown.written_at", -1)),
    ReviewOrder.LOWEST: (("shown.stars", 1), ("shown.written_at", -1)),
}
_IS_WAITING: Filter = {"waiting.since": {"$gte": datetime.fromtimestamp(0, UTC)}}
_IS_SHOWN: Filter = {"shown.stars": {"$gte": 1}}


class ReviewRepository:
    def __init__(self, store: Store) -> None:
        self._reviews = store[REVIEWS]
        self._reports = store[REVIEW_REPORTS]

    async def get(self, review_id: str) -> Review | None:
        return _or_none(await self._reviews.get(review_id)) if is_id(review_id) else None

    async def by(self, person_id: str, subject: Subject) -> Review | None:
        """Return what a person said of a subject."""
        own = {"person_id": person_id, "subject": str(subject)}
        return _or_none(await self._reviews.find_one(own))

    async def all_by(self, person_id: str) -> list[Review]:
        found = await self._reviews.find({"person_id": person_id}, sort=[("created_at", 1)])
        return list(map(review_of, found))

    async def newest_by(
        self, person_id: str, after: Sequence[Any] | None, limit: int
    ) -> list[Review]:
        found = await self._reviews.find(
            {"person_id": person_id}, sort=[("created_at", -1)], after=after, limit=limit
        )
        return list(map(review_of, found))

    async def shown_of(
        self,
        subject: Subject,
        languages: Sequence[str],
        order: ReviewOrder,
        after: Sequence[Any] | None,
        limit: int,
    ) -> list[Review]:
        """Return what readers see of a subject; no languages means all."""
        found = await self._reviews.find(
            {"subject": str(subject), **_IS_SHOWN, **_in(languages)},
            sort=ORDERS[order],
            after=after,
            limit=limit,
        )
        return list(map(review_of, found))

    async def queue(
        self, moderator: str, claims: Filter, after: Sequence[Any] | None, limit: int
    ) -> list[Review]:
        """Return what waits and this moderator may decide on, whoever waits longest first."""
        found = await self._reviews.find(
            {**_IS_WAITING, **_not_of(moderator), **claims},
            sort=[("waiting.since", 1)],
            after=after,
            limit=limit,
        )
        return list(map(review_of, found))

    async def claim(
        self, review_id: str, moderator: str, now: datetime, until: datetime
    ) -> Review | None:
        """Claim it in one write; None when it does not wait for this moderator, or is claimed."""
        free = [
            {"waiting.claimed_by": None},
            {"waiting.claimed_by": moderator},
            {"waiting.claimed_until": {"$lte": now}},
        ]
        claimed = {"waiting.claimed_by": moderator, "waiting.claimed_until": until}
        return _or_none(
            await self._reviews.update_one(
                {"_id": review_id, **_IS_WAITING, "$and": [{"$or": free}, _not_of(moderator)]},
                {"$set": claimed, "$inc": {"version": 1}},
            )
        )

    async def let_go(self, review_id: str, moderator: str) -> None:
        """End a claim of this moderator's; without one nothing happens."""
        await self._reviews.update_one(
            {"_id": review_id, **_IS_WAITING, "waiting.claimed_by": moderator},
            {
                "$set": {"waiting.claimed_by": None, "waiting.claimed_until": None},
                "$inc": {"version": 1},
            },
        )

    async def add(self, review: Review) -> None:
        """Insert it. Raises WriteConflict when the person reviewed the subject at the same moment."""
        try:
            await self._reviews.insert(review_document(review))
        except DuplicateKey as error:
            raise WriteConflict from error

    async def replace(self, review: Review) -> Review:
        """Put it in place of its version. Raises WriteConflict when somebody was faster."""
        stored = await self._reviews.replace_if_version(review_document(review), review.version)
        if stored is None:
            raise WriteConflict
        return review_of(stored)

    async def remove(self, review: Review) -> None:
        """Remove this version of it, and the reports on it. Raises WriteConflict."""
        this = {"_id": review.id, "version": review.version}
        if await self._reviews.delete_one(this) is None:
            raise WriteConflict
        await self._reports.delete_many({"review_id": review.id})

    async def note_report(
        self, review: Review, number: int, person_id: str, fault: Fault, now: datetime
    ) -> bool:
        """Note who reports a version; False when that person did so before."""
        report = {
            "_id": derived_id("review report", review.id, str(number), person_id),
            "person_id": person_id,
            "review_id": review.id,
            "fault": fault.value,
            "at": now,
        }
        try:
            await self._reports.insert(report)
        except DuplicateKey:
            return False
        return True

    async def reports_by(self, person_id: str) -> list[Document]:
        return await self._reports.find({"person_id": person_id}, sort=[("at", 1)])

    async def forget_reporter(self, person_id: str) -> None:
        """Forget who reported; the counts stay, and say of nobody anything."""
        await self._reports.delete_many({"person_id": person_id})

    async def forget_staff(self, person_id: str) -> None:
        """Make decisions and replies nobody's, and end claims."""
        for field in ("decision.by", "reply.by", "waiting.claimed_by"):
            await self._reviews.update_many(
                {field: person_id}, {"$set": {field: None}, "$inc": {"version": 1}}
            )


def _in(languages: Sequence[str]) -> Filter:
    """Match a language with and without script and region; none of them matches all."""
    if not languages:
        return {}
    field = "shown.language"
    regional = [{field: {"$prefix": f"{language}-"}} for language in languages]
    return {"$or": [{field: {"$in": list(languages)}}, *regional]}


def _not_of(moderator: str) -> Filter:
    """Leave out what this moderator wrote, and appeals against what this moderator refused."""
    others_refusal = [
        {"waiting.reason": {"$ne": QueueReason.APPEALED.value}},
        {"decision.by": {"$ne": moderator}},
    ]
    return {"person_id": {"$ne": moderator}, "$or": others_refusal}


def _or_none(document: Document | None) -> Review | None:
    return review_of(document) if document else None
