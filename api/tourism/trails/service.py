"""Trails for whoever asks; free of HTTP and GraphQL."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from api.kit.area import Area
from api.kit.geo import Position
from api.kit.near_cells import discs
from api.kit.pages import Listing, Page, checked_first
from api.kit.search.index import SearchIndex
from api.kit.store import Store
from api.tourism.place_query import PlaceQuery
from api.tourism.trails.drawings import Drawings
from api.tourism.trails.errors import InvalidLength
from api.tourism.trails.line import SAMPLE_METRES, Line, LinePoint
from api.tourism.trails.repository import TrailFilter, TrailRepository
from api.tourism.trails.search_source import trail_entry
from api.tourism.trails.trail import Trail

LENGTH_AT_LEAST, LENGTH_AT_MOST = 1.0, 200_000.0

_BY_ID = Listing("trails", (str,))
_BY_DISTANCE = Listing("trails.near", (float, str))
_BY_RANK = Listing("trails.search", (int, float, str))
_TRAILS_PER_SQUARE_KILOMETRE = 0.01
"""About how many there are; only bears on how wide the first look around is."""


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """Which trails and in which order: as PlaceQuery has it. Raises InvalidLength."""

    where: PlaceQuery
    wanted: TrailFilter

    def __post_init__(self) -> None:
        most = self.wanted.length_metres_at_most
        if most is not None and not LENGTH_AT_LEAST <= most <= LENGTH_AT_MOST:
            raise InvalidLength(least=int(LENGTH_AT_LEAST), most=int(LENGTH_AT_MOST))


@dataclass(frozen=True, slots=True)
class TrailFound:
    """A trail, and metres from where was asked."""

    trail: Trail
    distance_metres: float | None = None


class TrailService:
    def __init__(self, store: Store, public_url: str) -> None:
        """`public_url`: the address under which phones reach the API."""
        self._trails = TrailRepository(store)
        self._public_url = public_url.rstrip("/")
        self.drawings = Drawings()
        self._index: tuple[int, SearchIndex] | None = None

    async def trail(self, trail_id: str) -> TrailFound | None:
        trail = await self._trails.shown(trail_id)
        return TrailFound(trail) if trail else None

    async def page(self, query: TrailQuery, first: int, after: str | None) -> Page[TrailFound]:
        """Return a page of what `query` asks for. Raises InvalidPageSize, InvalidCursor."""
        checked_first(first)
        if query.where.search:
            return await self._best_first(query, query.where.search, first, after)
        if query.where.near:
            return await self._nearest_first(query, query.where.near, first, after)
        trails = await self._trails.listed(query.wanted, _BY_ID.values(after), first + 1)
        found = [TrailFound(trail) for trail in trails]
        return _BY_ID.page(found, first=first, after=after, values=lambda it: (it.trail.id,))

    def link(self, trail_id: str) -> str:
        """Return the address of a trail's files, but for the ending that says which."""
        return f"{self._public_url}/tourism/v1/trails/{trail_id}"

    async def lines(self, trail_ids: Sequence[str]) -> list[Line | None]:
        """Return the lines of these trails, in their order."""
        found = await self._trails.lines(trail_ids)
        return [found.get(trail_id) for trail_id in trail_ids]

    async def touching(self, area: Area) -> tuple[str, ...]:
        """Return the ids of the trails of which a part lies in `area`, to SAMPLE_METRES.

        For whoever knows of alerts: a higher floor tells which trails they cross.
        """
        trails = await self._trails.all()
        return tuple(
            await asyncio.to_thread(lambda: [it.id for it in trails if _touches(it, area)])
        )

    async def _nearest_first(
        self, query: TrailQuery, near: Position, first: int, after: str | None
    ) -> Page[TrailFound]:
        start: tuple[float, str] | None = _BY_DISTANCE.values(after)
        within = query.where.within_metres
        growing = discs(
            near,
            from_metres=start[0] if start else 0.0,
            to_metres=None if within is None else within + SAMPLE_METRES,
            at_least_square_km=first / _TRAILS_PER_SQUARE_KILOMETRE,
        )
        nearest: list[tuple[float, Trail]] = []
        for disc in growing:
            nearest = await self._trails.near(
                near, disc, query.wanted, within_metres=within, after=start, limit=first + 1
            )
            if len(nearest) > first:
                break
        found = [TrailFound(trail, metres) for metres, trail in nearest]
        return _BY_DISTANCE.page(
            found, first=first, after=after, values=lambda it: (it.distance_metres, it.trail.id)
        )

    async def _best_first(
        self, query: TrailQuery, search: str, first: int, after: str | None
    ) -> Page[TrailFound]:
        start = _BY_RANK.values(after)
        trails = {trail.id: trail for trail in await self._trails.all(query.wanted)}
        order: dict[str, tuple[int, float, str]] = {}
        found: dict[str, TrailFound] = {}
        for hit in (await self._names()).find(search):
            if trail := trails.get(hit.id):
                near, within = query.where.near, query.where.within_metres
                metres = None if near is None else trail.distance_from(near)
                if within is None or metres is None or metres <= within:
                    order[hit.id] = (hit.rank, metres or 0.0, hit.id)
                    found[hit.id] = TrailFound(trail, metres)
        rest = sorted(it for it in order.values() if start is None or it > start)
        items = [found[trail_id] for _, _, trail_id in rest[: first + 1]]
        return _BY_RANK.page(items, first=first, after=after, values=lambda it: order[it.trail.id])

    async def _names(self) -> SearchIndex:
        """Return the index of all names, built anew when a trail has changed."""
        changes = await self._trails.changes()
        if self._index is None or self._index[0] != changes:
            entries = [trail_entry(trail) for trail in await self._trails.all()]
            self._index = changes, SearchIndex(entries)
        return self._index[1]


def _touches(trail: Trail, area: Area) -> bool:
    outline = Line(tuple(LinePoint(it.latitude, it.longitude) for it in trail.course.outline))
    return any(map(area.covers, outline.samples()))
