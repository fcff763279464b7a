"""All questions that are asked of the store about stays."""

from collections.abc import AsyncGenerator
from datetime import date, datetime

from api.alerts.stays.records import Stay
from api.kit.ids import is_id
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

STAYS = CollectionSpec(
    "stays",
    (
        Index(("person_id", "begins_at")),
        Index(("commune_code", "person_id")),
        Index(("declared_at",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
_READ_AT_ONCE = 200


class StayRepository:
    """A stay is gone once it has ended, also where it is not removed yet."""

    def __init__(self, store: Store) -> None:
        self._stays = store[STAYS]

    async def add(self, stay: Stay) -> None:
        """Keep it; joins the open transaction."""
        await self._stays.insert(
            {
                "_id": stay.id,
                "person_id": stay.person_id,
                "commune_code": stay.commune_code,
                "place_id": stay.place_id,
                "first_day": stay.first_day.isoformat(),
                "last_day": stay.last_day.isoformat(),
                "declared_at": stay.declared_at,
                "begins_at": stay.begins_at,
                "kept_until": stay.ends_at,
            }
        )

    async def get(self, stay_id: str) -> Stay | None:
        document = await self._stays.get(stay_id)
        return _stay(document) if document else None

    async def of(self, person_id: str, now: datetime) -> list[Stay]:
        """Return the stays of somebody that have not ended, the next one first."""
        wanted = {"person_id": person_id, "kept_until": {"$gt": now}}
        return list(map(_stay, await self._stays.find(wanted, sort=[("begins_at", 1)])))

    async def count(self, person_id: str, now: datetime) -> int:
        return await self._stays.count({"person_id": person_id, "kept_until": {"$gt": now}})

    async def remove(self, person_id: str, stay_id: str) -> bool:
        """Remove one; False when it is none of this person's."""
        if not is_id(stay_id):
            return False
        return await self._stays.delete_one({"_id": stay_id, "person_id": person_id}) is not None

    async def forget(self, person_id: str) -> None:
        await self._stays.delete_many({"person_id": person_id})

    async def persons_in(
        self,
        commune_code: str,
        ends_after: datetime,
        begins_before: datetime,
        after: str | None,
        declared_since: datetime | None,
    ) -> AsyncGenerator[str]:
        """Yield who is in a commune at some time between, in ascending order from behind `after`.

        Somebody may come several times.
        """
        lately = {} if declared_since is None else {"declared_at": {"$gte": declared_since}}
        found: list[Document] | None = None
        while found is None or len(found) == _READ_AT_ONCE:
            wanted = in_commune(commune_code, ends_after, begins_before, after)
            found = await self._stays.find(
                {**wanted, **lately}, sort=[("person_id", 1)], limit=_READ_AT_ONCE
            )
            for document in found:
                yield document["person_id"]
            after = found[-1]["person_id"] if found else after


def in_commune(
    commune_code: str, ends_after: datetime, begins_before: datetime, after: str | None
) -> Filter:
    """Return what finds the stays there that are still going on then, and begin before."""
    wanted: Filter = {
        "commune_code": commune_code,
        "kept_until": {"$gt": ends_after},
        "begins_at": {"$lt": begins_before},
    }
    return wanted if after is None else {**wanted, "person_id": {"$gt": after}}


def _stay(document: Document) -> Stay:
    return Stay(
        id=document["_id"],
        person_id=document["person_id"],
        commune_code=document["commune_code"],
        place_id=document["place_id"],
        first_day=date.fromisoformat(document["first_day"]),
        last_day=date.fromisoformat(document["last_day"]),
        declared_at=document["declared_at"],
    )
