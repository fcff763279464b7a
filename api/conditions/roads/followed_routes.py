"""Followed routes as documents, which go by themselves when they are over."""

from collections.abc import Sequence
from datetime import datetime

from api.conditions.roads.followed_route import FollowedRoute, ToldEvent
from api.conditions.roads.road_event import Bounds, RoadEventKind
from api.kit.geo import Position
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict

FOLLOWED_ROUTES = CollectionSpec(
    "followed_routes", (Index(("person",)), Index(("until",), expire_after_seconds=0))
)
ROUTES_AT_MOST = 5


class FollowedRouteRepository:
    def __init__(self, store: Store) -> None:
        self._routes = store[FOLLOWED_ROUTES]

    async def add(
        self, person_id: str, line: Sequence[Position], until: datetime, now: datetime
    ) -> FollowedRoute | None:
        """Keep a route in a free place of the person's; None when they follow as many as they may.

        Joins the open transaction. A place is an id, so that no two routes take the same.
        """
        for number in range(ROUTES_AT_MOST):
            place = derived_id("followed route", person_id, str(number))
            await self._routes.delete_one({"_id": place, "until": {"$lte": now}})
            if await self._routes.get(place) is not None:
                continue
            route = FollowedRoute(place, person_id, tuple(line), until, now)
            try:
                await self._routes.insert(_document(route))
            except DuplicateKey as error:
                raise WriteConflict(place) from error
            return route
        return None

    async def get(self, route_id: str) -> FollowedRoute | None:
        document = await self._routes.get(route_id)
        return _route(document) if document else None

    async def of_person(self, person_id: str) -> list[FollowedRoute]:
        found = await self._routes.find({"person": person_id}, sort=[("_id", 1)])
        return list(map(_route, found))

    async def remove(self, route_id: str, person_id: str) -> bool:
        removed = await self._routes.delete_one({"_id": route_id, "person": person_id})
        return bool(removed)

    async def forget(self, person_id: str) -> None:
        await self._routes.delete_many({"person": person_id})

    async def near(
        self, bounds: Bounds, now: datetime, after: str, limit: int
    ) -> list[FollowedRoute]:
        """Return routes that are followed now and may come into the bounds, by id behind `after`."""
        found = await self._routes.find(
            {
                "_id": {"$gt": after},
                "until": {"$gt": now},
                "north": {"$gte": bounds.south},
                "south": {"$lte": bounds.north},
                "east": {"$gte": bounds.west},
                "west": {"$lte": bounds.east},
            },
            sort=[("_id", 1)],
            limit=limit,
        )
        return list(map(_route, found))

    async def note(self, route: FollowedRoute, told: ToldEvent) -> None:
        """Note what was told; what was noted of the event before stays, as the earlier."""
        await self._routes.update_one(
            {"_id": route.id, "created_at": route.created_at},
            {"$addToSet": {"told": _packed(told)}},
        )


def _packed(told: ToldEvent) -> str:
    """Return it as one text, since what is added to a set once is a scalar."""
    words = (told.event_id, told.kind.value, f"{told.metres_along:.0f}", str(int(told.is_over)))
    return " ".join(words)


def _unpacked(text: str) -> ToldEvent:
    event_id, kind, metres, is_over = text.split(" ")
    return ToldEvent(event_id, RoadEventKind(kind), float(metres), is_over == "1")


def _document(route: FollowedRoute) -> Document:
    bounds = Bounds.around(route.line)
    return {
        "_id": route.id,
        "person": route.person_id,
        "line": [[it.latitude, it.longitude] for it in route.line],
        "south": bounds.south,
        "west": bounds.west,
        "north": bounds.north,
        "east": bounds.east,
        "until": route.until,
        "created_at": route.created_at,
        "told": list(map(_packed, route.told)),
    }


def _route(document: Document) -> FollowedRoute:
    return FollowedRoute(
        id=document["_id"],
        person_id=document["person"],
        line=tuple(Position(*point) for point in document["line"]),
        until=document["until"],
        created_at=document["created_at"],
        told=tuple(map(_unpacked, document["told"])),
    )
