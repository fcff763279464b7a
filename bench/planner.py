"""Plans of two days among the places of the province, beside a floor in the same run.

Each request is another one: where one stays, interests, pace, mobility, musts, closed roads. The time is that of the
whole service without the store: hazards, preparation, the solver in its own process with the way to it and back,
and composition. API and solver share one core (the process is bound to it). The floor is what a simple planner
does: at each moment go to the nearest place that is open, in the same days, with the same meals and travel times.
Quality is the sum of what the visited places are worth. Run: `python -m bench.planner`.
"""

import argparse
import asyncio
import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from rich.console import Console
from rich.table import Table

from api.alerts.open_alerts import Alert
from api.conditions.roads.road_event import RoadEvent
from api.guide.planner.errors import TripProblem
from api.guide.planner.hazards import hazards_of
from api.guide.planner.preparation import FIRST_STOP, Trip, prepared
from api.guide.planner.road_graph import shipped_graph
from api.guide.planner.service import PlannerService
from api.guide.planner.solvers import Solvers
from api.guide.planner.timetable import laid_out
from api.guide.planner.travel_sources import TravelSources
from api.guide.planner.trip_days import rests_of
from api.guide.planner.trip_plan import TripPlan
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import Interest, Mobility, Pace
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position
from api.tourism.closures.closure import Closure, WayKind
from api.tourism.content_files import SHIPPED_CONTENT, read_content
from api.tourism.place_lists import PlaceFound
from bench.machine import described_machine

GOAL_SECONDS = 2.0
NOW = datetime(2026, 11, 27, 1, tzinfo=UTC)
BASES = {
    "Sa Pa": Position(22.336, 103.842),
    "Lào Cai": Position(22.486, 103.965),
    "Bắc Hà": Position(22.539, 104.290),
    "Mù Cang Chải": Position(21.850, 104.087),
    "Nghĩa Lộ": Position(21.600, 104.510),
}


@dataclass(frozen=True, slots=True)
class Province:
    """The shipped places, with what is closed."""

    places: tuple[PlaceFound, ...]
    closures: tuple[Closure, ...]

    async def all_places(self) -> tuple[PlaceFound, ...]:
        return self.places

    def at(self, position: Position) -> str | None:
        return "here"

    async def in_force(self, start: datetime, end: datetime) -> tuple[Closure, ...]:
        return self.closures


class NoRoadEvents:
    async def closed(self, start: datetime, end: datetime) -> list[RoadEvent]:
        return []


class NoWarnings:
    async def in_force(self, start: datetime, end: datetime, most: int) -> list[Alert]:
        return []


def shipped_places() -> tuple[PlaceFound, ...]:
    content = read_content(SHIPPED_CONTENT)
    return tuple(
        PlaceFound(place, None, None, tuple(m for m in content.markets if m.place_id == place.id))
        for place in content.places
    )


def requests(
    count: int, days: int, seed: int
) -> Iterator[tuple[str, TripRequest, tuple[Closure, ...]]]:
    chance = random.Random(seed)
    ids = [found.place.id for found in shipped_places()]
    for number in range(count):
        base = list(BASES)[number % len(BASES)]
        day = datetime(2026, 11, 28, tzinfo=VIETNAM_TIME) + timedelta(days=chance.randrange(14))
        musts = chance.sample(ids[:117], chance.choice((0, 0, 1, 2, 3)))
        road = chance.choice((None, None, "QL4D", "ĐT.152", "CT.05", "Đèo Ô Quý Hồ"))
        yield (
            base,
            TripRequest(
                starts=day + timedelta(hours=chance.choice((6, 8, 10))),
                ends=day + timedelta(days=days - 1, hours=chance.choice((16, 18, 20))),
                lodging=BASES[base],
                begins_at=BASES[base],
                ends_at=BASES[base],
                interests=frozenset(chance.sample(list(Interest), chance.randrange(4))),
                pace=chance.choice(list(Pace)),
                mobility=chance.choice(
                    (Mobility.CAR, Mobility.CAR, Mobility.MOTORBIKE, Mobility.WHEELCHAIR)
                ),
                with_children=chance.random() < 0.25,
                musts=tuple(musts),
            ),
            () if road is None else (_closed(road),),
        )


def _closed(road: str) -> Closure:
    return Closure(road, WayKind.ROAD, road, None, {"vi": "Sạt lở."}, NOW, None, "")


