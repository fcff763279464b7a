"""What the solver makes of a question whose musts do not fit together, on a machine that is too slow for it."""

from dataclasses import replace
from math import dist
from random import Random

import pytest

from api.guide.planner import routing_solver
from api.guide.planner.filling import nearest_first
from api.guide.planner.routing_problem import Day, Rests, Routes, RoutingProblem, Stop
from api.guide.planner.routing_solver import solved

SECONDS = 3.0


class SlowSearches:
    """Every search takes all the time that it may, and only that of the musts alone finds anything."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def model(self, problem: RoutingProblem) -> "SlowSearch":
        return SlowSearch(self, problem)


class SlowSearch:
    def __init__(self, searches: SlowSearches, problem: RoutingProblem) -> None:
        self._searches = searches
        self._problem = problem

    def routes(self, first: Routes | None) -> Routes:
        self._searches.passed += self._problem.seconds_at_most
        is_of_musts_alone = all(stop.is_must for stop in self._problem.stops)
        return [[0, 1] if is_of_musts_alone else []]


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> SlowSearches:
    searches = SlowSearches()
    monkeypatch.setattr(routing_solver, "monotonic", searches.monotonic)
    monkeypatch.setattr(routing_solver, "_Model", searches.model)
    return searches


def a_stop(point: int, *, is_must: bool) -> Stop:
    return Stop(point, 30, ((480, 1080),), 100, is_must, holds_meal=False)


def a_problem() -> RoutingProblem:
    """Return two musts, and another stop between them."""
    musts = (True, False, True)
    return RoutingProblem(
        stops=tuple(a_stop(3 + number, is_must=is_must) for number, is_must in enumerate(musts)),
        days=(Day(480, 1080, 1, 2, 0, ()),),
        matrices=(((0,) * 6,) * 6,),
        rest_percent=9,
        solutions_at_most=60,
        seconds_at_most=SECONDS,
    )


def test_all_searches_together_take_no_longer_than_two(searches: SlowSearches) -> None:
    solved(a_problem())

    assert searches.passed == 2 * SECONDS


@pytest.mark.usefixtures("searches")
def test_what_fits_of_the_musts_is_kept_when_nothing_more_is_found() -> None:
    (route,) = solved(a_problem())

    assert [stop for stop in route if stop != 1] == [0, 2]


class BlindSearch:
    """Finds nothing."""

    def __init__(self, problem: RoutingProblem) -> None:
        self._problem = problem

    def routes(self, first: Routes | None) -> Routes:
        return [[] for _ in self._problem.days]


def a_wide_problem(seed: int) -> RoutingProblem:
    """Return two days with more stops around than there is time for."""
    chance = Random(seed)  # noqa: S311 - for tests
    spots = [(0.0, 0.0), *((chance.uniform(-50, 50), chance.uniform(-50, 50)) for _ in range(24))]
    matrix = tuple(tuple(round(dist(a, b)) for b in spots) for a in spots)
    windows = ((480, 1080), (1920, 2520))
    stops = tuple(
        Stop(point, 60, windows, chance.randrange(60, 300), is_must=False, holds_meal=False)
        for point in range(1, 25)
    )
    days = (Day(480, 1080, 0, 0, 0, ()), Day(1920, 2520, 0, 0, 0, ()))
    return RoutingProblem(stops, days, (matrix,), 9, 60, SECONDS, Rests(180, 15))


def worth(problem: RoutingProblem, routes: Routes) -> int:
    return sum(problem.stops[stop].prize for route in routes for stop in route)


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_is_worth_more_than_that_of_who_goes_to_the_nearest_place(seed: int) -> None:
    problem = a_wide_problem(seed)

    assert worth(problem, solved(problem)) > worth(problem, nearest_first(problem)) > 0


def test_a_search_that_finds_nothing_leaves_the_way_from_place_to_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = a_wide_problem(0)
    monkeypatch.setattr(routing_solver, "_Model", BlindSearch)

    routes = solved(problem)

    assert worth(problem, routes) >= worth(problem, nearest_first(problem)) > 0


def test_what_is_far_away_is_better_than_nothing() -> None:
    far = Stop(1, 60, ((480, 1080),), 10, is_must=False, holds_meal=False)
    problem = replace(a_problem(), stops=(far,), matrices=(((0, 90, 0), (90, 0, 90), (0, 90, 0)),))
    problem = replace(problem, days=(Day(480, 1080, 0, 2, 0, ()),))

    assert solved(problem) == [[0]]
