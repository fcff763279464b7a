"""Which events are on when: for lists, for the planner, for the search."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.kit.formats import day_in_vietnam
from api.kit.search.index import Entry, SearchIndex
from api.kit.store import Store
from api.tourism.events.labels import EVENT_KIND_LABELS
from api.tourism.events.records import Event, Occurrence
from api.tourism.events.repository import EventRepository
from api.tourism.events.rules import Days, planned
from locales import AVAILABLE, translator

NEXT_WITHIN_DAYS = 800
"""More than two lunar years, so that what is cancelled once is found again."""

_NAME, _KIND, _ORGANISER = 1.0, 0.5, 0.3


@dataclass(frozen=True, slots=True)
class EventBook:
    """All events at one edition, immutable."""

    edition: int
    events: Mapping[str, Event]
    names: SearchIndex

    @classmethod
    def of(cls, events: Sequence[Event], edition: int) -> "EventBook":
        return cls(
            edition, {event.id: event for event in events}, SearchIndex(list(map(entry_of, events)))
        )


def entry_of(event: Event) -> Entry:
    """Return what an event is found by."""
    label = EVENT_KIND_LABELS[event.kind]
    context = {translator(language)(label): _KIND for language in AVAILABLE}
    context |= dict.fromkeys(event.organisers.values(), _ORGANISER)
    return Entry(event.id, dict.fromkeys(event.names.values(), _NAME), context)


class EventCalendar:
    """The events that the store holds now; kept in memory while nothing changes."""

    def __init__(self, store: Store) -> None:
        self._repository = EventRepository(store)
        self._book: EventBook | None = None

    async def occurrences(self, start: datetime, end: datetime) -> tuple[Occurrence, ...]:
        """Return what lies, in part at least, between two aware moments, by start and id.

        What is cancelled or postponed is told too, on the days for which it was planned: ask `is_held`.
        """
        book = await self.book()
        found = (it for event in book.events.values() for it in occurrences_of(event, start, end))
        return tuple(sorted(found, key=in_order))

    async def book(self) -> EventBook:
        edition = await self._repository.edition()
        while self._book is None or self._book.edition != edition:
            states = await self._repository.listed()
            self._book = EventBook.of([state.event for state in states], edition)
            edition = await self._repository.edition()
        return self._book


def in_order(occurrence: Occurrence) -> tuple[datetime, str]:
    return (occurrence.start, occurrence.id)


def occurrences_of(event: Event, start: datetime, end: datetime) -> Sequence[Occurrence]:
    """Return the occurrences of an event that lie, in part at least, between two moments, by start."""
    window = Days(day_in_vietnam(start) - timedelta(days=1), day_in_vietnam(end))
    as_planned = (
        Occurrence(event, days, None)
        for days in planned(event.rule, window)
        if days.first not in event.changes
    )
    found = [it for it in (*as_planned, *_changed(event)) if it.is_on(start, end)]
    return sorted(found, key=in_order)


def next_of(event: Event, at: datetime) -> Occurrence | None:
    """Return the occurrence that is on at a moment, or else the next that will be held."""
    until = at + timedelta(days=NEXT_WITHIN_DAYS)
    return next((it for it in occurrences_of(event, at, until) if it.is_held), None)


def occurrence_planned(event: Event, first: date) -> Occurrence | None:
    """Return the occurrence that the rule lets begin on a day."""
    for days in planned(event.rule, Days(first, first)):
        if days.first == first:
            return Occurrence(event, days, event.changes.get(first))
    return None


def _changed(event: Event) -> Iterator[Occurrence]:
    """Yield what was said of occurrences, as far as the rule still gives them."""
    for first in event.changes:
        if (occurrence := occurrence_planned(event, first)) is not None:
            yield occurrence
