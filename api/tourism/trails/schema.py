from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position, PositionInput
from api.tourism.closures.schema import Closure
from api.tourism.place_query import PlaceQuery
from api.tourism.records import Confidence
from api.tourism.reviews.records import Subject, SubjectKind
from api.tourism.reviews.schema import Reviewed
from api.tourism.schema import Place, Search
from api.tourism.tourism_error import TourismError
from api.tourism.trails.drawings import (
    LINE_POINTS_AT_MOST,
    PROFILE_AT_LEAST,
    PROFILE_AT_MOST,
    TOLERANCE_AT_LEAST,
    TOLERANCE_AT_MOST,
)
from api.tourism.trails.exports import line_remark
from api.tourism.trails.labels import DIFFICULTY_LABELS, GUIDE_LABELS
from api.tourism.trails.repository import TrailFilter
from api.tourism.trails.schema_inputs import ChangeTrailInput, ImportTrailInput, WithdrawTrailInput
from api.tourism.trails.service import LENGTH_AT_MOST, TrailFound, TrailQuery
from api.tourism.trails.trail import Bounds, GuideNeed, LineKind
from api.tourism.trails.trail import Trail as TrailRecord
from api.tourism.trails.walking import Difficulty

_DEGREES = "Degrees, WGS 84."
_SKETCH = "Null for a SKETCH, between whose points the path winds."


@strawberry.type(description="The least rectangle around something.")
class BoundingBox:
    south: float = strawberry.field(description=_DEGREES)
    west: float = strawberry.field(description=_DEGREES)
    north: float = strawberry.field(description=_DEGREES)
    east: float = strawberry.field(description=_DEGREES)

    @classmethod
    def of(cls, bounds: Bounds) -> "BoundingBox":
        return cls(south=bounds.south, west=bounds.west, north=bounds.north, east=bounds.east)


@strawberry.type(description="A line to draw on a map.")
class TrailLine:
    encoded: str = strawberry.field(
        description="Google's encoded polyline algorithm, 5 decimals of a degree, WGS 84."
    )
    points: int = strawberry.field(description=f"How many: {LINE_POINTS_AT_MOST:,} at most.")
    tolerance: float = strawberry.field(
        description="Metres by which points left out may lie beside it; more than was asked for where"
        " there were too many points."
    )


@strawberry.type(description="Heights along a trail, at equal distances from end to end.")
class TrailProfile:
    distances: list[float] = strawberry.field(description="Metres from the start.")
    elevations: list[float] = strawberry.field(description="Metres above the sea, smoothed.")


