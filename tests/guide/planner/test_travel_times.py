"""The model of the roads, daylight, and a routing server in its place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.guide.planner.daylight import daylight
from api.guide.planner.road_graph import Vehicle, graph_of, shipped_graph
from api.guide.planner.timetable import ItemKind
from api.guide.planner.travel_sources import TravelSources
from api.guide.planner.travel_times import UNREACHABLE, nearest_junction, travel_times
from api.guide.planner.trip_plan import TravelSource, TripPlan
from api.kit.geo import distance_metres
from api.tourism.closures.closure import Closure, WayKind
from api.tourism.closures.roads import read_roads
from api.tourism.opening.hours import OpeningHours
from tests.guide.planner.test_properties import FRIDAY, a_busy_day, planner
from tests.tourism.content import SA_PA


def minutes(
    start: str, end: str, vehicle: Vehicle = Vehicle.CAR, closed: tuple[str, ...] = ()
) -> int:
    graph = shipped_graph()
    points = [graph.junctions[start].position, graph.junctions[end].position]
    barred = {it.id for it in graph.stretches if it.roads & set(closed)}
    return travel_times(graph, points, vehicle, barred).minutes[0][1]


@pytest.mark.parametrize(
    ("start", "end", "least", "most"),
    [
        ("lao_cai", "sa_pa", 50, 75),
        ("lao_cai", "bac_ha", 90, 135),
        ("lao_cai", "yen_bai", 120, 165),
        ("sa_pa", "ta_van", 20, 35),
        ("nghia_lo", "mu_cang_chai", 140, 200),
    ],
)
def test_a_car_takes_about_as_long_as_people_say(
    start: str, end: str, least: int, most: int
) -> None:
    assert least <= minutes(start, end) <= most


def test_motorbikes_stay_off_the_expressway() -> None:
    graph = shipped_graph()
    points = [graph.junctions[it].position for it in ("lao_cai", "yen_bai")]

    by_car = travel_times(graph, points, Vehicle.CAR, ()).ride(0, 1)
    by_motorbike = travel_times(graph, points, Vehicle.MOTORBIKE, ()).ride(0, 1)

    assert "CT.05" in by_car.roads
    assert "CT.05" not in by_motorbike.roads


def test_a_closed_road_is_gone_round_or_cuts_off() -> None:
    open_minutes = minutes("lao_cai", "sa_pa")

    assert minutes("lao_cai", "sa_pa", closed=("QL4D",)) > open_minutes
    assert minutes("sa_pa", "cat_cat", closed=("QL4D",)) == minutes("sa_pa", "cat_cat")
    assert minutes("sa_pa", "lao_chai", closed=("ĐT.152",)) == UNREACHABLE


def test_the_graph_s_roads_are_those_that_editors_close() -> None:
    known = set(read_roads())
    used = {code for stretch in shipped_graph().stretches for code in stretch.roads}

    assert used <= known
    assert known - used == {"Đường sắt", "QL32C"}


def test_no_stretch_is_shorter_than_the_crow_flies() -> None:
    graph = shipped_graph()

    short = [
        it.id
        for it in graph.stretches
        if it.kilometres * 1000
        < distance_metres(graph.junctions[it.start].position, graph.junctions[it.end].position)
    ]

    assert short == []


def test_every_junction_can_be_reached_by_car() -> None:
    graph = shipped_graph()
    positions = [it.position for it in graph.junctions.values()]

    (reached, *_) = travel_times(graph, positions, Vehicle.FOOT, ()).minutes

    by_car = travel_times(graph, positions, Vehicle.CAR, ())
    assert len(reached) == len(positions)
    assert {nearest_junction(graph, it)[1] for it in positions} == {0.0}
    assert all(by_car.ride(0, number).minutes >= 0 for number in range(len(positions)))


def test_a_road_without_length_is_a_broken_file() -> None:
    node = {"names": {"vi": "A"}, "latitude": 22.0, "longitude": 104.0}
    broken: dict[str, Any] = {
        "speeds": {},
        "nodes": [node | {"id": "a"}, node | {"id": "b"}],
        "edges": [
            {
                "from": "a",
                "to": "b",
                "roads": [],
                "kind": "local",
                "kilometres": 0,
                "confidence": "low",
            }
        ],
    }

    with pytest.raises(ValueError, match="a to b"):
        graph_of(broken)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_sun_rises_and_sets_when_another_library_says(month: int) -> None:
    day = date(2026, month, 15)
    noon = datetime(2026, month, 15, 5, tzinfo=UTC)
    sun = OpeningHours.of("sunrise-sunset")

    sunrise, sunset = daylight(day, SA_PA)

    (interval,) = sun.open_intervals(noon - timedelta(hours=10), noon + timedelta(hours=10))
    assert abs(sunrise - interval.start) < timedelta(minutes=6)
    assert abs(sunset - interval.end) < timedelta(minutes=6)


def table_of(request: httpx.Request) -> httpx.Response:
    """Answer as a table service does, half an hour from everywhere to everywhere."""
    count = request.url.path.count(";") + 1
    return httpx.Response(200, json={"code": "Ok", "durations": [[1800.0] * count] * count})


def out_of_order(_: httpx.Request) -> httpx.Response:
    return httpx.Response(503)


def too_few(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"code": "Ok", "durations": [[0.0]]})


def silent(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silent")


async def planned_with(
    answer: Callable[[httpx.Request], httpx.Response], *, is_road_closed: bool = False
) -> TripPlan:
    province, request = a_busy_day()
    slide = Closure("1", WayKind.ROAD, "QL4D", None, {"vi": "."}, FRIDAY, None, "")
    province = replace(province, closures=(slide,) if is_road_closed else ())
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        sources = TravelSources(shipped_graph(), http, "http://routes.test/")
        return await replace(planner(province), sources=sources).plan(request, "somebody")


async def test_a_routing_server_s_times_are_used() -> None:
    plan = await planned_with(table_of)

    ways = [it for day in plan.days for it in day.items if it.kind is ItemKind.TRAVEL]
    assert plan.travel_source is TravelSource.OSRM
    assert {it.ends - it.starts for it in ways} == {timedelta(minutes=35)}
    assert [note.code.name for note in plan.notes] == ["TRAVEL_BY_OSRM"]


@pytest.mark.parametrize("answer", [out_of_order, too_few, silent])
async def test_without_its_answer_the_model_is_used_and_the_plan_says_so(
    answer: Callable[[httpx.Request], httpx.Response],
) -> None:
    plan = await planned_with(answer)

    assert plan.travel_source is TravelSource.MODEL
    assert [note.code.name for note in plan.notes] == ["OSRM_UNREACHABLE"]


async def test_it_is_not_asked_when_roads_are_closed() -> None:
    plan = await planned_with(table_of, is_road_closed=True)

    assert plan.travel_source is TravelSource.MODEL
    assert [note.code.name for note in plan.notes] == ["OSRM_IGNORES_CLOSURES"]
