"""Events on the road as documents. They stay when they are over: whoever looks back sees what was."""

from datetime import datetime

from api.conditions.roads.road_event import Bounds, RoadDirection, RoadEvent, RoadEventKind
from api.kit.geo import Position
from api.kit.store import CollectionSpec, Document, Index, Store

ROAD_EVENTS = CollectionSpec("road_events", (Index(("until",)),))
EVENTS_AT_MOST = 500


class RoadEventRepository:
    def __init__(self, store: Store) -> None:
        self._events = store[ROAD_EVENTS]

    async def get(self, event_id: str) -> RoadEvent | None:
        document = await self._events.get(event_id)
        return _event(document) if document else None

    async def add(self, event: RoadEvent) -> None:
        await self._events.insert(_document(event))

    async def replace(self, event: RoadEvent) -> RoadEvent | None:
        """Put `event` in place of its version; None when somebody was faster."""
        stored = await self._events.replace_if_version(_document(event), event.version)
        return _event(stored) if stored else None

    async def within(self, bounds: Bounds, at: datetime) -> list[RoadEvent]:
        """Return what holds at a moment and may touch the bounds, the latest begun first."""
        found = await self._events.find(
            {
                "starts": {"$lte": at},
                "$or": [{"until": None}, {"until": {"$gt": at}}],
                "north": {"$gte": bounds.south},
                "south": {"$lte": bounds.north},
                "east": {"$gte": bounds.west},
                "west": {"$lte": bounds.east},
            },
            sort=[("starts", -1)],
            limit=EVENTS_AT_MOST,
        )
        return list(map(_event, found))

    async def closed(self, start: datetime, end: datetime) -> list[RoadEvent]:
        """Return the stretches that are closed at some moment of a time."""
        found = await self._events.find(
            {
                "kind": RoadEventKind.CLOSURE.value,
                "starts": {"$lt": end},
                "$or": [{"until": None}, {"until": {"$gt": start}}],
            },
            sort=[("starts", -1)],
            limit=EVENTS_AT_MOST,
        )
        return list(map(_event, found))


def _document(event: RoadEvent) -> Document:
    bounds = Bounds.around(event.line)
    return {
        "_id": event.id,
        "agency": event.agency_id,
        "kind": event.kind.value,
        "road": event.road,
        "line": [[it.latitude, it.longitude] for it in event.line],
        "south": bounds.south,
        "west": bounds.west,
        "north": bounds.north,
        "east": bounds.east,
        "direction": event.direction.value,
        "notes": dict(event.notes),
        "source": event.source,
        "report_code": event.report_code,
        "starts": event.starts,
        "ends": event.ends,
        "ended_at": event.ended_at,
        "sent_at": event.sent_at,
        "until": event.until,
        "version": event.version,
    }


def _event(document: Document) -> RoadEvent:
    return RoadEvent(
        id=document["_id"],
        agency_id=document["agency"],
        kind=RoadEventKind(document["kind"]),
        road=document["road"],
        line=tuple(Position(*point) for point in document["line"]),
        direction=RoadDirection(document["direction"]),
        notes=document["notes"],
        source=document["source"],
        report_code=document["report_code"],
        starts=document["starts"],
        ends=document["ends"],
        ended_at=document["ended_at"],
        sent_at=document["sent_at"],
        version=document["version"],
    )
