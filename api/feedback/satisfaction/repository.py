"""All questions that are asked of the store about ratings. Every change is one conditional write, by the version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.accounts.caller import Scope
from api.feedback.life.steps import Words
from api.feedback.reports.records import Reporter
from api.feedback.satisfaction.records import (
    Grade,
    Opinion,
    RatedKind,
    Rating,
    Reason,
    shown_from,
)
from api.feedback.satisfaction.tallies import tally_id
from api.kit.ids import derived_id, is_id, new_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store

RATINGS = CollectionSpec(
    "feedback_ratings",
    (
        Index(("rater", "asked_at")),
        Index(("office", "shown_from")),
        Index(("tally",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)


class RatingRepository:
    """Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._ratings = store[RATINGS]
        self._sealer = sealer

    async def add(self, rating: Rating) -> bool:
        """Add it; False when it is there: what one person goes through is rated once."""
        try:
            await self._ratings.insert(self._document(rating))
        except DuplicateKey:
            return False
        return True

    async def get(self, rating_id: str) -> Rating | None:
        document = await self._ratings.get(rating_id) if is_id(rating_id) else None
        return self._rating(document) if document else None

    async def put(self, rating: Rating) -> Rating | None:
        """Put it in place of its version in one write; None when somebody was faster."""
        stored = await self._ratings.replace_if_version(self._document(rating), rating.version)
        return self._rating(stored) if stored else None

    async def of(self, rater: Reporter) -> list[Rating]:
        """Return what somebody was asked for or gave, the newest first."""
        found = await self._ratings.find({"rater": rater.key}, sort=[("asked_at", -1)])
        return list(map(self._rating, found))

    async def page_of(
        self, rater: Reporter, now: datetime, after: Sequence[Any] | None, limit: int
    ) -> list[Rating]:
        """Return what somebody may give, or gave, the newest first."""
        wanted: Filter = {"rater": rater.key, "kept_until": {"$gt": now}}
        found = await self._ratings.find(wanted, sort=[("asked_at", -1)], after=after, limit=limit)
        return list(map(self._rating, found))

    async def page_for_clerks(
        self, office: Scope, now: datetime, after: Sequence[Any] | None, limit: int
    ) -> list[Rating]:
        """Return what is final, the latest week first; in a week in no order that tells anything."""
        wanted: Filter = {"office": str(office), "shown_from": {"$lte": now}}
        found = await self._ratings.find(
            wanted, sort=[("shown_from", -1)], after=after, limit=limit
        )
        return list(map(self._rating, found))

    async def counted_in(self, tally: str) -> list[Rating]:
        """Return the ratings that one tally counts."""
        return list(map(self._rating, await self._ratings.find({"tally": tally})))

    async def count_by_tally(self) -> dict[str, int]:
        """Return how many ratings each tally counts."""
        counted = await self._ratings.count_by("tally", {"tally": {"$exists": True}})
        return {tally: count for tally, count in counted.items() if tally is not None}

    async def make_nobodys(self, rating: Rating) -> None:
        """Keep the grade of one that was given, under an id that leads to nobody; else remove it.

        As it is now, not as it was read: it may be given, or be nobody's already.
        """
        removed = await self._ratings.delete_one({"_id": rating.id})
        now = self._rating(removed) if removed else None
        if now is not None and now.opinion is not None:
            grade_alone = replace(now.opinion, words=None)
            nobodys = replace(
                now,
                id=new_id(),
                rater=None,
                subject=None,
                dependant_id=None,
                opinion=grade_alone,
            )
            await self._ratings.insert(self._document(nobodys))

    async def seal_anew(self) -> int:
        """Seal some words anew, as Resealed has it."""
        return await seal_anew(self._ratings, self._sealer, "words", _place)

    def _document(self, one: Rating) -> Document:
        opinion, rated_at = one.opinion, one.rated_at
        words = opinion.words if opinion else None
        sealed = self._sealer.seal([words.text, words.language], _place(one.id)) if words else None
        return {
            "_id": one.id,
            "kind": one.kind.value,
            "subject": one.subject,
            "office": str(one.office),
            "rater": one.rater.key if one.rater else None,
            "dependant_id": one.dependant_id,
            "language": one.language,
            "asked_at": one.asked_at,
            "grade": opinion.grade.value if opinion else None,
            "reasons": [reason.value for reason in opinion.reasons] if opinion else [],
            "words": sealed,
            "rated_at": rated_at,
            "tally": tally_id(one) if rated_at else None,
            "shown_from": shown_from(rated_at) if rated_at else None,
            "kept_until": one.kept_until,
            "version": one.version,
        }

    def _rating(self, document: Document) -> Rating:
        rater = document["rater"]
        return Rating(
            id=document["_id"],
            kind=RatedKind(document["kind"]),
            subject=document["subject"],
            office=Scope.of(document["office"]),
            rater=Reporter.of(rater) if rater else None,
            dependant_id=document["dependant_id"],
            language=document["language"],
            asked_at=document["asked_at"],
            opinion=self._opinion(document) if document["grade"] else None,
            rated_at=document["rated_at"],
            version=document["version"],
        )

    def _opinion(self, document: Document) -> Opinion:
        sealed = document["words"]
        opened: list[str] | None = (
            self._sealer.open(sealed, _place(document["_id"])) if sealed else None
        )
        return Opinion(
            Grade(document["grade"]),
            tuple(map(Reason, document["reasons"])),
            Words(opened[0], opened[1]) if opened else None,
        )


def rating_id(kind: RatedKind, interaction_id: str, rater: Reporter) -> str:
    """Return the one id of what somebody says of something that they went through."""
    return derived_id("feedback rating", kind, interaction_id, rater.key)


def newest_first(rating: Rating) -> tuple[datetime, str]:
    """Return the sort values of a page of one's own."""
    return rating.asked_at, rating.id


def _place(rating_id: str) -> str:
    return f"feedback_ratings/{rating_id}/words"
