"""Counts by office, month and source, kept in the transaction of each rating. They hold nothing of people.

The version of a rating is the guard: of two changes at once one is written, and with it its counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Scope
from api.feedback.satisfaction.records import (
    SATISFIED,
    Grade,
    Opinion,
    Rating,
    Reason,
    Source,
    month_of,
)
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict

TALLIES = CollectionSpec("feedback_tallies", (Index(("month", "office", "source")),))


@dataclass(frozen=True, slots=True)
class Tally:
    """`praised`: by reason, how often a satisfied grade named it; `criticised`: how often another one did.

    `month`: as "2026-11", on Vietnam's calendar, of the first tap.
    """

    id: str
    office: Scope
    month: str
    source: Source
    total: int
    grades: Mapping[Grade, int]
    praised: Mapping[Reason, int]
    criticised: Mapping[Reason, int]


class TallyRepository:
    """All queries on tallies. Changes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._tallies = store[TALLIES]

    async def move(self, before: Opinion | None, after: Rating) -> None:
        """Count `after`, which was given or changed, in place of the opinion before.

        Raises WriteConflict when the first two of a month come at once.
        """
        changes = counted(after.opinion)
        changes.subtract(counted(before))
        steps = {path: step for path, step in changes.items() if step}
        if not steps:
            return
        if await self._tallies.update_one({"_id": tally_id(after)}, {"$inc": steps}) is None:
            await self._begin(after, steps)

    async def get(self, tally: str) -> Tally | None:
        document = await self._tallies.get(tally)
        return _tally(document) if document else None

    async def page(
        self, month: str, least: int, after: Sequence[Any] | None, limit: int | None
    ) -> list[Tally]:
        """Return the tallies of a month that count `least` ratings or more, by office and source."""
        found = await self._tallies.find(
            {"month": month, "total": {"$gte": least}},
            sort=[("office", 1), ("source", 1)],
            after=after,
            limit=limit,
        )
        return list(map(_tally, found))

    async def since(self, month: str, after: str, limit: int) -> list[Tally]:
        """Return tallies from a month on, in the order of the ids."""
        found = await self._tallies.find(
            {"month": {"$gte": month}, "_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit
        )
        return list(map(_tally, found))

    async def _begin(self, rating: Rating, steps: Mapping[str, int]) -> None:
        document: Document = {
            "_id": tally_id(rating),
            "office": str(rating.office),
            "month": _month(rating),
            "source": rating.source.value,
            "total": 0,
            "grades": {},
            "praised": {},
            "criticised": {},
        }
        for path, step in steps.items():
            part, _, name = path.partition(".")
            if name:
                document[part][name] = step
            else:
                document[part] = step
        try:
            await self._tallies.insert(document)
        except DuplicateKey as error:
            raise WriteConflict from error


def tally_id(rating: Rating) -> str:
    """Return the id of what counts a rating that was given."""
    return derived_id("feedback tally", str(rating.office), _month(rating), rating.source)


def counted(opinion: Opinion | None) -> Counter[str]:
    """Return by how much an opinion moves which count."""
    if opinion is None:
        return Counter()
    side = "praised" if opinion.grade in SATISFIED else "criticised"
    paths = [f"{side}.{reason.value}" for reason in opinion.reasons]
    return Counter(["total", f"grades.{opinion.grade.value}", *paths])


def counts_of(tally: Tally) -> Counter[str]:
    """Return the counts of a tally as `counted` names them, without those that are 0."""
    counts = Counter({"total": tally.total})
    counts.update({f"grades.{grade.value}": count for grade, count in tally.grades.items()})
    counts.update({f"praised.{one.value}": count for one, count in tally.praised.items()})
    counts.update({f"criticised.{one.value}": count for one, count in tally.criticised.items()})
    return Counter({path: count for path, count in counts.items() if count})


def _month(rating: Rating) -> str:
    if rating.rated_at is None:
        raise ValueError(rating.id)
    return month_of(rating.rated_at)


def _tally(document: Document) -> Tally:
    grades: Mapping[str, int] = document["grades"]
    return Tally(
        id=document["_id"],
        office=Scope.of(document["office"]),
        month=document["month"],
        source=Source(document["source"]),
        total=document["total"],
        grades={grade: grades.get(grade.value, 0) for grade in Grade},
        praised=_reasons(document["praised"]),
        criticised=_reasons(document["criticised"]),
    )


def _reasons(counts: Mapping[str, int]) -> dict[Reason, int]:
    return {reason: counts[reason.value] for reason in Reason if reason.value in counts}
