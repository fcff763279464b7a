"""Who is told of a report: whoever reported it, and whoever joined. Nobody sees who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.feedback.reports.records import Reporter
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store

FOLLOWERS = CollectionSpec(
    "feedback_followers",
    (
        Index(("report_id", "_id")),
        Index(("reporter", "since")),
    ),
)


@dataclass(frozen=True, slots=True)
class Follower:
    """`language`: BCP 47, one of ours, in which they are told; `is_reporter`: they reported it first."""

    id: str
    report_id: str
    reporter: Reporter
    language: str
    is_reporter: bool
    since: datetime


class FollowerRepository:
    """All queries on followers. Changes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._followers = store[FOLLOWERS]

    async def add(
        self,
        report_id: str,
        reporter: Reporter,
        language: str,
        now: datetime,
        *,
        is_reporter: bool = False,
    ) -> bool:
        """Let somebody follow; False when they do."""
        follower_id = _id(report_id, reporter)
        document: Document = {
            "_id": follower_id,
            "report_id": report_id,
            "reporter": reporter.key,
            "language": language,
            "is_reporter": is_reporter,
            "since": now,
        }
        try:
            await self._followers.insert(document)
        except DuplicateKey:
            return False
        return True

    async def get(self, report_id: str, reporter: Reporter) -> Follower | None:
        document = await self._followers.get(_id(report_id, reporter))
        return _follower(document) if document else None

    async def remove(self, report_id: str, reporter: Reporter) -> bool:
        """Let somebody who joined follow no more; False when they do not, or reported it."""
        gone = await self._followers.delete_one(
            {"_id": _id(report_id, reporter), "is_reporter": False}
        )
        return gone is not None

    async def of_report(self, report_id: str, after: str, limit: int) -> list[Follower]:
        """Return who follows, in the order of the ids."""
        found = await self._followers.find(
            {"report_id": report_id, "_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit
        )
        return list(map(_follower, found))

    async def of(self, reporter: Reporter) -> list[Follower]:
        """Return what somebody follows, the newest first."""
        found = await self._followers.find({"reporter": reporter.key}, sort=[("since", -1)])
        return list(map(_follower, found))

    async def page_of(
        self, reporter: Reporter, after: Sequence[object] | None, limit: int
    ) -> list[Follower]:
        found = await self._followers.find(
            {"reporter": reporter.key}, sort=[("since", -1)], after=after, limit=limit
        )
        return list(map(_follower, found))

    async def forget(self, reporter: Reporter) -> None:
        await self._followers.delete_many({"reporter": reporter.key})

    async def forget_report(self, report_id: str) -> None:
        await self._followers.delete_many({"report_id": report_id})


def _id(report_id: str, reporter: Reporter) -> str:
    return derived_id("feedback follower", report_id, reporter.key)


def _follower(document: Document) -> Follower:
    return Follower(
        document["_id"],
        document["report_id"],
        Reporter.of(document["reporter"]),
        document["language"],
        document["is_reporter"],
        document["since"],
    )
