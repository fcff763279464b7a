"""Whatever is asked, and whatever the province holds: a plan keeps its promises, or says which it cannot."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from api.alerts.open_alerts import Alert
from api.guide.planner.errors import MustsNotPossible, TripProblem
from api.guide.planner.road_graph import shipped_graph
from api.guide.planner.routing_problem import RoutingProblem, Routes
from api.guide.planner.routing_solver import solved
from api.guide.planner.service import PlannerService
from api.guide.planner.travel_sources import TravelSources
from api.guide.planner.timetable import ItemKind
from api.guide.planner.trip_plan import PlannedItem, TripPlan
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import Interest, Mobility, Pace
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position
from api.tourism.closures.closure import Closure, WayKind
from api.tourism.place_lists import PlaceFound
from api.tourism.records import Confidence, PlaceCategory, Weekday
from tests.guide.planner.plan_checker import faults
from tests.tourism.content import SA_PA, a_market, a_place

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
FRIDAY = datetime(2026, 5, 1, tzinfo=VIETNAM_TIME)
LAO_CAI, BAC_HA = Position(22.486, 103.965), Position(22.539, 104.290)
HOURS = (
    None,
    "24/7",
    "Mo-Su 07:30-11:30,13:30-17:00",
    "Sa,Su 06:00-12:00",
    "Tu-Su 08:00-17:00; Su off",
    "sunrise-sunset unknown",
    "18:00-22:00",
    "off",
)
ROADS = ("QL4D", "ĐT.152", "CT.05", "ĐT.153", "QL70", "Đèo Ô Quý Hồ", "ĐT.155")


@dataclass(frozen=True, slots=True)
class Province:
    """All that the planner asks of others; it solves in this process."""

    places: tuple[PlaceFound, ...]
    closures: tuple[Closure, ...]

    async def all_places(self) -> tuple[PlaceFound, ...]:
        return self.places

    def at(self, position: Position) -> str | None:
        return "here"

    async def solve(self, problem: RoutingProblem) -> Routes:
        return solved(problem)


@dataclass(frozen=True, slots=True)
class ClosuresOf:
    closures: tuple[Closure, ...]

    async def in_force(self, start: datetime, end: datetime) -> tuple[Closure, ...]:
        return tuple(it for it in self.closures if it.is_in_force(start, end))


class NoWarnings:
    async def in_force(self, start: datetime, end: datetime, most: int) -> list[Alert]:
        return []


def planner(province: Province) -> PlannerService:
    graph = shipped_graph()
    return PlannerService(
        tourism=province,
        alerts=NoWarnings(),
        closures=ClosuresOf(province.closures),
        communes=province,
        graph=graph,
        sources=TravelSources(graph, httpx.AsyncClient(), None),
        solvers=province,
        clock=lambda: NOW,
    )


@some.composite
def a_found_place(draw: some.DrawFn, number: int) -> PlaceFound:
    category = draw(some.sampled_from([it for it in PlaceCategory]))
    place = a_place(
        f"P{number}",
        category=category,
        position=Position(draw(some.floats(22.2, 22.6)), draw(some.floats(103.7, 104.35))),
        opening_hours=draw(some.sampled_from(HOURS)),
        confidence=draw(some.sampled_from(Confidence)),
        visit_minutes=draw(some.sampled_from((None, None, 30, 300, 960))),
    )
    days = draw(some.sampled_from(((), (Weekday.SUNDAY,), (Weekday.SATURDAY, Weekday.TUESDAY))))
    is_market = category is PlaceCategory.MARKET and days
    return PlaceFound(place, None, None, (a_market("M", place, *days),) if is_market else ())


@some.composite
def a_closure(draw: some.DrawFn, number: int) -> Closure:
    starts = FRIDAY + timedelta(hours=draw(some.integers(0, 72)))
    is_road = draw(some.booleans())
    return Closure(
        id=str(number),
        way=WayKind.ROAD if is_road else WayKind.PLACE,
        way_id=draw(some.sampled_from(ROADS)) if is_road else f"P{draw(some.integers(0, 11))}",
        area=None,
        reason={"vi": "Sạt lở."},
        starts=starts,
        ends=draw(some.sampled_from((None, starts + timedelta(hours=20)))),
        source="Sở Xây dựng",
    )


@some.composite
def a_request(draw: some.DrawFn, count: int) -> TripRequest:
    starts = FRIDAY + timedelta(hours=draw(some.integers(17, 40)), minutes=draw(some.integers(0, 59)))
    ids = [f"P{number}" for number in range(count)]
    musts = draw(some.lists(some.sampled_from(ids), unique=True, max_size=4)) if ids else []
    others = [it for it in ids if it not in musts]
    avoided = draw(some.lists(some.sampled_from(others), unique=True, max_size=3)) if others else []
    lodging = draw(some.sampled_from((SA_PA, LAO_CAI, BAC_HA)))
    return TripRequest(
        starts=starts,
        ends=starts + timedelta(hours=draw(some.integers(2, 60))),
        lodging=lodging,
        begins_at=draw(some.sampled_from((lodging, LAO_CAI))),
        ends_at=draw(some.sampled_from((lodging, BAC_HA))),
        interests=frozenset(draw(some.lists(some.sampled_from(Interest), max_size=2))),
        pace=draw(some.sampled_from(Pace)),
        mobility=draw(some.sampled_from(Mobility)),
        with_children=draw(some.booleans()),
        musts=tuple(musts),
        avoided=frozenset(avoided),
    )


@some.composite
def a_case(draw: some.DrawFn) -> tuple[Province, TripRequest]:
    count = draw(some.integers(0, 12))
    places = tuple(draw(a_found_place(number)) for number in range(count))
    closures = tuple(draw(a_closure(number)) for number in range(draw(some.integers(0, 3))))
    return Province(places, closures), draw(a_request(count))


async def answered(province: Province, request: TripRequest) -> TripPlan | TripProblem:
    try:
        return await planner(province).plan(request)
    except TripProblem as problem:
        return problem


def visited(plan: TripPlan | None) -> set[str]:
    return {item.place.place.id for item in plan.visits if item.place} if plan else set()


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(case=a_case())
def test_a_plan_keeps_its_promises_or_says_by_name_which_it_cannot(
    case: tuple[Province, TripRequest],
) -> None:
    province, request = case

    answer = asyncio.run(answered(province, request))

    if isinstance(answer, TripPlan):
        assert faults(answer, request, province.closures) == []
        assert set(request.musts) <= visited(answer)
    elif isinstance(answer, MustsNotPossible):
        assert answer.nearest is not None
        plan = answer.nearest.plan
        missing = set(request.musts) - visited(plan)
        assert {it.place_id for it in answer.unmet} == missing != set()
        assert plan is None or faults(plan, request, province.closures) == []


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(case=a_case())
def test_the_same_question_gets_the_same_plan(case: tuple[Province, TripRequest]) -> None:
    province, request = case

    first, second = (asyncio.run(answered(province, request)) for _ in range(2))

    assert same(first) == same(second)


def same(answer: TripPlan | TripProblem) -> Sequence[Any]:
    if isinstance(answer, TripPlan):
        return [answer]
    return [answer.code, answer.unmet, answer.nearest]


def a_busy_day() -> tuple[Province, TripRequest]:
    """Return a Saturday around Sa Pa on which there is much to see."""
    spots = [
        a_place(
            f"P{number}",
            position=Position(SA_PA.latitude + 0.01 * number, SA_PA.longitude),
            opening_hours="Sa 07:30-17:00",
        )
        for number in range(8)
    ]
    starts = FRIDAY + timedelta(days=1, hours=8)
    request = TripRequest(starts, starts + timedelta(hours=10), SA_PA, SA_PA, SA_PA)
    return Province(tuple(PlaceFound(it, None, None, ()) for it in spots), ()), request


def test_the_checker_sees_what_is_wrong() -> None:
    province, request = a_busy_day()
    plan = asyncio.run(planner(province).plan(request))
    (day,) = plan.days
    closed = replace(day, starts=day.starts, items=tuple(_later(it, 24) for it in day.items))
    hurried = replace(day, items=tuple(it for it in day.items if it.kind is not ItemKind.TRAVEL))
    hungry = replace(day, items=tuple(it for it in day.items if it.kind is not ItemKind.MEAL))
    doubled = replace(day, items=day.items + day.items[:2])
    slide = Closure("1", WayKind.PLACE, "P0", None, {"vi": "."}, FRIDAY, None, "")

    assert faults(plan, request) == []
    assert any("is closed at" in it for it in faults(replace(plan, days=(closed,)), request))
    assert any("needs" in it for it in faults(replace(plan, days=(hurried,)), request))
    assert any("no lunch" in it for it in faults(replace(plan, days=(hungry,)), request))
    assert any("overlap" in it for it in faults(replace(plan, days=(doubled,)), request))
    assert "P0 is closed by an editor" in faults(plan, request, (slide,))


def _later(item: PlannedItem, hours: int) -> PlannedItem:
    delay = timedelta(hours=hours)
    return replace(item, starts=item.starts + delay, ends=item.ends + delay)
