"""What is asked of the planner, as the contract has it."""

from datetime import datetime

import strawberry

from api.guide.planner.errors import InvalidMoment
from api.guide.planner.trip_request import (
    DAYS_AT_MOST,
    MUSTS_AT_MOST,
    PLACES_AT_MOST,
    TripRequest,
    Underway,
)
from api.guide.planner.wishes import Interest, Mobility, Pace
from api.kit.schema_types import PositionInput

strawberry.enum(Interest, name="TripInterest", description="What a visitor likes to see.")
strawberry.enum(Pace, name="TripPace", description="How much a day holds.")
strawberry.enum(
    Mobility,
    name="TripMobility",
    description="How a visitor gets about. WHEELCHAIR: by car, without places that have steps, or likely do.",
)


@strawberry.input(description="A trip to be planned.")
class PlanTripInput:
    start: datetime = strawberry.field(description="With an offset from UTC; not in the past.")
    end: datetime = strawberry.field(
        description=f"With an offset from UTC; within {DAYS_AT_MOST} days of the calendar."
    )
    from_: PositionInput = strawberry.field(
        name="from", description="Where the visitor stays: each day begins and ends there."
    )
    to: PositionInput | None = strawberry.field(
        default=None, description="Where the last day ends; null: where the visitor stays."
    )
    interests: list[Interest] = strawberry.field(
        default_factory=list, description="None: everything alike."
    )
    pace: Pace = Pace.NORMAL
    budget: int | None = strawberry.field(
        default=None,
        description="Đồng for entrance fees. No fees are known yet, which the plan then says.",
    )
    mobility: Mobility = Mobility.CAR
    with_children: bool = strawberry.field(
        default=False, description="Shorter days, more rests, no hard climbs."
    )
    must: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description=f"Ids of places to see in any case, at most {MUSTS_AT_MOST}.",
    )
    avoid: list[strawberry.ID] = strawberry.field(
        default_factory=list, description=f"Ids of places not to see, at most {PLACES_AT_MOST}."
    )

    def request(self) -> TripRequest:
        """Return what is asked. Raises TripProblem or InvalidPosition."""
        lodging = self.from_.position()
        return TripRequest(
            starts=self.start,
            ends=self.end,
            lodging=lodging,
            begins_at=lodging,
            ends_at=self.to.position() if self.to else lodging,
            interests=frozenset(self.interests),
            pace=self.pace,
            budget=self.budget,
            mobility=self.mobility,
            with_children=self.with_children,
            musts=tuple(dict.fromkeys(map(str, self.must))),
            avoided=frozenset(map(str, self.avoid)),
        )


@strawberry.input(description="A trip that has begun.")
class ReplanTripInput:
    trip: PlanTripInput = strawberry.field(description="As it was asked when it was planned.")
    position: PositionInput = strawberry.field(description="Where the visitor is now.")
    planned: list[strawberry.ID] = strawberry.field(
        description=f"Ids of the places in the plan, at most {PLACES_AT_MOST}: kept where possible."
    )
    done: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Ids of places that were visited."
    )
    skip: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Ids of places that are not wanted any more, or closed."
    )
    now: datetime | None = strawberry.field(
        default=None, description="With an offset from UTC; null: this moment."
    )

    def request(self, now: datetime) -> TripRequest:
        """Return what is asked at `now`. Raises TripProblem or InvalidPosition."""
        asked = self.trip.request()
        starts = now if self.now is None else self.now
        if starts.tzinfo is None:
            raise InvalidMoment(field="now")
        underway = Underway(
            frozenset(map(str, self.planned)),
            frozenset(map(str, self.done)),
            frozenset(map(str, self.skip)),
        )
        return TripRequest(
            starts=max(starts, asked.starts),
            ends=asked.ends,
            lodging=asked.lodging,
            begins_at=self.position.position(),
            ends_at=asked.ends_at,
            interests=asked.interests,
            pace=asked.pace,
            budget=asked.budget,
            mobility=asked.mobility,
            with_children=asked.with_children,
            musts=asked.musts,
            avoided=asked.avoided,
            underway=underway,
        )
