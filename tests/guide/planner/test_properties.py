"""Whatever is asked, and whatever the province holds: a plan keeps its promises, or says which it cannot."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as some

from api.alerts.open_alerts import Alert
from api.conditions.roads.road_event import RoadEvent
from api.guide.planner.errors import MustsNotPossible, TripProblem
from api.guide.planner.road_graph import shipped_graph
from api.guide.planner.routing_problem import Routes, RoutingProblem
from api.guide.planner.routing_solver import solved
from api.guide.planner.service import PlannerService
from api.guide.planner.timetable import ItemKind
from api.guide.planner.travel_sources import TravelSources
from api.guide.planner.trip_plan import PlannedItem, TripPlan
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import Interest, Mobility, Pace
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position
from api.tourism.closures.closure import Closure, WayKind
from api.tourism.place_lists import PlaceFound
from api.tourism.records import Confidence, PlaceCategory, Weekday
from tests.guide.planner.plan_checker import faults
from tests.lives import LIVES
from tests.tourism.content import SA_PA, a_market, a_place

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
FRIDAY = datetime(2026, 5, 1, tzinfo=VIETNAM_TIME)
LAO_CAI, BAC_HA = Position(22.486, 103.965), Position(22.539, 104.290)
TA_VAN = Position(22.303, 103.890)
KINDS = (
    PlaceCategory.CHURCH,
    PlaceCategory.MARKET,
    PlaceCategory.MUSEUM,
    PlaceCategory.VILLAGE,
    PlaceCategory.VIEWPOINT,
    PlaceCategory.WATERFALL,
    PlaceCategory.MOUNTAIN,
)
HOURS = (
    None,
    "24/7",
    "24/7",
    "08:00-18:00",
    "Mo-Su 07:30-11:30,13:30-17:00",
    "Sa,Su 06:00-12:00",
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

    def admitted(self, asker: str) -> AbstractAsyncContextManager[None]:
        return nullcontext()

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


class NoRoadEvents:
    async def closed(self, start: datetime, end: datetime) -> list[RoadEvent]:
        return []


def planner(province: Province) -> PlannerService:
    graph = shipped_graph()
    return PlannerService(
        tourism=province,
        alerts=NoWarnings(),
        closures=ClosuresOf(province.closures),
        road_events=NoRoadEvents(),
        communes=province,
        graph=graph,
        sources=TravelSources(graph, httpx.AsyncClient(), None),
        solvers=province,
        clock=lambda: NOW,
    )


def a_found_place(chance: Random, number: int) -> PlaceFound:
    """Return a place near a town, mostly one that people go to see."""
    category = chance.choice(KINDS if chance.random() < 0.9 else list(PlaceCategory))
    town = chance.choice((SA_PA, SA_PA, TA_VAN, LAO_CAI, BAC_HA))
    place = a_place(
        f"P{number}",
        category=category,
        position=Position(
            town.latitude + chance.uniform(-0.05, 0.05),
            town.longitude + chance.uniform(-0.05, 0.05),
        ),
        opening_hours=chance.choice(HOURS),
        confidence=chance.choice(list(Confidence)),
        visit_minutes=chance.choice((None, None, None, 30, 300, 960)),
    )
    days = chance.choice(((), (Weekday.SUNDAY,), (Weekday.SATURDAY, Weekday.TUESDAY)))
    is_market = category is PlaceCategory.MARKET and days
    return PlaceFound(place, None, None, (a_market("M", place, *days),) if is_market else ())


def a_closure(chance: Random, number: int) -> Closure:
    starts = FRIDAY + timedelta(hours=chance.randrange(72))
    is_road = chance.random() < 0.6
    return Closure(
        id=str(number),
        way=WayKind.ROAD if is_road else WayKind.PLACE,
        way_id=chance.choice(ROADS) if is_road else f"P{chance.randrange(12)}",
        area=None,
        reason={"vi": "Sạt lở."},
        starts=starts,
        ends=chance.choice((None, starts + timedelta(hours=20))),
        source="Sở Xây dựng",
    )


def a_request(chance: Random, ids: Sequence[str]) -> TripRequest:
    starts = FRIDAY + timedelta(hours=chance.randrange(17, 40), minutes=chance.randrange(60))
    musts = chance.sample(ids, chance.choice((0, 0, 1, 2, 4)))
    others = [it for it in ids if it not in musts]
    lodging = chance.choice((SA_PA, SA_PA, LAO_CAI, BAC_HA))
    return TripRequest(
        starts=starts,
        ends=starts + timedelta(hours=chance.choice((4, 9, 15, 30, 55))),
        lodging=lodging,
        begins_at=chance.choice((lodging, lodging, LAO_CAI)),
        ends_at=chance.choice((lodging, lodging, BAC_HA)),
        interests=frozenset(chance.sample(list(Interest), chance.randrange(3))),
        pace=chance.choice(list(Pace)),
        mobility=chance.choice(list(Mobility)),
        with_children=chance.random() < 0.3,
        musts=tuple(musts),
        avoided=frozenset(chance.sample(others, chance.randrange(3))),
    )


def a_case(seed: int) -> tuple[Province, TripRequest]:
    """Return a province and what is asked of it: from a number, for hypothesis itself draws few busy days."""
    chance = Random(seed)  # noqa: S311 - for tests
    places = tuple(a_found_place(chance, number) for number in range(chance.randrange(6, 30)))
    closures = tuple(a_closure(chance, number) for number in range(chance.choice((0, 0, 1, 2, 4))))
    return Province(places, closures), a_request(chance, [it.place.id for it in places])


SEEDS = some.integers(0, 2**32)


async def answered(province: Province, request: TripRequest) -> TripPlan | TripProblem:
    try:
        return await planner(province).plan(request, "somebody")
    except TripProblem as problem:
        return problem


def visited(plan: TripPlan | None) -> set[str]:
    return {item.place.place.id for item in plan.visits if item.place} if plan else set()


@settings(max_examples=4 * LIVES)
@given(seed=SEEDS)
def test_a_plan_keeps_its_promises_or_says_by_name_which_it_cannot(
    seed: int,
) -> None:
    province, request = a_case(seed)

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


@settings(max_examples=LIVES)
@given(seed=SEEDS)
def test_the_same_question_gets_the_same_plan(seed: int) -> None:
    province, request = a_case(seed)

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
    plan = asyncio.run(planner(province).plan(request, "somebody"))
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
