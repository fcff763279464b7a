"""What every request needs of the content, in memory: communes by code, markets by place, and names to search in.

Each process builds it from the store at first use, and again when the store's content version has
changed; it asks for the version at most every two seconds. 117 places take 3 MB.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.search.index import Entry, SearchIndex
from api.tourism.content_files import Content
from api.tourism.labels import CATEGORY_LABELS
from api.tourism.records import Commune, Market, Place, PlaceCategory
from api.tourism.repository import TourismRepository
from locales import AVAILABLE, translator

FRESH_FOR = timedelta(seconds=2)

_NAME, _OTHER_NAME, _FORMER_NAME = 1.0, 0.97, 0.9
_FORMER_UNIT, _COMMUNE, _CATEGORY, _FORMER_AREA = 0.5, 0.5, 0.5, 0.45


@dataclass(frozen=True, slots=True)
class Spot:
    """Of a place, what narrows a search down."""

    position: Position
    category: PlaceCategory


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
            spots={place.id: Spot(place.position, place.category) for place in content.places},
            markets=_by_place(content.markets),
            place_names=SearchIndex(
                [
                    _place_entry(place, communes.get(place.commune_code or ""))
                    for place in content.places
                ]
            ),
            commune_names=SearchIndex([_commune_entry(commune) for commune in content.communes]),
        )

    @property
    def places_per_square_kilometre(self) -> float:
        area = sum(commune.area_square_kilometres for commune in self.communes.values())
        return len(self.spots) / area if area else 0.0


class Gazetteers:
    """Gives the gazetteer of the content that the store holds now."""

    def __init__(self, repository: TourismRepository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._building = asyncio.Lock()
        self._latest: Gazetteer | None = None
        self._checked_at: datetime | None = None

    async def current(self) -> Gazetteer:
        """Return it at once if it is fresh; while another request builds a new one, the old one is good enough."""
        latest = self._latest
        if latest and (self._is_fresh() or self._building.locked()):
            return latest
        async with self._building:
            if self._latest is None or not self._is_fresh():
                self._latest = await self._refreshed(self._latest)
                self._checked_at = self._clock()
            return self._latest

    def _is_fresh(self) -> bool:
        return self._checked_at is not None and self._clock() < self._checked_at + FRESH_FOR

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


def _place_entry(place: Place, commune: Commune | None) -> Entry:
    names = dict.fromkeys(place.other_names, _OTHER_NAME) | dict.fromkeys(
        place.names.values(), _NAME
    )
    label = CATEGORY_LABELS[place.category]
    context = {translator(language)(label): _CATEGORY for language in AVAILABLE}
    if place.former_unit:
        context[place.former_unit] = _FORMER_UNIT
    if place.former_province:
        context[_province(place.former_province)] = _FORMER_AREA
    return Entry(place.id, names, context | (_area_context(commune) if commune else {}))


def _area_context(commune: Commune) -> dict[str, float]:
    former = dict.fromkeys((*commune.former_names, *_former_areas(commune)), _FORMER_AREA)
    return former | dict.fromkeys(commune.names.values(), _COMMUNE)


def _commune_entry(commune: Commune) -> Entry:
    names = dict.fromkeys(commune.former_names, _FORMER_NAME) | dict.fromkeys(
        commune.names.values(), _NAME
    )
    return Entry(commune.code, names, dict.fromkeys(_former_areas(commune), _FORMER_AREA))


def _former_areas(commune: Commune) -> Iterator[str]:
    if commune.former_district:
        yield commune.former_district
    if commune.former_province:
        yield _province(commune.former_province)


def _province(name: str) -> str:
    """Return what people type to mean the province and not the town of the same name."""
    return f"tỉnh {name}"
