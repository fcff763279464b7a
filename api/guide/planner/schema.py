from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.context import Context, Info
from api.guide.planner.errors import Nearest, TripProblem, TripRefusalCode, Unmet
from api.guide.planner.schema_inputs import PlanTripInput, ReplanTripInput
from api.guide.planner.timetable import ItemKind
from api.guide.planner.told import Told
from api.guide.planner.trip_plan import LeftOut, PlannedDay, PlannedItem, TravelSource
from api.guide.planner.trip_plan import TripPlan as Plan
from api.kit.addresses import line_of
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import InvalidPosition
from api.kit.problem import Problem
from api.kit.schema_types import Position
from api.tourism.place_lists import PlaceFound
from api.tourism.schema import Place

strawberry.enum(TripRefusalCode, description="Why there is no such plan.")
strawberry.enum(ItemKind, name="TripItemKind", description="What is done for a while.")
strawberry.enum(TravelSource, name="TripTravelSource", description="Where travel times come from.")


@strawberry.type(description="A whole sentence for the reader, and what it says as a code.")
class TripRemark:
    code: str = strawberry.field(description="Stable; new ones may be added.")
    text: str = strawberry.field(description="In the reader's language.")

    @classmethod
    def of(cls, told: Told, info: Info) -> "TripRemark":
        text = told.text(info.context.translate, info.context.language)
        return cls(code=told.code.name, text=text)

    @classmethod
    def all_of(cls, told: Iterable[Told], info: Info) -> list["TripRemark"]:
        return [cls.of(it, info) for it in told]


@strawberry.type(description="Something that is done for a while.")
class TripItem:
    kind: ItemKind = strawberry.field(description="What it is.")
    starts: datetime
    ends: datetime
    place: Place | None = strawberry.field(
        description="Where it is, of TRAVEL where it leads; null: where the day begins or ends, or on the way."
    )
    roads: list[str] = strawberry.field(
        description="Of TRAVEL: codes of the roads and passes, in order; empty for local roads, or if not known."
    )
    is_must: bool = strawberry.field(description="Whether the visitor asked for it.")
    usual_minutes: int | None = strawberry.field(
        description="Of a VISIT for which there is less time: how long people usually stay; null otherwise."
    )
    includes_meal: bool = strawberry.field(description="A visit that goes on over mealtime.")
    reasons: list[TripRemark] = strawberry.field(
        description="Why this place, and why at this hour."
    )
    notes: list[TripRemark] = strawberry.field(description="What to know before going.")

    @classmethod
    def of(cls, item: PlannedItem, info: Info) -> "TripItem":
        return cls(
            kind=item.kind,
            starts=item.starts,
            ends=item.ends,
            place=_place(item.place, info),
            roads=list(item.way.roads) if item.way else [],
            is_must=item.is_must,
            usual_minutes=item.usual_minutes,
            includes_meal=item.includes_meal,
            reasons=TripRemark.all_of(item.reasons, info),
            notes=TripRemark.all_of(item.notes, info),
        )


@strawberry.type(description="A day of a trip, from and to where the visitor stays.")
class TripDay:
    date: date
    starts: datetime = strawberry.field(description="The time there is, from …")
    ends: datetime = strawberry.field(description="… until.")
    items: list[TripItem] = strawberry.field(
        description="In order; empty when nothing can be visited. Between two of them there may be time to wait."
    )

    @classmethod
    def of(cls, day: PlannedDay, info: Info) -> "TripDay":
        return cls(
            date=day.day,
            starts=day.starts,
            ends=day.ends,
            items=[TripItem.of(item, info) for item in day.items],
        )


@strawberry.type(
    description="A place or a road that is avoided because of a warning or a closure; or a place that was planned before"
    " and is in the plan no more."
)
class TripLeftOut:
    reason: TripRemark
    place: Place | None = strawberry.field(description="Null for a road.")
    road: str | None = strawberry.field(description="Its code; null for a place.")
    alert_id: strawberry.ID | None = strawberry.field(description="Of the warning, if it is one.")
    closure_id: strawberry.ID | None = strawberry.field(description="Of the closure, if it is one.")
    road_event_id: strawberry.ID | None = strawberry.field(
        description="Of the event on the road, if it is one."
    )

    @classmethod
    def of(cls, left: LeftOut, info: Info) -> "TripLeftOut":
        return cls(
            reason=TripRemark.of(left.why, info),
            place=_place(left.place, info),
            road=left.road,
            alert_id=strawberry.ID(left.alert_id) if left.alert_id else None,
            closure_id=strawberry.ID(left.closure_id) if left.closure_id else None,
            road_event_id=strawberry.ID(left.road_event_id) if left.road_event_id else None,
        )


