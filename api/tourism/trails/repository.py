"""Trails as documents."""

from collections.abc import Collection, Mapping

from api.kit.area import Circle
from api.kit.store import CollectionSpec, Document, Index, Store
from api.tourism.closures.closure import Way, WayKind
from api.tourism.documents import position_of

TRAILS = CollectionSpec("trails", (Index(("cells",), many=True),))


class TrailRepository:
    """All queries on trails."""

    def __init__(self, store: Store) -> None:
        self._trails = store[TRAILS]

    async def ways(self, trail_ids: Collection[str]) -> Mapping[str, Way]:
        """Return those of these trails that there are, as what can be closed."""
        found = await self._trails.get_many(sorted(trail_ids))
        return {trail_id: _way(document) for trail_id, document in found.items()}


def _way(document: Document) -> Way:
    extent = tuple(Circle(position_of(spot), spot["radius_metres"]) for spot in document["extent"])
    return Way(WayKind.TRAIL, document["_id"], document["names"], extent)
