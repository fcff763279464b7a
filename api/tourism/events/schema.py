from datetime import date, datetime
from typing import Annotated, Self

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position, PositionInput
from api.tourism.events.date_texts import days_text, rule_text
from api.tourism.events.event_query import DAYS_AT_ONCE, EventQuery
from api.tourism.events.labels import EVENT_KIND_LABELS, EVENT_STATUS_LABELS
from api.tourism.events.records import EventKind, EventStatus
from api.tourism.events.service import EventFound, OccurrenceFound
from api.tourism.place_query import PlaceQuery
from api.tourism.records import Confidence
from api.tourism.schema import Commune, Place, Search

strawberry.enum(EventKind, description="What kind of event it is.")
strawberry.enum(
    EventStatus,
    description="As schema.org's EventStatusType. POSTPONED: the new days are not known. MOVED: held on other days, or"
    " elsewhere.",
)

_FromDay = Annotated[
    date | None,
    strawberry.argument(
        name="from",
        description="First day, as the calendar in Vietnam has it; null: today. At most a year back.",
    ),
]
_ToDay = Annotated[
    date | None,
    strawberry.argument(
        name="to",
        description=f"Last day, included; null: 90 days in all. At most {DAYS_AT_ONCE} days in all, and ten years"
        " ahead.",
    ),
]


@strawberry.interface(description="Days on which an event is held.")
class EventDays:
    id: strawberry.ID = strawberry.field(description="Opaque.")
    planned_on: date = strawberry.field(
        description="The first day as the event's rule has it: names this occurrence to editors."
    )
    first_day: date = strawberry.field(description="As the calendar in Vietnam has it.")
    last_day: date = strawberry.field(description="Included.")
    start: datetime = strawberry.field(description="Midnight in Vietnam, if no time is known.")
    end: datetime = strawberry.field(description="When it is over.")
    is_all_day: bool = strawberry.field(description="Whether no time of the day is known.")
    is_confirmed: bool = strawberry.field(
        description="False: these days are about right, and are announced later."
    )
    days_text: str = strawberry.field(description="The days in words, in the reader's language.")
    status: EventStatus = strawberry.field(
        description="CANCELLED and POSTPONED ones are told on the days for which they were planned."
    )
    status_name: str = strawberry.field(description="`status` in the reader's language.")
    status_reason: LocalizedText | None = strawberry.field(description="Why it is not as planned.")
    position: Position | None = strawberry.field(description="Of the place, or where it is held.")
    distance: float | None = strawberry.field(
        description="Metres from `near` as the crow flies; null without it."
    )
    shown: strawberry.Private[OccurrenceFound]

    @strawberry.field(description="Where it is held this time.")
    def place(self, info: Info) -> Place | None:
        return Place.of(self.shown.place, info) if self.shown.place else None

    @strawberry.field(description="In which it is held.")
    def commune(self, info: Info) -> Commune | None:
        return Commune.of(self.shown.commune, info) if self.shown.commune else None

    @classmethod
    def of(cls, found: OccurrenceFound, info: Info) -> Self:
        it, context = found.occurrence, info.context
        return cls(
            id=strawberry.ID(it.id),
            planned_on=it.planned.first,
            first_day=it.days.first,
            last_day=it.days.last,
            start=it.start,
            end=it.end,
            is_all_day=it.is_all_day,
            is_confirmed=it.is_confirmed,
            days_text=days_text(it, context.translate, context.language),
            status=it.status,
            status_name=context.translate(EVENT_STATUS_LABELS[it.status]),
            status_reason=LocalizedText.of(it.change.reasons, context.language)
            if it.change
            else None,
            position=Position.of(found.position) if found.position else None,
            distance=found.distance_metres,
            shown=found,
        )


@strawberry.type(description="Days of the event that was asked about.")
class EventDate(EventDays):
    pass


@strawberry.type(description="An event on certain days.")
class EventOccurrence(EventDays):
    @strawberry.field(description="Of which it is one occurrence.")
    def event(self, info: Info) -> "Event":
        return Event.of(self.shown.found, info)