@strawberry.type(description="A way to walk.")
class Trail(Reviewed):
    id: strawberry.ID
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    names: list[LocalizedText] = strawberry.field(description="In every language we have it in.")
    names_unchecked: list[str] = strawberry.field(
        description="BCP 47 tags of the languages whose name no native speaker has checked yet."
    )
    description: LocalizedText | None = strawberry.field(description="A few sentences.")
    notes: LocalizedText | None = strawberry.field(description="The ground, water, and papers.")
    line_kind: LineKind = strawberry.field(
        description="SKETCH: never find your way by it, nor show it as a path."
    )
    line_accuracy: float = strawberry.field(
        description="Metres: the path is likely within this distance of the line."
    )
    line_remark: str = strawberry.field(
        description="How far the line can be trusted, in words to show beside it."
    )
    start: Position
    end: Position
    bounds: BoundingBox
    line_length: float = strawberry.field(description="Metres along the line.")
    length: float | None = strawberry.field(
        description="Metres from end to end: along the line, of a SKETCH as stated, null when not known."
    )
    ascent: float | None = strawberry.field(
        description=f"Metres up in all, but for ups of less than 10 m. {_SKETCH}"
    )
    descent: float | None = strawberry.field(
        description=f"Metres down in all, but for downs of less than 10 m. {_SKETCH}"
    )
    highest: float | None = strawberry.field(description="Metres above the sea.")
    lowest: float | None = strawberry.field(description="Metres above the sea.")
    walking_minutes: int | None = strawberry.field(
        description="From start to end: as stated, else without rests by Naismith's rule with Langmuir's"
        f" corrections. {_SKETCH}"
    )
    difficulty: Difficulty
    difficulty_name: str = strawberry.field(description="`difficulty` in the reader's language.")
    difficulty_is_proposed: bool = strawberry.field(
        description="Whether it was only computed from the line, which does not know the ground."
    )
    guide: GuideNeed
    guide_text: str = strawberry.field(description="`guide` in the reader's language.")
    needs_permit: bool
    best_months: list[int] = strawberry.field(description="1 is January; empty: all, or unknown.")
    distance: float | None = strawberry.field(
        description="Metres from `near` to the nearest point of the line; null without it."
    )
    confidence: Confidence = strawberry.field(description="Of what is said here.")
    gpx: str = strawberry.field(description="Address of a GPX 1.1 file.")
    geojson: str = strawberry.field(description="Address of a GeoJSON file (RFC 7946).")
    changed_at: datetime
    version: int = strawberry.field(description="For editors: `expectedVersion` of a change.")
    record: strawberry.Private[TrailRecord]

    @strawberry.field(description="A place at the start, if we know one.")
    async def start_place(self, info: Info) -> Place | None:
        return await _place(self.record.facts.start_place_id, info)

    @strawberry.field(description="A place at the end, if we know one.")
    async def end_place(self, info: Info) -> Place | None:
        return await _place(self.record.facts.end_place_id, info)

    @strawberry.field(
        description="What of it is closed now: all of it first, then the latest begun. Null: nothing."
    )
    async def closure(self, info: Info) -> Closure | None:
        found = await self.closures(info)
        return next((it for it in found if it.area is None), found[0] if found else None)

    @strawberry.field(description="All that is closed of it now, the latest begun first.")
    async def closures(self, info: Info) -> list[Closure]:
        load = info.context.services.tourism.closures.of_trails
        found = await info.context.loader(load).load(str(self.id))
        return [Closure.of(it, info) for it in found]

    @strawberry.field(description="The line, simplified; the files have all of it.")
    async def line(
        self,
        info: Info,
        tolerance: Annotated[
            float,
            strawberry.argument(
                description=f"Metres by which it may be off, {TOLERANCE_AT_LEAST:.0f} to"
                f" {TOLERANCE_AT_MOST:,.0f}; a power of two, not more than that, is used."
            ),
        ] = 20.0,
    ) -> TrailLine | None:
        trails = info.context.services.tourism.trails
        load = info.context.loader(trails.lines).load
        line = await trails.drawings.line(self.record, tolerance, load)
        if line is None:
            return None
        return TrailLine(encoded=line.encoded, points=line.points, tolerance=line.tolerance_metres)

    @strawberry.field(
        description="Heights along it; null where they are not known, as of a SKETCH."
    )
    async def profile(
        self,
        info: Info,
        points: Annotated[
            int,
            strawberry.argument(description=f"{PROFILE_AT_LEAST} to {PROFILE_AT_MOST} of them."),
        ] = 50,
    ) -> TrailProfile | None:
        trails = info.context.services.tourism.trails
        load = info.context.loader(trails.lines).load
        found = await trails.drawings.profile(self.record, points, load)
        if found is None:
            return None
        return TrailProfile(distances=list(found.distances), elevations=list(found.elevations))

    @classmethod
    def of(cls, found: TrailFound, info: Info) -> "Trail":
        trail, context = found.trail, info.context
        facts, course, measures = trail.facts, trail.course, trail.course.measures
        link = context.services.tourism.trails.link(trail.id)
        return cls(
            subject=Subject(SubjectKind.TRAIL, trail.id),
            id=strawberry.ID(trail.id),
            name=LocalizedText.needed(facts.names, info.context.language),
            names=[LocalizedText(text=it, language=tag) for tag, it in facts.names.items()],
            names_unchecked=list(facts.names_unchecked),
            description=LocalizedText.of(facts.descriptions, context.language),
            notes=LocalizedText.of(facts.notes, context.language),
            line_kind=course.kind,
            line_accuracy=course.accuracy_metres,
            line_remark=line_remark(course, context.language, context.translate),
            start=Position.of(course.outline[0]),
            end=Position.of(course.outline[-1]),
            bounds=BoundingBox.of(course.bounds),
            line_length=measures.length_metres,
            length=trail.length_metres,
            ascent=None if course.is_sketch else measures.ascent_metres,
            descent=None if course.is_sketch else measures.descent_metres,
            highest=measures.highest_metres,
            lowest=measures.lowest_metres,
            walking_minutes=trail.minutes,
            difficulty=trail.difficulty,
            difficulty_name=context.translate(DIFFICULTY_LABELS[trail.difficulty]),
            difficulty_is_proposed=facts.difficulty is None,
            guide=facts.guide,
            guide_text=context.translate(GUIDE_LABELS[facts.guide]),
            needs_permit=facts.needs_permit,
            best_months=list(facts.best_months),
            distance=found.distance_metres,
            confidence=facts.confidence,
            gpx=f"{link}.gpx",
            geojson=f"{link}.geojson",
            changed_at=trail.changed_at,
            version=trail.version,
            record=trail,
        )