@strawberry.type(description="A plan, day by day. It is kept nowhere: the app keeps it.")
class TripPlan:
    days: list[TripDay]
    left_out: list[TripLeftOut] = strawberry.field(
        description="What is avoided, roads first, of places at most 50; then what was planned and is given up."
    )
    notes: list[TripRemark] = strawberry.field(description="About the plan as a whole.")
    travel_source: TravelSource

    @classmethod
    def of(cls, plan: Plan, info: Info) -> "TripPlan":
        return cls(
            days=[TripDay.of(day, info) for day in plan.days],
            left_out=[TripLeftOut.of(it, info) for it in plan.left_out],
            notes=TripRemark.all_of(plan.notes, info),
            travel_source=plan.travel_source,
        )


@strawberry.type(description="A wish that cannot be met.")
class TripUnmet:
    place_id: strawberry.ID
    reason: TripRemark
    next_possible: datetime | None = strawberry.field(
        description="When it could be visited next; null if that is not known, or not the reason."
    )
    excluded_by: list[strawberry.ID] = strawberry.field(
        description="Ids of wished places that cannot be combined with it."
    )

    @classmethod
    def of(cls, unmet: Unmet, info: Info) -> "TripUnmet":
        return cls(
            place_id=strawberry.ID(unmet.place_id),
            reason=TripRemark.of(unmet.why, info),
            next_possible=_local(unmet.next_possible),
            excluded_by=[strawberry.ID(it) for it in unmet.excluded_by],
        )


@strawberry.type(description="The nearest that can be.")
class TripNearest:
    plan: TripPlan | None = strawberry.field(
        description="With all wishes that can be met; the way back alone when nothing can be visited, null for none."
    )
    without: list[strawberry.ID] = strawberry.field(
        description="Ids of the wished places that are not in `plan`, or not possible from `starts` to `ends` either."
    )
    starts: datetime | None = strawberry.field(description="A beginning that can be.")
    ends: datetime | None = strawberry.field(description="An end that can be.")
    position: Position | None = strawberry.field(description="A position that can be.")

    @classmethod
    def of(cls, nearest: Nearest, info: Info) -> "TripNearest":
        return cls(
            plan=TripPlan.of(nearest.plan, info) if nearest.plan else None,
            without=[strawberry.ID(it) for it in nearest.without],
            starts=_local(nearest.starts),
            ends=_local(nearest.ends),
            position=Position.of(nearest.position) if nearest.position else None,
        )


@strawberry.type(description="Why there is no such plan, and what can be instead.")
class TripRefusal(Problem):
    code: TripRefusalCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )
    retry_after: int | None = strawberry.field(
        default=None,
        description="Seconds after which it is worth asking again; null: not by waiting.",
    )
    unmet: list[TripUnmet] = strawberry.field(
        default_factory=list, description="Which wishes cannot be met, and why."
    )
    nearest: TripNearest | None = None


class TripRefusals(strawberry.ExceptionHandler[TripProblem | InvalidPosition, TripRefusal]):
    """Turns every refusal of the planner into TripRefusal, in the reader's language."""

    @override
    def handle(
        self, exception: TripProblem | InvalidPosition, *, field: StrawberryField, info: Info
    ) -> TripRefusal:
        known = exception if isinstance(exception, TripProblem) else None
        return TripRefusal(
            message=known.text(info.context.translate, info.context.language)
            if known
            else exception.localized(info.context.translate),
            code=TripRefusalCode[exception.code.name],
            field=known.field if known else None,
            retry_after=known.retry_after_seconds if known else None,
            unmet=[TripUnmet.of(it, info) for it in known.unmet] if known else [],
            nearest=TripNearest.of(known.nearest, info) if known and known.nearest else None,
        )


PlanTripResult = Annotated[TripPlan | TripRefusal, strawberry.union("PlanTripResult")]


@strawberry.type
class PlannerQuery:
    @strawberry.field(
        description="A plan of one to seven days: which places, when, by which roads, and why. The same question"
        " gets the same plan while places, warnings and closures stay the same."
    )
    async def plan_trip(self, info: Info, input: PlanTripInput) -> PlanTripResult:
        context = info.context
        request = replace(input.request(), is_hurried=context.ticket is not None)
        plan = await context.services.guide.planner.plan(request, _asker(context))
        return TripPlan.of(plan, info)

    @strawberry.field(
        description="A plan of what is left of a trip that is late, or found something closed: near to what was planned."
    )
    async def replan_trip(self, info: Info, input: ReplanTripInput) -> PlanTripResult:
        planner = info.context.services.guide.planner
        plan = await planner.replan(input.request(planner.clock()), _asker(info.context))
        return TripPlan.of(plan, info)


def _asker(context: Context) -> str:
    """Return who asks: a person, a conversation with the bot (all of which come from one address), or an address."""
    if context.caller.person_id is not None:
        return f"person {context.caller.person_id}"
    if context.ticket is not None:
        return f"conversation {context.ticket.subject}"
    return f"address {line_of(context.client_address)}"


def _local(moment: datetime | None) -> datetime | None:
    """Return a moment as the clocks in the province have it, like all others of a plan."""
    return None if moment is None else moment.astimezone(VIETNAM_TIME)


def _place(found: PlaceFound | None, info: Info) -> Place | None:
    return Place.of(found, info) if found else None
