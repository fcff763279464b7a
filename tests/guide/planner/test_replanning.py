"""What becomes of a plan when the day goes otherwise."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from api.guide.planner.routing_problem import Day, RoutingProblem, Stop
from api.guide.planner.routing_solver import solved
from tests.conftest import MovableClock
from tests.guide.planner.trips import AT_SA_PA, SATURDAY, a_trip, places, planned, replanned

ON_SATURDAY = {"end": f"{SATURDAY}T18:00:00+07:00"}


def a_problem(*, is_kept: bool) -> RoutingProblem:
    """Return a day with time for either of two stops, of which the first was planned or not."""
    windows = ((480, 1080),)
    planned_one = Stop(1, 90, windows, 100, is_must=False, holds_meal=False, is_kept=is_kept)
    new_one = Stop(2, 90, windows, 150, is_must=False, holds_meal=False)
    matrix = ((0, 10, 10), (10, 0, 10), (10, 10, 0))
    return RoutingProblem(
        (planned_one, new_one), (Day(480, 600, 0, 0, 0, ()),), (matrix,), 0, 60, 3.0
    )


def test_what_was_planned_is_not_given_up_for_what_is_worth_more() -> None:
    assert solved(a_problem(is_kept=True)) == [[0]]


def test_what_was_not_planned_is_visited_if_it_is_worth_more() -> None:
    assert solved(a_problem(is_kept=False)) == [[1]]


@pytest.mark.usefixtures("province")
async def test_what_is_given_up_is_told_with_why_and_nothing_new_takes_its_time(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    old = await planned(client, **ON_SATURDAY)
    clock.now = datetime(2026, 5, 2, 8, tzinfo=UTC)  # 15:00 in the province
    values: dict[str, Any] = {
        "trip": a_trip(**ON_SATURDAY),
        "position": AT_SA_PA,
        "planned": places(old),
    }

    new = await replanned(client, values)

    kept = set(places(new)) & set(places(old))
    told = {it["place"]["id"]: it["reason"]["code"] for it in new["leftOut"]}
    assert kept
    assert told.keys() == set(places(old)) - kept
    assert set(told.values()) == {"NO_TIME_FOR_ALL"}
    assert set(places(new)) <= set(places(old))


@pytest.mark.usefixtures("province")
async def test_a_planned_place_that_is_closed_by_now_is_told(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    clock.now = datetime(2026, 5, 2, 8, tzinfo=UTC)
    values: dict[str, Any] = {
        "trip": a_trip(**ON_SATURDAY),
        "position": AT_SA_PA,
        "planned": ["P003", "P055"],  # the market of Bắc Hà is held on Sundays
    }

    new = await replanned(client, values)

    assert "P003" in places(new)
    assert [(it["place"]["id"], it["reason"]["code"]) for it in new["leftOut"]] == [
        ("P055", "CLOSED_THEN")
    ]
