"""What every request needs of the content, in memory: communes by code, markets by place, and names to search in.

Each process builds it from the store at first use, and again when the store's content version has
changed; it asks for the version at most every two seconds. 117 places take 3 MB.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.kit.clock import Clock
from api.kit.fresh_copy import FreshCopy
from api.kit.geo import Position
from api.kit.search.index import SearchIndex
from api.tourism.content_files import Content
from api.tourism.records import Commune, Market, PlaceCategory
from api.tourism.repository import TourismRepository
from api.tourism.search_entries import commune_entry, place_entry


@dataclass(frozen=True, slots=True)
class Spot:
    """Of a place, what narrows a search down."""

    position: Position
    category: PlaceCategory
    opening_hours: str | None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """One version of the content, immutable."""

    version: str | None
    communes: Mapping[str, Commune]
    spots: Mapping[str, Spot]
    markets: Mapping[str, tuple[Market, ...]]
    """By the place where they are held."""
    place_names: SearchIndex
    commune_names: SearchIndex

    @classmethod
    def of(cls, content: Content, version: str | None) -> "Gazetteer":
        communes = {commune.code: commune for commune in content.communes}
        return cls(
            version=version,
            communes=communes,
            spots={
                place.id: Spot(place.position, place.category, place.opening_hours)
                for place in content.places
            },
            markets=_by_place(content.markets),
            place_names=SearchIndex(
                [
                    place_entry(place, communes.get(place.commune_code or ""))
                    for place in content.places
                ]
            ),
            commune_names=SearchIndex([commune_entry(commune) for commune in content.communes]),
        )

    @property
    def places_per_square_kilometre(self) -> float:
        area = sum(commune.area_square_kilometres for commune in self.communes.values())
        return len(self.spots) / area if area else 0.0


class Gazetteers:
    """Gives the gazetteer of the content that the store holds now."""

    def __init__(self, repository: TourismRepository, clock: Clock) -> None:
        self._repository = repository
        self._copy = FreshCopy(self._refreshed, clock)

    async def current(self) -> Gazetteer:
        return await self._copy.current()

    async def _refreshed(self, latest: Gazetteer | None) -> Gazetteer:
        version = await self._repository.content_version()
        while latest is None or latest.version != version:
            content = await self._repository.content()
            latest = await asyncio.to_thread(Gazetteer.of, content, version)
            version = await self._repository.content_version()
        return latest


def _by_place(markets: Sequence[Market]) -> dict[str, tuple[Market, ...]]:
    held: dict[str, list[Market]] = defaultdict(list)
    for market in markets:
        held[market.place_id].append(market)
    return {place_id: tuple(of_place) for place_id, of_place in held.items()}
