from datetime import datetime
from typing import Annotated

import strawberry

from api.conditions.condition_error import ConditionError
from api.conditions.roads.along import EventOnRoute as EventOnRouteRecord
from api.conditions.roads.road_event import KIND_WORDS, Bounds, RoadDirection, RoadEventKind
from api.conditions.roads.road_event import RoadEvent as RoadEventRecord
from api.conditions.roads.service import (
    DAYS_AT_MOST,
    NOTE_CHARACTERS_AT_MOST,
    POINTS_AT_MOST,
    ROUTE_POINTS_AT_MOST,
    NewRoadEvent,
)
from api.context import Info
from api.kit.schema_types import LocalizedText, Position, PositionInput

_KEY = "16 to 128 visible ASCII characters, made anew for each change."
_WITHIN = strawberry.argument(description="Metres from the route, 10 to 2,000.")
_POINTS = strawberry.argument(description=f"In the order of travel, 2 to {ROUTE_POINTS_AT_MOST}.")

strawberry.enum(RoadEventKind, description="What stands in the way.")
strawberry.enum(RoadDirection, description="Which way is concerned, as the line runs.")


@strawberry.type(description="What stands in the way on a stretch of road.")
class RoadEvent:
    id: strawberry.ID
    kind: RoadEventKind
    words: str = strawberry.field(description="The kind, in the reader's language.")
    road: str | None = strawberry.field(description="As on signs: QL4D.")
    line: list[Position] = strawberry.field(
        description="The stretch; one point where it is a spot."
    )
    direction: RoadDirection
    note: LocalizedText | None = strawberry.field(
        description="In the reader's language if we have it."
    )
    source: str = strawberry.field(description="Who says so.")
    report_code: str | None = strawberry.field(description="Of the report from which it comes.")
    starts: datetime
    ends: datetime | None = strawberry.field(description="As expected; null: until it is ended.")
    ended_at: datetime | None = strawberry.field(description="When it was over before that.")
    version: int

    @classmethod
    def of(cls, event: RoadEventRecord, info: Info) -> "RoadEvent":
        return cls(
            id=strawberry.ID(event.id),
            kind=event.kind,
            words=info.context.translate(KIND_WORDS[event.kind]),
            road=event.road,
            line=list(map(Position.of, event.line)),
            direction=event.direction,
            note=LocalizedText.of(event.notes, info.context.language),
            source=event.source,
            report_code=event.report_code,
            starts=event.starts,
            ends=event.ends,
            ended_at=event.ended_at,
            version=event.version,
        )


@strawberry.type(description="An event on a route.")
class EventOnRoute:
    event: RoadEvent
    distance_along: float = strawberry.field(description="Metres from the start of the route.")
    distance: float = strawberry.field(description="Metres from the route.")

    @classmethod
    def of(cls, found: EventOnRouteRecord, info: Info) -> "EventOnRoute":
        return cls(
            event=RoadEvent.of(found.event, info),
            distance_along=found.metres_along,
            distance=found.metres_away,
        )


@strawberry.input(description="A rectangle in degrees, WGS 84.")
class MapBoundsInput:
    south: float
    west: float
    north: float
    east: float

    def bounds(self) -> Bounds:
        return Bounds(self.south, self.west, self.north, self.east)


@strawberry.input(description="A note in one language.")
class RoadNoteInput:
    language: str = strawberry.field(description="BCP 47 tag of a language of ours.")
    text: str


@strawberry.input
class AddRoadEventInput:
    agency_id: strawberry.ID = strawberry.field(description="For which the caller is a clerk.")
    kind: RoadEventKind
    line: list[PositionInput] = strawberry.field(description=f"1 to {POINTS_AT_MOST} points.")
    direction: RoadDirection = RoadDirection.BOTH
    road: str | None = None
    notes: list[RoadNoteInput] = strawberry.field(
        default_factory=list[RoadNoteInput],
        description=f"At most {NOTE_CHARACTERS_AT_MOST} characters each; with one in Vietnamese.",
    )
    source: str
    report_code: str | None = None
    starts: datetime | None = strawberry.field(default=None, description="Absent: now.")
    ends: datetime | None = strawberry.field(
        default=None, description=f"Within {DAYS_AT_MOST} days; absent: until it is ended."
    )
    idempotency_key: str = strawberry.field(description=_KEY)

    def new(self) -> NewRoadEvent:
        """Return it. Raises InvalidPosition."""
        return NewRoadEvent(
            agency_id=self.agency_id,
            kind=self.kind,
            line=tuple(it.position() for it in self.line),
            source=self.source,
            direction=self.direction,
            road=self.road,
            notes=tuple((it.language, it.text) for it in self.notes),
            report_code=self.report_code,
            starts=self.starts,
            ends=self.ends,
        )


@strawberry.input
class EndRoadEventInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description="The `version` that you saw.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class AddRoadEventSuccess:
    event: RoadEvent


@strawberry.type
class EndRoadEventSuccess:
    event: RoadEvent


AddRoadEventResult = Annotated[
    AddRoadEventSuccess | ConditionError, strawberry.union("AddRoadEventResult")
]
EndRoadEventResult = Annotated[
    EndRoadEventSuccess | ConditionError, strawberry.union("EndRoadEventResult")
]


@strawberry.type(description="What stands in the way on a map.")
class RoadEvents:
    events: list[RoadEvent]


@strawberry.type(description="What stands in the way on a route.")
class EventsAlong:
    events: list[EventOnRoute]


@strawberry.type
class RoadsQuery:
    @strawberry.field(
        description="What stands in the way on the roads of a map, the latest begun first, 500 at most."
    )
    async def road_events(
        self,
        info: Info,
        bounds: MapBoundsInput,
        at: Annotated[datetime | None, strawberry.argument(description="Absent: now.")] = None,
    ) -> RoadEvents:
        found = await info.context.services.conditions.roads.within(bounds.bounds(), at)
        return RoadEvents(events=[RoadEvent.of(it, info) for it in found])

    @strawberry.field(
        description="What stands in the way on a route now, the first on it first; what concerns only"
        " the other direction is left out."
    )
    async def events_along(
        self,
        info: Info,
        points: Annotated[list[PositionInput], _POINTS],
        within: Annotated[float, _WITHIN] = 100.0,
    ) -> EventsAlong:
        route = [it.position() for it in points]
        found = await info.context.services.conditions.roads.along(route, within)
        return EventsAlong(events=[EventOnRoute.of(it, info) for it in found])


@strawberry.type
class RoadsMutation:
    @strawberry.mutation(description="Add an event on the road. For clerks of an agency.")
    async def add_road_event(self, info: Info, input: AddRoadEventInput) -> AddRoadEventResult:
        added = await info.context.services.conditions.roads.add(
            info.context.caller, input.new(), input.idempotency_key
        )
        return AddRoadEventSuccess(event=RoadEvent.of(added, info))

    @strawberry.mutation(description="End an event on the road, now. For clerks of its agency.")
    async def end_road_event(self, info: Info, input: EndRoadEventInput) -> EndRoadEventResult:
        ended = await info.context.services.conditions.roads.end(
            info.context.caller, input.id, input.expected_version, input.idempotency_key
        )
        return EndRoadEventSuccess(event=RoadEvent.of(ended, info))