@strawberry.type
class ImportTrailSuccess:
    trail: Trail


@strawberry.type
class ChangeTrailSuccess:
    trail: Trail


@strawberry.type
class WithdrawTrailSuccess:
    id: strawberry.ID


ImportTrailResult = Annotated[
    ImportTrailSuccess | TourismError, strawberry.union("ImportTrailResult")
]
ChangeTrailResult = Annotated[
    ChangeTrailSuccess | TourismError, strawberry.union("ChangeTrailResult")
]
WithdrawTrailResult = Annotated[
    WithdrawTrailSuccess | TourismError, strawberry.union("WithdrawTrailResult")
]


@strawberry.type
class TrailsQuery:
    @strawberry.field(description="A trail by its id; null if there is none.")
    async def trail(self, info: Info, id: strawberry.ID) -> Trail | None:
        found = await info.context.services.tourism.trails.trail(id)
        return Trail.of(found, info) if found else None

    @strawberry.field(
        description="Trails: best match first with `search`, else nearest first with `near`, else by id."
    )
    async def trails(
        self,
        info: Info,
        near: PositionInput | None = None,
        within: Annotated[
            float | None, strawberry.argument(description="Metres from `near`, 1 to 200,000.")
        ] = None,
        difficulties: Annotated[
            list[Difficulty] | None, strawberry.argument(description="None or empty: all.")
        ] = None,
        max_length: Annotated[
            float | None,
            strawberry.argument(
                description=f"Metres, 1 to {LENGTH_AT_MOST:,.0f}. Leaves out what has no known length."
            ),
        ] = None,
        search: Search = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Trail]:
        query = TrailQuery(
            PlaceQuery(near.position() if near else None, within, search=search),
            TrailFilter(frozenset(difficulties or ()), max_length),
        )
        page = await info.context.services.tourism.trails.page(query, first, after)
        return Connection[Trail].of(page, lambda found: Trail.of(found, info))


@strawberry.type
class TrailsMutation:
    @strawberry.mutation(
        description="Make a trail of the line in a GPX or GeoJSON file, or put it in place of the line of"
        " one. Times, names, authors and devices in the file are not read. For editors."
    )
    async def import_trail(self, info: Info, input: ImportTrailInput) -> ImportTrailResult:
        editing, caller = info.context.services.tourism.trail_editing, info.context.caller
        line, facts, seen = input.line(), input.facts.written(), input.seen()
        key = input.idempotency_key
        if seen is None:
            trail = await editing.add(caller, line, facts, key)
        else:
            trail = await editing.redraw(caller, seen, line, facts, key)
        return ImportTrailSuccess(trail=Trail.of(TrailFound(trail), info))

    @strawberry.mutation(description="Change what is said of a trail. For editors.")
    async def change_trail(self, info: Info, input: ChangeTrailInput) -> ChangeTrailResult:
        trail = await info.context.services.tourism.trail_editing.change(
            info.context.caller, input.seen(), input.facts.written(), input.idempotency_key
        )
        return ChangeTrailSuccess(trail=Trail.of(TrailFound(trail), info))

    @strawberry.mutation(
        description="Show a trail no more; new content does not bring it back. For editors."
    )
    async def withdraw_trail(self, info: Info, input: WithdrawTrailInput) -> WithdrawTrailResult:
        trail = await info.context.services.tourism.trail_editing.withdraw(
            info.context.caller, input.seen(), input.idempotency_key
        )
        return WithdrawTrailSuccess(id=strawberry.ID(trail.id))


async def _place(place_id: str | None, info: Info) -> Place | None:
    if place_id is None:
        return None
    found = await info.context.loader(info.context.services.tourism.places.found).load(place_id)
    return Place.of(found, info) if found else None