def nearest_open_next(trip: Trip) -> set[int]:
    """Return the candidates that the floor visits, day by day."""
    problem, visited = trip.whole, set[int]()
    for day in problem.days:
        route: list[int] = []
        while True:
            at = day.start_point if not route else FIRST_STOP + route[-1]
            near = sorted(
                (problem.travel(day, at, FIRST_STOP + it), it)
                for it in range(len(problem.stops))
                if it not in visited
            )
            step = next(
                (
                    it
                    for _, it in near
                    if laid_out(problem, day, [*route, it], rests_of(trip.request))
                ),
                None,
            )
            if step is None:
                break
            route.append(step)
            visited.add(step)
    return visited


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


@dataclass(slots=True)
class Figures:
    """Of all requests: seconds, what was collected by us and by the floor, and what became of them."""

    seconds: list[float] = field(default_factory=list[float])
    first_seconds: float = 0.0
    ours: list[int] = field(default_factory=list[int])
    floor: list[int] = field(default_factory=list[int])
    plans: int = 0
    refusals: int = 0


async def measured(count: int, days: int) -> Figures:
    figures, graph = Figures(), shipped_graph()
    solvers, places = Solvers(1, 0, 30), shipped_places()
    async with httpx.AsyncClient() as http:
        sources = TravelSources(graph, http, None)
        warm = next(requests(1, days, seed=1))[1]
        first = time.perf_counter()
        await _asked(_service(Province(places, ()), sources, solvers), warm)
        figures.first_seconds = time.perf_counter() - first
        for _, request, closures in requests(count, days, seed=2):
            service = _service(Province(places, closures), sources, solvers)
            start = time.perf_counter()
            plan, is_whole = await _asked(service, request)
            figures.seconds.append(time.perf_counter() - start)
            figures.plans += is_whole
            figures.refusals += not is_whole
            _compare(figures, request, places, closures, sources, plan)
    await solvers.close()
    return figures


def _service(province: Province, sources: TravelSources, solvers: Solvers) -> PlannerService:
    return PlannerService(
        tourism=province,
        alerts=NoWarnings(),
        closures=province,
        road_events=NoRoadEvents(),
        communes=province,
        graph=shipped_graph(),
        sources=sources,
        solvers=solvers,
        clock=lambda: NOW,
    )


async def _asked(service: PlannerService, request: TripRequest) -> tuple[TripPlan | None, bool]:
    """Return the plan, or the nearest one, and whether it meets every wish."""
    try:
        return await service.plan(request, "bench"), True
    except TripProblem as problem:
        return (problem.nearest.plan if problem.nearest else None), False


def _compare(
    figures: Figures,
    request: TripRequest,
    places: tuple[PlaceFound, ...],
    closures: tuple[Closure, ...],
    sources: TravelSources,
    plan: TripPlan | None,
) -> None:
    """Count what both collect where no musts were asked for: the floor knows none."""
    if request.musts or plan is None:
        return
    hazards = hazards_of([], closures, [], [it.place for it in places], shipped_graph())
    trip = prepared(request, places, hazards, sources.model(request))
    worth = {it.place.id: it.prize for it in trip.candidates}
    figures.ours.append(sum(worth[item.place.place.id] for item in plan.visits if item.place))
    figures.floor.append(sum(trip.candidates[it].prize for it in nearest_open_next(trip)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=120)
    parser.add_argument("--days", type=int, nargs="*", default=[1, 2, 7])
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    table = Table(
        title=f"{options.requests} varied trips among {len(shipped_places())} places, one core"
    )
    for column in (
        "days",
        "p50 s",
        "p95 s",
        "p99 s",
        "most s",
        "first s",
        "plans",
        "refused with nearest",
        "worth of floor",
    ):
        table.add_column(column, justify="right")
    for days in options.days:
        count = options.requests if days <= 2 else max(20, options.requests // 4)
        figures = asyncio.run(measured(count, days))
        marks = [percentile(figures.seconds, it) for it in (50, 95, 99)]
        ratio = sum(figures.ours) / max(1, sum(figures.floor))
        table.add_row(
            str(days),
            *(f"{it:.2f}" for it in (*marks, max(figures.seconds), figures.first_seconds)),
            str(figures.plans),
            str(figures.refusals),
            f"{ratio:.2f}x",
        )
    console = Console(width=110)
    console.print(table)
    console.print(
        f"goal: p95 of 2 days under {GOAL_SECONDS:.0f} s; first: with the start of the solver's process"
    )
    console.print(described_machine())


if __name__ == "__main__":
    main()
