from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.area import Circle
from api.kit.pagination import After, Connection, First
from api.kit.schema_changes import mapped, present
from api.kit.schema_types import LocalizedText, Position, PositionInput
from api.tourism.closures.closing import (
    RADIUS_AT_LEAST,
    RADIUS_AT_MOST,
    REASON_CHARACTERS_AT_MOST,
    SOURCE_CHARACTERS_AT_MOST,
    YEARS_AT_MOST,
    ClosureChanges,
    NewClosure,
)
from api.tourism.closures.closure import Closure as ClosureRecord
from api.tourism.closures.closure import WayKind
from api.tourism.closures.roads import Road as RoadRecord
from api.tourism.closures.roads import RoadKind
from api.tourism.closures.service import ClosureFound
from api.tourism.place_query import PlaceQuery
from api.tourism.records import Confidence
from api.tourism.tourism_error import TourismError
from api.tourism.written_texts import WrittenText

_KEY = "16 to 128 visible ASCII characters, made anew for each change."
_VERSION = "The `version` that you saw: who was faster is not overwritten."
_REASON = (
    f"In languages of ours, Vietnamese always; at most {REASON_CHARACTERS_AT_MOST} characters each."
)
_SOURCE = f"Who says so, in one line of at most {SOURCE_CHARACTERS_AT_MOST} characters."
_ENDS = f"Later than `starts` and than now, within {YEARS_AT_MOST} years; null: until it is lifted."

strawberry.enum(WayKind, description="What can be closed.")
strawberry.enum(RoadKind, description="A road, a mountain pass on one, or a railway.")


@strawberry.type(description="A road, a pass or a railway of the province; its course is not kept.")
class Road:
    code: strawberry.ID = strawberry.field(description="As on signs and in decisions: QL4D.")
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    names_unchecked: list[str] = strawberry.field(
        description="BCP 47 tags of the languages whose name no native speaker has checked yet."
    )
    kind: RoadKind
    part_of: strawberry.ID | None = strawberry.field(description="Of a pass: the code of its road.")
    commune_codes: list[strawberry.ID] = strawberry.field(
        description="Communes through which it runs, as far as is known."
    )
    description: LocalizedText | None = strawberry.field(description="Where it goes, its dangers.")
    confidence: Confidence = strawberry.field(description="Of these facts.")

    @classmethod
    def of(cls, road: RoadRecord, info: Info) -> "Road":
        language = info.context.language
        return cls(
            code=strawberry.ID(road.code),
            name=LocalizedText.needed(road.names, info.context.language),
            names_unchecked=list(road.names_unchecked),
            kind=road.kind,
            part_of=strawberry.ID(road.part_of) if road.part_of else None,
            commune_codes=[strawberry.ID(code) for code in road.commune_codes],
            description=LocalizedText.of(road.descriptions, language),
            confidence=road.confidence,
        )


@strawberry.type(description="The closed part of a way: what of it lies in this circle.")
class ClosedPart:
    centre: Position
    radius: float = strawberry.field(description="Metres.")

    @classmethod
    def of(cls, circle: Circle) -> "ClosedPart":
        return cls(centre=Position.of(circle.centre), radius=circle.radius_metres)


@strawberry.type(description="A road, trail or place that nobody may or can pass.")
class Closure:
    id: strawberry.ID
    way: WayKind
    way_id: strawberry.ID = strawberry.field(
        description="A road's code, or the id of a trail or place."
    )
    way_name: LocalizedText | None = strawberry.field(
        description="What is closed; null when it is no longer among our content."
    )
    area: ClosedPart | None = strawberry.field(description="Null: all of the way is closed.")
    reason: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    reasons: list[LocalizedText] = strawberry.field(description="In every language we have it in.")
    starts: datetime
    ends: datetime | None = strawberry.field(description="As announced; null: until it is lifted.")
    lifted_at: datetime | None = strawberry.field(
        description="When an editor opened the way again; it has not held since."
    )
    source: str = strawberry.field(description="Who says so.")
    distance: float | None = strawberry.field(
        description="Metres from `near`, 0 within what is closed; of a whole road about, by its"
        " communes. Null without `near`, and where nobody knows."
    )
    version: int = strawberry.field(description="For editors: `expectedVersion` of a change.")

    @classmethod
    def of(cls, found: ClosureFound, info: Info) -> "Closure":
        closure: ClosureRecord = found.closure
        language, way = info.context.language, found.way
        return cls(
            id=strawberry.ID(closure.id),
            way=closure.way,
            way_id=strawberry.ID(closure.way_id),
            way_name=LocalizedText.of(way.names, language) if way else None,
            area=ClosedPart.of(closure.area) if closure.area else None,
            reason=LocalizedText.needed(closure.reason, info.context.language),
            reasons=[LocalizedText(text=it, language=tag) for tag, it in closure.reason.items()],
            starts=closure.starts,
            ends=closure.ends,
            lifted_at=closure.lifted_at,
            source=closure.source,
            distance=found.distance_metres,
            version=closure.version,
        )


@strawberry.input(description="A text in one language.")
class WrittenTextInput:
    language: str = strawberry.field(description="BCP 47 tag of a language of ours.")
    text: str

    def written(self) -> WrittenText:
        return WrittenText(self.language, self.text)


