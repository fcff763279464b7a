"""Events for the one search."""

from collections.abc import Sequence

from api.kit.search.documents import SearchDocument
from api.kit.store import Store
from api.tourism.events.calendar import EventCalendar, entry_of
from api.tourism.events.labels import EVENT_KIND_LABELS
from api.tourism.events.records import Event
from api.tourism.repository import TourismRepository


class EventSearch:
    """A SearchSource. Its version is that of the events and of the content they lie in."""

    def __init__(self, store: Store) -> None:
        self._calendar = EventCalendar(store)
        self._tourism = TourismRepository(store)

    async def search_version(self) -> str | None:
        book = await self._calendar.book()
        return f"{book.edition}/{await self._tourism.content_version()}"

    async def search_documents(self) -> Sequence[SearchDocument]:
        book = await self._calendar.book()
        held_at = {event.place_id for event in book.events.values() if event.place_id}
        places = await self._tourism.places_by_id(sorted(held_at))
        communes = {commune.code: commune.names for commune in await self._tourism.communes()}

        def document(event: Event) -> SearchDocument:
            place = places.get(event.place_id or "")
            code = (place.commune_code if place else None) or event.commune_code
            return SearchDocument(
                kind="event",
                id=event.id,
                entry=entry_of(event),
                names=event.names,
                label=EVENT_KIND_LABELS[event.kind],
                position=place.position if place else event.position,
                summary=event.descriptions,
                around=communes.get(code or ""),
            )

        return list(map(document, book.events.values()))