@strawberry.type(description="A festival or another event, held once or again and again.")
class Event:
    id: strawberry.ID = strawberry.field(description="Opaque.")
    version: int = strawberry.field(description="Editors say which one they saw.")
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    names: list[LocalizedText] = strawberry.field(description="In every language we have it in.")
    names_unchecked: list[str] = strawberry.field(
        description="BCP 47 tags of the languages whose name no native speaker has checked yet."
    )
    description: LocalizedText | None = strawberry.field(description="A few sentences.")
    kind: EventKind = strawberry.field(description="What kind of event it is.")
    kind_name: str = strawberry.field(description="`kind` in the reader's language.")
    rule_text: str | None = strawberry.field(
        description="How it comes round, in the reader's language; null for single dates."
    )
    dates_are_announced: bool = strawberry.field(
        description="Whether the exact days are announced each time; until then they are about right."
    )
    position: Position | None = strawberry.field(
        description="Of the place, or where it is usually held."
    )
    organiser: LocalizedText | None = strawberry.field(description="Who holds it.")
    price_note: LocalizedText | None = strawberry.field(description="What it costs, in words.")
    website: str | None = strawberry.field(description="Its address.")
    confidence: Confidence = strawberry.field(description="Of these facts.")
    found: strawberry.Private[EventFound]

    @strawberry.field(description="Where it is usually held.")
    def place(self, info: Info) -> Place | None:
        return Place.of(self.found.place, info) if self.found.place else None

    @strawberry.field(description="In which it is usually held.")
    def commune(self, info: Info) -> Commune | None:
        return Commune.of(self.found.commune, info) if self.found.commune else None

    @strawberry.field(
        description="What is on then or will be held next; null if nothing is known within 800 days."
    )
    async def next(
        self,
        info: Info,
        at: Annotated[
            datetime | None,
            strawberry.argument(description="With an offset from UTC. Null: now."),
        ] = None,
    ) -> EventDate | None:
        found = await info.context.services.tourism.calendar.next(self.found, at)
        return EventDate.of(found, info) if found else None

    @strawberry.field(description="By start; for more, ask from the last day that was told.")
    async def occurrences(
        self, info: Info, from_day: _FromDay = None, to_day: _ToDay = None, first: First = 20
    ) -> list[EventDate]:
        calendar = info.context.services.tourism.calendar
        window = calendar.window(from_day, to_day)
        found = await calendar.occurrences(self.found, window, first=first)
        return [EventDate.of(it, info) for it in found]

    @classmethod
    def of(cls, found: EventFound, info: Info) -> "Event":
        event, context = found.event, info.context
        place = found.place
        position = place.place.position if place else event.position
        return cls(
            id=strawberry.ID(event.id),
            version=event.version,
            name=LocalizedText.needed(event.names, context.language),
            names=[LocalizedText(text=text, language=tag) for tag, text in event.names.items()],
            names_unchecked=list(event.names_unchecked),
            description=LocalizedText.of(event.descriptions, context.language),
            kind=event.kind,
            kind_name=context.translate(EVENT_KIND_LABELS[event.kind]),
            rule_text=rule_text(event.rule, context.translate, context.language),
            dates_are_announced=event.dates_are_announced,
            position=Position.of(position) if position else None,
            organiser=LocalizedText.of(event.organisers, context.language),
            price_note=LocalizedText.of(event.price_notes, context.language),
            website=event.website,
            confidence=event.confidence,
            found=found,
        )


@strawberry.type
class EventsQuery:
    @strawberry.field(description="A festival or another event by its id; null if there is none.")
    async def event(self, info: Info, id: strawberry.ID) -> Event | None:
        found = await info.context.services.tourism.calendar.event(id)
        return Event.of(found, info) if found else None

    @strawberry.field(
        description="What is on between two days, by start: festivals and other events, also what is cancelled or"
        " postponed."
    )
    async def events(
        self,
        info: Info,
        from_day: _FromDay = None,
        to_day: _ToDay = None,
        near: PositionInput | None = None,
        within: Annotated[
            float | None, strawberry.argument(description="Metres from `near`, 1 to 200,000.")
        ] = None,
        kinds: Annotated[
            list[EventKind] | None, strawberry.argument(description="None or empty: all.")
        ] = None,
        search: Search = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[EventOccurrence]:
        calendar = info.context.services.tourism.calendar
        query = EventQuery(
            window=calendar.window(from_day, to_day),
            kinds=frozenset(kinds or ()),
            where=PlaceQuery(
                near=near.position() if near else None, within_metres=within, search=search
            ),
        )
        page = await calendar.page(query, first=first, after=after)
        return Connection[EventOccurrence].of(page, lambda it: EventOccurrence.of(it, info))
