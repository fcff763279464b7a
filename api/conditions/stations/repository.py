"""Stations as documents, on top of those that the product ships."""

from collections.abc import Mapping
from datetime import datetime

from api.conditions.stations.measures import StationKind
from api.conditions.stations.station import Station
from api.kit.geo import Position
from api.kit.store import CollectionSpec, Document, Store

STATIONS = CollectionSpec("condition_stations")


class StationRepository:
    """All queries on stations. `shipped`: those of the product; a document of the same id goes before."""

    def __init__(self, store: Store, shipped: Mapping[str, Station]) -> None:
        self._stations = store[STATIONS]
        self._shipped = shipped

    async def all(self) -> dict[str, Station]:
        """Return every station by id, those that are retired too."""
        kept = {it["_id"]: _station(it) for it in await self._stations.find({})}
        return {**self._shipped, **kept}

    async def get(self, station_id: str) -> Station | None:
        document = await self._stations.get(station_id)
        return _station(document) if document else self._shipped.get(station_id)

    async def add(self, station: Station) -> None:
        """Keep a new one. Raises DuplicateKey."""
        await self._stations.insert(_document(station))

    async def put(self, station: Station) -> None:
        await self._stations.upsert(_document(station))

    def is_shipped(self, station_id: str) -> bool:
        return station_id in self._shipped


def _document(station: Station) -> Document:
    return {
        "_id": station.id,
        "kind": station.kind.value,
        "names": dict(station.names),
        "latitude": station.position.latitude,
        "longitude": station.position.longitude,
        "source": station.source,
        "alarm_levels": list(station.alarm_levels),
        "river": station.river,
        "spaces": station.spaces,
        "retired_at": station.retired_at,
    }


def _station(document: Document) -> Station:
    retired_at: datetime | None = document["retired_at"]
    return Station(
        id=document["_id"],
        kind=StationKind(document["kind"]),
        names=document["names"],
        position=Position(document["latitude"], document["longitude"]),
        source=document["source"],
        alarm_levels=tuple(document["alarm_levels"]),
        river=document["river"],
        spaces=document["spaces"],
        retired_at=retired_at,
    )
