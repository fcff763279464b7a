"""Visits for which there is less time than people usually stay."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.guide.planner.day_layout import fitted, laid_day, longest_alone
from api.guide.planner.filling import filled
from api.guide.planner.routing_problem import NO_RESTS, Day, RoutingProblem, Stop
from api.guide.planner.timetable import ItemKind
from api.guide.planner.wishes import least_minutes
from api.tourism.records import PlaceCategory
from tests.guide.planner.trips import AT_BAC_HA, SUNDAY, codes, planned, visits

THREE_HOURS = Day(480, 660, 0, 0, 0, ())


def a_stop(point: int, **said: Any) -> Stop:  # noqa: ANN401 - any field of a Stop
    known: dict[str, Any] = {
        "minutes": 90,
        "windows": ((480, 1080),),
        "prize": 100,
        "is_must": False,
        "holds_meal": False,
        "least": 45,
    }
    return Stop(point, **known | said)


def a_problem(*stops: Stop, day: Day = THREE_HOURS) -> RoutingProblem:
    """Return a problem of one day on which every way takes ten minutes."""
    points = range(len(stops) + 1)
    matrix = tuple(tuple(0 if a == b else 10 for b in points) for a in points)
    return RoutingProblem(stops, (day,), (matrix,), 9, 60, 3.0)


def stays(problem: RoutingProblem, *route: int) -> list[int]:
    items = fitted(problem, problem.days[0], route, NO_RESTS)
    assert items is not None
    return [item.minutes for item in items if item.kind is ItemKind.VISIT]


@pytest.mark.parametrize(
    ("kind", "usual", "least"),
    [
        (PlaceCategory.MARKET, 150, 75),
        (PlaceCategory.MARKET, 40, 30),
        (PlaceCategory.CHURCH, 30, 20),
        (PlaceCategory.ATM, 10, 10),
        (PlaceCategory.VILLAGE, 95, 50),
        (PlaceCategory.MOUNTAIN, 960, 960),
    ],
)
def test_a_visit_takes_half_of_its_usual_time_at_least(
    kind: PlaceCategory, usual: int, least: int
) -> None:
    assert least_minutes(kind, usual) == least


def test_visits_that_fit_take_their_usual_time() -> None:
    assert stays(a_problem(a_stop(1)), 0) == [90]


def test_the_must_keeps_its_time_and_the_other_visit_is_shortened() -> None:
    problem = a_problem(a_stop(1), a_stop(2, is_must=True))

    assert stays(problem, 0, 1) == [60, 90]


def test_a_visit_before_the_closing_is_as_long_as_there_is_time() -> None:
    problem = a_problem(a_stop(1, windows=((480, 553),)))

    assert longest_alone(problem, THREE_HOURS, 0) == 60


def test_what_has_no_time_for_the_least_is_not_possible() -> None:
    problem = a_problem(a_stop(1, windows=((480, 530),)))

    assert longest_alone(problem, THREE_HOURS, 0) == 0


def test_a_visit_is_shortened_rather_than_left_out() -> None:
    problem = a_problem(a_stop(1), a_stop(2), a_stop(3))

    day = laid_day(problem, THREE_HOURS, (0, 1, 2))

    assert day.route == (0, 1, 2)


def test_the_time_that_is_left_is_filled_with_a_shorter_visit_unless_days_are_gentle() -> None:
    problem = replace(a_problem(a_stop(1), a_stop(2)), rests=replace(NO_RESTS, after=180))
    alone = laid_day(problem, THREE_HOURS, (0,))

    hurried = filled(problem, [alone])
    gentle = filled(replace(problem, rests=replace(NO_RESTS, after=120)), [alone])

    assert sorted(hurried[0]) == [0, 1]
    assert gentle == [[0]]


@pytest.mark.usefixtures("province")
async def test_who_comes_late_to_a_market_has_a_shorter_visit_and_is_told(
    client: httpx.AsyncClient,
) -> None:
    times = {"start": f"{SUNDAY}T10:10:00+07:00", "end": f"{SUNDAY}T18:00:00+07:00"}
    from_bac_ha: dict[str, Any] = {"from": AT_BAC_HA}

    plan = await planned(client, must=["P055"], **times, **from_bac_ha)

    market = visits(plan)[0]
    assert market["place"]["id"] == "P055"
    assert market["ends"] <= f"{SUNDAY}T12:00:00+07:00"
    assert market["usualMinutes"] == 150
    assert codes(market["notes"])[0] == "SHORTENED"
    assert market["notes"][0]["text"].endswith("minutes here; people usually stay 150.")


@pytest.mark.usefixtures("province")
async def test_a_visit_of_its_usual_length_says_nothing_of_it(client: httpx.AsyncClient) -> None:
    plan = await planned(client, must=["P003"])

    (church,) = [visit for visit in visits(plan) if visit["place"]["id"] == "P003"]
    assert church["usualMinutes"] is None
    assert "SHORTENED" not in codes(church["notes"])
