"""Events for whoever asks; free of HTTP and GraphQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.geo import Position
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store
from api.tourism.events.calendar import EventCalendar, in_order, next_of, occurrences_of
from api.tourism.events.event_query import EventQuery, moments_of, window_of
from api.tourism.events.records import Event, Occurrence
from api.tourism.events.rules import Days
from api.tourism.place_lists import PlaceFound
from api.tourism.records import Commune
from api.tourism.repository import TourismRepository
from api.tourism.service import TourismService

_BY_START = Listing("events", (datetime, str))


@dataclass(frozen=True, slots=True)
class EventFound:
    """An event, where it is held, and in which commune."""

    event: Event
    place: PlaceFound | None
    commune: Commune | None


@dataclass(frozen=True, slots=True)
class OccurrenceFound:
    """An occurrence, and where it is held if that is elsewhere this time."""

    occurrence: Occurrence
    found: EventFound
    place: PlaceFound | None
    commune: Commune | None
    position: Position | None
    distance_metres: float | None


class EventService:
    def __init__(self, store: Store, tourism: TourismService, clock: Clock) -> None:
        self.calendar = EventCalendar(store)
        self._tourism = tourism
        self._repository = TourismRepository(store)
        self._clock = clock

    def window(self, first: date | None, last: date | None) -> Days:
        """Return days to ask for. Raises InvalidWindow, DateOutOfRange, WindowTooLong."""
        return window_of(first, last, day_in_vietnam(self._clock()))

    async def page(
        self, query: EventQuery, *, first: int, after: str | None
    ) -> Page[OccurrenceFound]:
        """Return a page of what is on, by start. Raises InvalidPageSize or InvalidCursor."""
        checked_first(first)
        start: tuple[datetime, str] | None = _BY_START.values(after)
        found = await self._wanted(query)
        rest = [it for it in found if start is None or in_order(it) > start][: first + 1]
        return _BY_START.page(
            await self._with_places(rest, query),
            first=first,
            after=after,
            values=lambda it: in_order(it.occurrence),
        )

    async def event(self, event_id: str) -> EventFound | None:
        event = (await self.calendar.book()).events.get(event_id)
        return await self.seen(event) if event else None

    async def seen(self, event: Event) -> EventFound:
        """Return an event with what a reader wants beside it."""
        return await self._found(event, await self._places([event.place_id]))

    async def occurrences(
        self, found: EventFound, window: Days, *, first: int
    ) -> list[OccurrenceFound]:
        """Return the first occurrences of an event that touch these days. Raises InvalidPageSize."""
        held = occurrences_of(found.event, *moments_of(window))[: checked_first(first)]
        return await self._with_places(held, EventQuery(window))

    async def next(self, found: EventFound, at: datetime | None) -> OccurrenceFound | None:
        """Return what is on at a moment, now without one, or is held next. Raises MomentOutOfRange."""
        moment = self._tourism.moment(at)
        occurrence = next_of(found.event, moment)
        if occurrence is None:
            return None
        return (await self._with_places([occurrence], EventQuery(occurrence.days)))[0]

    async def _wanted(self, query: EventQuery) -> list[Occurrence]:
        held = await self.calendar.occurrences(*moments_of(query.window))
        if query.kinds:
            held = tuple(it for it in held if it.event.kind in query.kinds)
        if query.where.search:
            names = (await self.calendar.book()).names
            hits = {hit.id for hit in names.find(query.where.search)}
            held = tuple(it for it in held if it.event.id in hits)
        if query.where.within_metres is None:
            return list(held)
        places = await self._places(it.place_id for it in held)
        return [it for it in held if _is_near(it, places, query)]

    async def _places(self, place_ids: Iterable[str | None]) -> Mapping[str, PlaceFound]:
        wanted = sorted({place_id for place_id in place_ids if place_id})
        places = await self._repository.places_by_id(wanted)
        return {place_id: await self._tourism.seen(place) for place_id, place in places.items()}

    async def _found(self, event: Event, places: Mapping[str, PlaceFound]) -> EventFound:
        place = places.get(event.place_id or "")
        return EventFound(event, place, await self._commune(event, place))

    async def _commune(self, event: Event, place: PlaceFound | None) -> Commune | None:
        if place is not None:
            return place.commune
        return await self._tourism.commune(event.commune_code) if event.commune_code else None

    async def _with_places(
        self, held: Sequence[Occurrence], query: EventQuery
    ) -> list[OccurrenceFound]:
        usual = [it.event.place_id for it in held]
        places = await self._places([*usual, *(it.place_id for it in held)])
        return [await self._shown(it, places, query) for it in held]

    async def _shown(
        self, occurrence: Occurrence, places: Mapping[str, PlaceFound], query: EventQuery
    ) -> OccurrenceFound:
        found = await self._found(occurrence.event, places)
        place = places.get(occurrence.place_id or "")
        position = _position(occurrence, places)
        return OccurrenceFound(
            occurrence=occurrence,
            found=found,
            place=place,
            commune=place.commune if place else found.commune,
            position=position,
            distance_metres=query.where.distance_to(position) if position else None,
        )


def _position(occurrence: Occurrence, places: Mapping[str, PlaceFound]) -> Position | None:
    if occurrence.place_id is None:
        return occurrence.event.position
    place = places.get(occurrence.place_id)
    return place.place.position if place else None


def _is_near(occurrence: Occurrence, places: Mapping[str, PlaceFound], query: EventQuery) -> bool:
    position, within = _position(occurrence, places), query.where.within_metres
    distance = query.where.distance_to(position) if position else None
    return distance is not None and within is not None and distance <= within
