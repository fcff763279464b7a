"""Looks up what can be closed: roads in memory, places and trails in the store."""

from collections.abc import Collection, Mapping
from math import pi, sqrt
from typing import Protocol

from api.kit.area import Circle
from api.tourism.closures.closure import Way, WayKind
from api.tourism.closures.roads import Road
from api.tourism.records import Commune, Place

WayKey = tuple[WayKind, str]


class Places(Protocol):
    """Where places and communes are looked up: TourismService, in the product."""

    async def places_known(self, place_ids: Collection[str]) -> Mapping[str, Place]: ...

    async def communes_known(self) -> Mapping[str, Commune]: ...


class TrailWays(Protocol):
    """Where trails are looked up: TrailRepository, in the product."""

    async def ways(self, trail_ids: Collection[str]) -> Mapping[str, Way]: ...


class Ways:
    """Everything that can be closed."""

    def __init__(self, roads: Mapping[str, Road], places: Places, trails: TrailWays) -> None:
        self.roads = roads
        self._places = places
        self._trails = trails

    async def known(self, keys: Collection[WayKey]) -> dict[WayKey, Way]:
        """Return those of these ways that there are."""
        wanted = {kind: {key for of, key in keys if of is kind} for kind in WayKind}
        found: dict[WayKey, Way] = {}
        if wanted[WayKind.ROAD]:
            communes = await self._places.communes_known()
            for code in wanted[WayKind.ROAD] & self.roads.keys():
                found[WayKind.ROAD, code] = _road_way(self.roads[code], communes)
        if wanted[WayKind.PLACE]:
            for place in (await self._places.places_known(wanted[WayKind.PLACE])).values():
                found[WayKind.PLACE, place.id] = _place_way(place)
        if wanted[WayKind.TRAIL]:
            for way in (await self._trails.ways(wanted[WayKind.TRAIL])).values():
                found[WayKind.TRAIL, way.id] = way
        return found


def _road_way(road: Road, communes: Mapping[str, Commune]) -> Way:
    """Return a road, whose course we do not have, as circles as large as its communes."""
    crossed = [communes[code] for code in road.commune_codes if code in communes]
    extent = tuple(Circle(it.position, _radius_metres(it)) for it in crossed)
    return Way(WayKind.ROAD, road.code, road.names, extent, frozenset(road.commune_codes))


def _radius_metres(commune: Commune) -> float:
    return 1000 * sqrt(commune.area_square_kilometres / pi)


def _place_way(place: Place) -> Way:
    circle = Circle(place.position, place.position_accuracy_metres)
    return Way(WayKind.PLACE, place.id, place.names, (circle,))
