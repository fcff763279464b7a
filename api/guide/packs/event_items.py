"""Festivals and other events as items of a pack, with their days of the months to come."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice

from api.guide.packs.items import PackItem, point, told
from api.guide.packs.scope import PackAreaKind, PackScope
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.geo import Position
from api.kit.store import Store
from api.tourism.events.calendar import EventCalendar, occurrences_of
from api.tourism.events.date_texts import days_text, rule_text
from api.tourism.events.labels import EVENT_KIND_LABELS, EVENT_STATUS_LABELS
from api.tourism.events.records import Event, Occurrence
from api.tourism.records import Place
from api.tourism.repository import TourismRepository
from locales import translator

DAYS_AHEAD = 400
"""From the first of this month: the pack changes with the month, and not every day."""
_OCCURRENCES_AT_MOST = 20


class EventItems:
    """A PackSource: of an area the events that are held there."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._calendar = EventCalendar(store)
        self._places = TourismRepository(store)
        self._clock = clock

    async def pack_version(self) -> str:
        book = await self._calendar.book()
        return f"{book.edition} {self._first_day().isoformat()}"

    async def pack_items(self, scope: PackScope, language: str) -> Callable[[], Iterable[PackItem]]:
        events = (await self._calendar.book()).events.values()
        wanted = sorted({event.place_id for event in events if event.place_id})
        places = await self._places.places_by_id(wanted)
        start = datetime.combine(self._first_day(), time(), VIETNAM_TIME)
        held = [event for event in events if _is_held_in(scope, event, places)]
        return lambda: [_event(event, start, language) for event in held]

    def _first_day(self) -> date:
        return day_in_vietnam(self._clock()).replace(day=1)


def _is_held_in(scope: PackScope, event: Event, places: Mapping[str, Place]) -> bool:
    if scope.kind is PackAreaKind.PROVINCE:
        return True
    place = places.get(event.place_id or "")
    position: Position | None = place.position if place else event.position
    commune_code = place.commune_code if place else event.commune_code
    if position is None:
        return scope.kind is PackAreaKind.COMMUNE and commune_code == scope.id
    return scope.holds_place(event.place_id or "", position, commune_code)


def _event(event: Event, start: datetime, language: str) -> PackItem:
    translate = translator(language)
    return PackItem(
        f"event/{event.id}",
        {
            "name": told(event.names, language),
            "description": told(event.descriptions, language),
            "kind": event.kind.name,
            "kindName": translate(EVENT_KIND_LABELS[event.kind]),
            "ruleText": rule_text(event.rule, translate, language),
            "datesAreAnnounced": event.dates_are_announced,
            "placeId": event.place_id,
            "position": point(event.position) if event.position else None,
            "communeCode": event.commune_code,
            "organiser": told(event.organisers, language),
            "priceNote": told(event.price_notes, language),
            "website": event.website,
            "confidence": event.confidence.name,
            "occurrences": list(_occurrences(event, start, language)),
        },
    )


def _occurrences(event: Event, start: datetime, language: str) -> Iterator[dict[str, object]]:
    translate = translator(language)
    found = occurrences_of(event, start, start + timedelta(days=DAYS_AHEAD))
    for occurrence in islice(found, _OCCURRENCES_AT_MOST):
        said = {
            "firstDay": occurrence.days.first.isoformat(),
            "lastDay": occurrence.days.last.isoformat(),
            "start": occurrence.start.isoformat(),
            "end": occurrence.end.isoformat(),
            "isAllDay": occurrence.is_all_day,
            "isConfirmed": occurrence.is_confirmed,
            "daysText": days_text(occurrence, translate, language),
            "status": occurrence.status.name,
            "statusName": translate(EVENT_STATUS_LABELS[occurrence.status]),
            "statusReason": _reason(occurrence, language),
            "placeId": occurrence.place_id,
        }
        yield {name: value for name, value in said.items() if value is not None}


def _reason(occurrence: Occurrence, language: str) -> dict[str, str] | None:
    return told(occurrence.change.reasons, language) if occurrence.change else None