@strawberry.input(description="What of a way lies in a circle.")
class ClosedPartInput:
    centre: PositionInput
    radius: float = strawberry.field(
        description=f"Metres, {RADIUS_AT_LEAST:.0f} to {RADIUS_AT_MOST:,.0f}."
    )

    def circle(self) -> Circle:
        """Return it. Raises InvalidPosition."""
        return Circle(self.centre.position(), self.radius)


@strawberry.input
class CloseWayInput:
    way: WayKind
    way_id: strawberry.ID = strawberry.field(
        description="A road's code, or the id of a trail or place."
    )
    area: ClosedPartInput | None = strawberry.field(default=None, description="Absent: all of it.")
    reason: list[WrittenTextInput] = strawberry.field(description=_REASON)
    source: str = strawberry.field(description=_SOURCE)
    starts: datetime | None = strawberry.field(default=None, description="Absent: now.")
    ends: datetime | None = strawberry.field(default=None, description=_ENDS)
    idempotency_key: str = strawberry.field(description=_KEY)

    def new(self) -> NewClosure:
        return NewClosure(
            way=self.way,
            way_id=self.way_id,
            reason=tuple(it.written() for it in self.reason),
            source=self.source,
            area=self.area.circle() if self.area else None,
            starts=self.starts,
            ends=self.ends,
        )


@strawberry.input(description="What is left out stays as it is.")
class ChangeClosureInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    area: ClosedPartInput | None = strawberry.field(
        default=strawberry.UNSET, description="Null: all of it."
    )
    reason: list[WrittenTextInput] | None = strawberry.field(
        default=strawberry.UNSET, description=_REASON
    )
    source: str | None = strawberry.field(default=strawberry.UNSET, description=_SOURCE)
    starts: datetime | None = strawberry.UNSET
    ends: datetime | None = strawberry.field(default=strawberry.UNSET, description=_ENDS)
    idempotency_key: str = strawberry.field(description=_KEY)

    def changes(self) -> ClosureChanges:
        written = mapped(self.reason, lambda texts: tuple(it.written() for it in texts))
        return ClosureChanges(
            reason=present(written),
            source=present(self.source),
            area=mapped(self.area, ClosedPartInput.circle),
            starts=present(self.starts),
            ends=mapped(self.ends, lambda moment: moment),
        )


@strawberry.input
class LiftClosureInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class CloseWaySuccess:
    closure: Closure


@strawberry.type
class ChangeClosureSuccess:
    closure: Closure


@strawberry.type
class LiftClosureSuccess:
    closure: Closure


CloseWayResult = Annotated[CloseWaySuccess | TourismError, strawberry.union("CloseWayResult")]
ChangeClosureResult = Annotated[
    ChangeClosureSuccess | TourismError, strawberry.union("ChangeClosureResult")
]
LiftClosureResult = Annotated[
    LiftClosureSuccess | TourismError, strawberry.union("LiftClosureResult")
]


@strawberry.type
class ClosuresQuery:
    @strawberry.field(description="Roads, passes and railways that can be closed.")
    def roads(self, info: Info, first: First = 20, after: After = None) -> Connection[Road]:
        page = info.context.services.tourism.closures.roads(first, after)
        return Connection[Road].of(page, lambda road: Road.of(road, info))

    @strawberry.field(description="A closure by its id, also one that is over; null without any.")
    async def closure(self, info: Info, id: strawberry.ID) -> Closure | None:
        found = await info.context.services.tourism.closures.closure(id)
        return Closure.of(found, info) if found else None

    @strawberry.field(
        description="What is closed at a moment: nearest first with `near`, else the latest begun first."
    )
    async def closures(
        self,
        info: Info,
        at: Annotated[datetime | None, strawberry.argument(description="Absent: now.")] = None,
        near: PositionInput | None = None,
        within: Annotated[
            float | None, strawberry.argument(description="Metres from `near`, 1 to 200,000.")
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Closure]:
        query = PlaceQuery(near=near.position() if near else None, within_metres=within)
        page = await info.context.services.tourism.closures.page(query, at, first, after)
        return Connection[Closure].of(page, lambda found: Closure.of(found, info))


@strawberry.type
class ClosuresMutation:
    @strawberry.mutation(description="Close a road, trail or place, or a part of it. For editors.")
    async def close_way(self, info: Info, input: CloseWayInput) -> CloseWayResult:
        found = await info.context.services.tourism.closures.close(
            info.context.caller, input.new(), input.idempotency_key
        )
        return CloseWaySuccess(closure=Closure.of(found, info))

    @strawberry.mutation(
        description="Change what is said of a closure that is not over. For editors."
    )
    async def change_closure(self, info: Info, input: ChangeClosureInput) -> ChangeClosureResult:
        found = await info.context.services.tourism.closures.change(
            info.context.caller,
            input.id,
            input.expected_version,
            input.changes(),
            input.idempotency_key,
        )
        return ChangeClosureSuccess(closure=Closure.of(found, info))

    @strawberry.mutation(description="Open a way again, now. For editors.")
    async def lift_closure(self, info: Info, input: LiftClosureInput) -> LiftClosureResult:
        found = await info.context.services.tourism.closures.lift(
            info.context.caller, input.id, input.expected_version, input.idempotency_key
        )
        return LiftClosureSuccess(closure=Closure.of(found, info))
