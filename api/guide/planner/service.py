"""Plans trips: gathers what is known, asks a solver, and says why; free of HTTP and GraphQL."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

from api.alerts.open_alerts import Alert
from api.conditions.roads.road_event import RoadEvent
from api.guide.planner.composition import composed
from api.guide.planner.errors import (
    MustsNotPossible,
    Nearest,
    NotDuringTrip,
    NothingPossible,
    OutsideProvince,
    TripTooShort,
    UnknownPlaces,
    Unmet,
)
from api.guide.planner.hazards import hazards_of
from api.guide.planner.nearest_trips import nearest_trips
from api.guide.planner.preparation import Trip, prepared
from api.guide.planner.road_graph import RoadGraph
from api.guide.planner.routing_problem import Routes, RoutingProblem
from api.guide.planner.told import Named, Told
from api.guide.planner.travel_sources import TravelSources
from api.guide.planner.trip_days import (
    MINUTES_AT_LEAST,
    is_long_enough,
    long_enough_end,
    spans_of,
)
from api.guide.planner.trip_plan import TripPlan
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.unmet_musts import UnmetCode, unmet_musts
from api.guide.planner.wishes import STARTING_POINTS
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.geo import Position, distance_metres
from api.tourism.closures.closure import Closure
from api.tourism.place_lists import PlaceFound
from api.tourism.records import Texts

_ALERTS_AT_MOST = 200
_Asked = ParamSpec("_Asked")
_Found = TypeVar("_Found")


class Places(Protocol):
    """Where places come from."""

    async def all_places(self) -> tuple[PlaceFound, ...]: ...


class Warnings(Protocol):
    """What is warned of."""

    async def in_force(self, start: datetime, end: datetime, most: int) -> list[Alert]: ...


class Closures(Protocol):
    """What is closed."""

    async def in_force(self, start: datetime, end: datetime) -> tuple[Closure, ...]: ...


class RoadEvents(Protocol):
    """Which stretches of road are closed."""

    async def closed(self, start: datetime, end: datetime) -> list[RoadEvent]: ...


class Communes(Protocol):
    """Tells the commune of a position, None outside the province."""

    def at(self, position: Position) -> str | None: ...


class Solving(Protocol):
    """Solves a problem somewhere, of as many at a time as it admits."""

    def admitted(self, asker: str) -> AbstractAsyncContextManager[None]: ...

    async def solve(self, problem: RoutingProblem) -> Routes: ...


@dataclass(frozen=True, slots=True)
class PlannerService:
    tourism: Places
    alerts: Warnings
    closures: Closures
    road_events: RoadEvents
    communes: Communes
    graph: RoadGraph
    sources: TravelSources
    solvers: Solving
    clock: Clock
    _reckoning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def plan(self, request: TripRequest, asker: str) -> TripPlan:
        """Return a plan. Raises TripProblem: what cannot be, and the nearest that can.

        `asker`: for whom it is, so that nobody takes all places; the same text for the same person or address.
        """
        request.check_times(self.clock())
        await self._check_positions(request)
        if not request.is_underway and not is_long_enough(spans_of(request)):
            nearest = Nearest(ends=long_enough_end(request))
            raise TripTooShort(least=MINUTES_AT_LEAST, nearest=nearest)
        async with self.solvers.admitted(asker):
            return await self._answer(request)

    async def replan(self, request: TripRequest, asker: str) -> TripPlan:
        """Return a plan of what is left of a trip, near to what was planned. Raises TripProblem."""
        request.check_not_too_far_ahead(self.clock())
        if request.starts >= request.ends:
            raise NotDuringTrip(nearest=Nearest(ends=request.starts + timedelta(hours=10)))
        return await self.plan(request, asker)

    async def _answer(self, request: TripRequest) -> TripPlan:
        places = await self.tourism.all_places()
        _check_known(request, places)
        trip = await self._prepared(request, places)
        plan = await self._planned(trip)
        visited = {item.place.place.id for item in plan.visits if item.place}
        if unmet := await self._reckoned(unmet_musts, trip, visited):
            raise MustsNotPossible(
                unmet=unmet, nearest=await self._nearest(trip, plan, unmet, places)
            )
        if not visited:
            raise NothingPossible(nearest=await self._nearest(trip, plan, (), places))
        return plan

    async def _nearest(
        self, trip: Trip, plan: TripPlan, unmet: Sequence[Unmet], places: Sequence[PlaceFound]
    ) -> Nearest:
        """Return the plan if anything is visited, else the way home and a trip on which something is: solved."""
        if plan.visits:
            return Nearest(plan=plan, without=tuple(it.place_id for it in unmet))
        home = plan if any(day.items for day in plan.days) else None
        possible: list[Nearest] = []
        for request in nearest_trips(trip, unmet, self.clock()):
            other = await self._planned(await self._prepared(request, places))
            without = _not_visited(request, other)
            if other.visits:
                possible.append(Nearest(home, without, request.starts, request.ends))
            if other.visits and not without:
                break
        return min(possible, key=lambda it: len(it.without), default=Nearest(home))

    async def _prepared(self, request: TripRequest, places: Sequence[PlaceFound]) -> Trip:
        alerts = await self.alerts.in_force(request.starts, request.ends, _ALERTS_AT_MOST)
        closures = await self.closures.in_force(request.starts, request.ends)
        events = await self.road_events.closed(request.starts, request.ends)
        records = [found.place for found in places]
        hazards = await self._reckoned(hazards_of, alerts, closures, events, records, self.graph)
        times = self.sources.model(request)
        return await self._reckoned(prepared, request, places, hazards, times)

    async def _planned(self, trip: Trip) -> TripPlan:
        trip, sources = await self.sources.refined(trip)
        routes: Sequence[Sequence[int]] = [[] for _ in trip.spans]
        problem = await self._reckoned(_problem, trip)
        if problem.stops:
            routes = await self.solvers.solve(problem)
        return await self._reckoned(composed, trip, routes, sources)

    async def _reckoned(
        self, work: Callable[_Asked, _Found], *args: _Asked.args, **kwargs: _Asked.kwargs
    ) -> _Found:
        """Return what `work` finds in a thread, one for all trips.

        Several would finish no sooner, since one runs at a time, and the event loop would wait for each.
        """
        async with self._reckoning:
            return await asyncio.to_thread(work, *args, **kwargs)

    async def _check_positions(self, request: TripRequest) -> None:
        beginning = "position" if request.is_underway else "from"
        positions = (
            ("from", request.lodging),
            (beginning, request.begins_at),
            ("to", request.ends_at),
        )
        for said_in, position in positions:
            if self.communes.at(position) is None:
                raise await self._outside(position, said_in)

    async def _outside(self, position: Position, said_in: str) -> OutsideProvince:
        """Return the refusal, with the nearest town or place of the kind that people come from."""
        places = (found.place for found in await self.tourism.all_places())
        towns: list[tuple[Texts, Position]] = [
            (it.names, it.position) for it in places if it.category in STARTING_POINTS
        ] or [(it.names, it.position) for it in self.graph.junctions.values() if it.is_town]
        names, nearest = min(
            (it for it in towns if self.communes.at(it[1]) is not None),
            key=lambda it: (distance_metres(position, it[1]), it[0]["vi"]),
        )
        return OutsideProvince(name=Named(names), field=said_in, nearest=Nearest(position=nearest))


def _problem(trip: Trip) -> RoutingProblem:
    return trip.problem


def _check_known(request: TripRequest, places: Sequence[PlaceFound]) -> None:
    known = {found.place.id for found in places}
    strange = tuple(place_id for place_id in request.musts if place_id not in known)
    if strange:
        why = Told(UnmetCode.NO_SUCH_PLACE, N_("There is no such place."))
        raise UnknownPlaces(unmet=tuple(Unmet(place_id, why) for place_id in strange))


def _not_visited(request: TripRequest, plan: TripPlan) -> tuple[str, ...]:
    """Return the musts that are not in a plan."""
    visited = {item.place.place.id for item in plan.visits if item.place}
    musts = (it for it in request.musts if it not in request.underway.is_behind)
    return tuple(it for it in musts if it not in visited)
