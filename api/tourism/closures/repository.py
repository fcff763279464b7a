"""Closures as documents. They stay when they are over: whoever looks back sees what held."""

from collections.abc import Collection, Sequence
from datetime import datetime

from api.kit.area import Circle
from api.kit.geo import Position
from api.kit.store import CollectionSpec, Document, Filter, Index, Sort, Store
from api.tourism.closures.closure import Closure, WayKind

CLOSURES = CollectionSpec("closures", (Index(("until",)), Index(("way", "way_id", "until"))))

_LATEST_FIRST: Sort = (("starts", -1),)


class ClosureRepository:
    """All queries on closures."""

    def __init__(self, store: Store) -> None:
        self._closures = store[CLOSURES]

    async def get(self, closure_id: str) -> Closure | None:
        document = await self._closures.get(closure_id)
        return _closure(document) if document else None

    async def add(self, closure: Closure) -> None:
        await self._closures.insert(_document(closure))

    async def replace(self, closure: Closure) -> Closure | None:
        """Put `closure` in place of its version; None when somebody was faster."""
        stored = await self._closures.replace_if_version(_document(closure), closure.version)
        return _closure(stored) if stored else None

    async def in_force(self, start: datetime, end: datetime) -> list[Closure]:
        """Return what holds at some moment from `start` to `end`, the latest begun first."""
        found = await self._closures.find(_in_force(start, end), sort=_LATEST_FIRST)
        return list(map(_closure, found))

    async def in_force_of(
        self, way: WayKind, way_ids: Collection[str], at: datetime
    ) -> list[Closure]:
        """Return what holds of these ways at a moment, the latest begun first."""
        of_ways = {"way": way.value, "way_id": {"$in": sorted(way_ids)}}
        found = await self._closures.find({**of_ways, **_in_force(at, at)}, sort=_LATEST_FIRST)
        return list(map(_closure, found))

    async def page(
        self, at: datetime, after: Sequence[datetime | str] | None, limit: int
    ) -> list[Closure]:
        """Return what holds at a moment, the latest begun first, behind `after` (starts, id)."""
        found = await self._closures.find(
            _in_force(at, at), sort=_LATEST_FIRST, after=after, limit=limit
        )
        return list(map(_closure, found))


def _in_force(start: datetime, end: datetime) -> Filter:
    return {
        "starts": {"$lte": end},
        "$or": [{"until": None}, {"until": {"$gt": start}}],
    }


def _document(closure: Closure) -> Document:
    return {
        "_id": closure.id,
        "way": closure.way.value,
        "way_id": closure.way_id,
        "area": closure.area and _area(closure.area),
        "reason": dict(closure.reason),
        "starts": closure.starts,
        "ends": closure.ends,
        "until": closure.until,
        "source": closure.source,
        "lifted_at": closure.lifted_at,
        "version": closure.version,
    }


def _area(circle: Circle) -> Document:
    return {
        "latitude": circle.centre.latitude,
        "longitude": circle.centre.longitude,
        "radius_metres": circle.radius_metres,
    }


def _closure(document: Document) -> Closure:
    area = document["area"]
    return Closure(
        id=document["_id"],
        way=WayKind(document["way"]),
        way_id=document["way_id"],
        area=area and Circle(Position(area["latitude"], area["longitude"]), area["radius_metres"]),
        reason=document["reason"],
        starts=document["starts"],
        ends=document["ends"],
        source=document["source"],
        lifted_at=document["lifted_at"],
        version=document["version"],
    )
