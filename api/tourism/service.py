"""Places, markets and communes for whoever asks; free of HTTP and GraphQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.kit.clock import Clock
from api.kit.geo import Position, distance_metres
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex
from api.tourism.content_ids import is_content_id
from api.tourism.errors import MomentOutOfRange
from api.tourism.gazetteer import Gazetteers
from api.tourism.place_lists import PlaceFound, PlaceLists
from api.tourism.place_query import PlaceQuery, checked_search
from api.tourism.records import Commune, Market, Place, weekday_of
from api.tourism.repository import TourismRepository

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_MARKETS = Listing("markets", (float, str))
_MARKETS_BY_DISTANCE = Listing("markets.near", (float, str))
_COMMUNES = Listing("communes", (int, str))
_COMMUNES_BY_RANK = Listing("communes.search", (int, str))


@dataclass(frozen=True, slots=True)
class MarketFound:
    """A market, and the place where it is held."""

    market: Market
    place: PlaceFound


class TourismService:
    def __init__(self, store: Store, communes: CommuneIndex, clock: Clock) -> None:
        self._repository = TourismRepository(store)
        self._gazetteers = Gazetteers(self._repository, clock)
        self._commune_index = communes
        self._clock = clock
        self._all: tuple[str | None, tuple[PlaceFound, ...]] | None = None

    async def all_places(self) -> tuple[PlaceFound, ...]:
        """Return every place with its markets, remembered until the content changes."""
        gazetteer = await self._gazetteers.current()
        if self._all is None or self._all[0] != gazetteer.version:
            content = await self._repository.content()
            found = tuple(PlaceFound.of(place, None, gazetteer) for place in content.places)
            self._all = (gazetteer.version, found)
        return self._all[1]

    def moment(self, at: datetime | None) -> datetime:
        """Return `at`, or now. Raises MomentOutOfRange for one that no calendar here reaches."""
        if at is None:
            return self._clock()
        if at.tzinfo is None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise MomentOutOfRange(first=_FIRST_YEAR, last=_LAST_YEAR)
        return at

    async def place(self, place_id: str) -> PlaceFound | None:
        place = await self._repository.place(place_id) if is_content_id(place_id) else None
        return PlaceFound.of(place, None, await self._gazetteers.current()) if place else None

    async def places_known(self, place_ids: Collection[str]) -> Mapping[str, Place]:
        """Return those of these places that there are, by id."""
        return await self._repository.places_by_id([it for it in place_ids if is_content_id(it)])

    async def found(self, place_ids: Sequence[str]) -> list[PlaceFound | None]:
        """Return these places in their order, None for what is not there."""
        known = await self.places_known(place_ids)
        gazetteer = await self._gazetteers.current()
        return [
            PlaceFound.of(known[it], None, gazetteer) if it in known else None for it in place_ids
        ]

    async def communes_known(self) -> Mapping[str, Commune]:
        """Return all communes by code."""
        return (await self._gazetteers.current()).communes

    async def seen(self, place: Place) -> PlaceFound:
        """Return a place, published or not, with what a reader wants beside it."""
        return PlaceFound.of(place, None, await self._gazetteers.current())

    async def places(self, query: PlaceQuery, *, first: int, after: str | None) -> Page[PlaceFound]:
        """Return a page of what `query` asks for. Raises InvalidPageSize or InvalidCursor."""
        checked_first(first)
        lists = PlaceLists(self._repository, await self._gazetteers.current())
        return await lists.page(query, first, after)

    async def similar(self, place_id: str, *, first: int, after: str | None) -> Page[PlaceFound]:
        """Return a page of places of the same kind, nearest first; empty for an unknown place.

        Raises InvalidPageSize or InvalidCursor.
        """
        checked_first(first)
        found = await self.place(place_id)
        if found is None:
            return Page((), (), has_next=False, has_previous=False)
        query = PlaceQuery(
            near=found.place.position,
            categories=frozenset({found.place.category}),
            without=found.place.id,
        )
        return await self.places(query, first=first, after=after)

    async def markets_on(
        self, day: date, *, near: Position | None, first: int, after: str | None
    ) -> Page[MarketFound]:
        """Return a page of the markets held in the province on that date: nearest first, or by id."""
        checked_first(first)
        listing = _MARKETS if near is None else _MARKETS_BY_DISTANCE
        start = listing.values(after)
        listed = (await self._gazetteers.current()).spots
        held = await self._repository.markets_on(weekday_of(day))
        markets = [market for market in held if market.place_id in listed]
        order = {it.id: (_metres(near, it.position) or 0.0, it.id) for it in markets}
        rest = sorted(
            (it for it in markets if start is None or order[it.id] > start),
            key=lambda it: order[it.id],
        )[: first + 1]
        found = await self._with_places(rest, near)
        return listing.page(found, first=first, after=after, values=lambda it: order[it.market.id])

    async def _with_places(self, markets: list[Market], near: Position | None) -> list[MarketFound]:
        places = await self._repository.places_by_id([market.place_id for market in markets])
        gazetteer = await self._gazetteers.current()
        return [
            MarketFound(
                market,
                PlaceFound.of(place, _metres(near, place.position), gazetteer),
            )
            for market in markets
            if (place := places.get(market.place_id))
        ]

    async def commune_at(self, position: Position) -> Commune | None:
        """Return the commune that holds `position`, None outside the province.

        Near a border it may be the neighbour: see CommuneIndex.
        """
        code = self._commune_index.at(position)
        return await self.commune(code) if code else None

    async def commune(self, code: str) -> Commune | None:
        return (await self._gazetteers.current()).communes.get(code)

    async def names_of(self, codes: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Return the names of communes by code and language; a code that is none is left out."""
        communes = await self.communes_known()
        return {code: communes[code].names for code in codes if code in communes}

    async def communes(self, search: str | None, *, first: int, after: str | None) -> Page[Commune]:
        """Return a page of communes, best match first, or by code. Raises SearchTooLong."""
        checked_first(first)
        gazetteer = await self._gazetteers.current()
        if wanted := checked_search(search):
            listing = _COMMUNES_BY_RANK
            order = {hit.id: (hit.rank, hit.id) for hit in gazetteer.commune_names.find(wanted)}
        else:
            listing, order = _COMMUNES, {code: (0, code) for code in gazetteer.communes}
        start = listing.values(after)
        rest = sorted(values for values in order.values() if start is None or values > start)
        found = [gazetteer.communes[code] for _, code in rest[: first + 1]]
        return listing.page(found, first=first, after=after, values=lambda it: order[it.code])


def _metres(near: Position | None, position: Position) -> float | None:
    return None if near is None else distance_metres(near, position)
