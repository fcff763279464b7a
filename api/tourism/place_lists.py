"""The three orders in which places are listed: by id, nearest first, best match first."""

from dataclasses import dataclass
from math import inf

from api.kit.geo import Position
from api.kit.near_cells import discs
from api.kit.pages import Listing, Page
from api.tourism.gazetteer import Gazetteer
from api.tourism.place_query import PlaceQuery
from api.tourism.records import Commune, Market, Place
from api.tourism.repository import TourismRepository

_BY_ID = Listing("places", (str,))
_BY_DISTANCE = Listing("places.near", (float, str))
_BY_RANK = Listing("places.search", (int, float, str))
_BY_RANK_AND_DISTANCE = Listing("places.search.near", (int, float, str))
_READ_AT_ONCE = 101
_RANKS_ALIKE = 100
"""Near a position, hits whose ranks are about this close are ordered by distance."""


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place, and what a reader wants beside it."""

    place: Place
    distance_metres: float | None
    commune: Commune | None
    markets: tuple[Market, ...]

    @classmethod
    def of(cls, place: Place, distance: float | None, gazetteer: Gazetteer) -> "PlaceFound":
        commune = gazetteer.communes.get(place.commune_code or "")
        return cls(place, distance, commune, gazetteer.markets.get(place.id, ()))


@dataclass(frozen=True, slots=True)
class PlaceLists:
    """Pages of places, for one version of the gazetteer."""

    repository: TourismRepository
    gazetteer: Gazetteer

    async def page(self, query: PlaceQuery, first: int, after: str | None) -> Page[PlaceFound]:
        """Return what `query` asks for. Raises InvalidCursor."""
        if query.search:
            return await self._best_first(query, query.search, first, after)
        if query.near:
            return await self._nearest_first(query, query.near, first, after)
        places = await self._listed(query, _BY_ID.values(after), first + 1)
        found = [PlaceFound.of(place, None, self.gazetteer) for place in places]
        return _BY_ID.page(found, first=first, after=after, values=lambda it: (it.place.id,))

    async def _listed(self, query: PlaceQuery, after: tuple[str] | None, limit: int) -> list[Place]:
        """Return places by id, reading on while too few of them are wanted."""
        wanted: list[Place] = []
        while len(wanted) < limit:
            places = await self.repository.places_listed(query.categories, after, _READ_AT_ONCE)
            wanted += [place for place in places if query.wants(place.id, place.opening_hours)]
            if len(places) < _READ_AT_ONCE:
                break
            after = (places[-1].id,)
        return wanted[:limit]

    async def _nearest_first(
        self, query: PlaceQuery, near: Position, first: int, after: str | None
    ) -> Page[PlaceFound]:
        start: tuple[float, str] | None = _BY_DISTANCE.values(after)
        growing = discs(
            near,
            from_metres=start[0] if start else 0.0,
            to_metres=query.within_metres,
            at_least_square_km=first / max(self.gazetteer.places_per_square_kilometre, 1e-9),
        )
        nearest: list[tuple[float, Place]] = []
        for disc in growing:
            nearest = await self.repository.places_near(
                near,
                disc,
                query.categories,
                is_wanted=lambda it: query.wants(it["_id"], it["opening_hours"]),
                within_metres=query.within_metres or inf,
                after=start,
                limit=first + 1,
            )
            if len(nearest) > first:
                break
        found = [PlaceFound.of(place, metres, self.gazetteer) for metres, place in nearest]
        return _BY_DISTANCE.page(
            found, first=first, after=after, values=lambda it: (it.distance_metres, it.place.id)
        )

    async def _best_first(
        self, query: PlaceQuery, search: str, first: int, after: str | None
    ) -> Page[PlaceFound]:
        listing = _BY_RANK if query.near is None else _BY_RANK_AND_DISTANCE
        start = listing.values(after)
        order = self._order_of_hits(query, search)
        rest = sorted(values for values in order.values() if start is None or values > start)
        places = await self.repository.places_by_id([it[-1] for it in rest[: first + 1]])
        found = [
            PlaceFound.of(place, query.distance_to(place.position), self.gazetteer)
            for place in (places.get(place_id) for _, _, place_id in rest[: first + 1])
            if place
        ]
        return listing.page(found, first=first, after=after, values=lambda it: order[it.place.id])

    def _order_of_hits(self, query: PlaceQuery, search: str) -> dict[str, tuple[int, float, str]]:
        """Return, by id of the place, what the hits that `query` admits are sorted by."""
        order: dict[str, tuple[int, float, str]] = {}
        for hit in self.gazetteer.place_names.find(search):
            spot = self.gazetteer.spots[hit.id]
            distance = query.distance_to(spot.position)
            if query.admits(spot.category, distance) and query.wants(hit.id, spot.opening_hours):
                rank = hit.rank if distance is None else hit.rank // _RANKS_ALIKE
                order[hit.id] = (rank, distance or 0.0, hit.id)
        return order
