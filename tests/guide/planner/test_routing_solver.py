"""What the solver makes of a question whose musts do not fit together, on a machine that is too slow for it."""

import pytest

from api.guide.planner import routing_solver
from api.guide.planner.routing_problem import Day, Routes, RoutingProblem, Stop
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
