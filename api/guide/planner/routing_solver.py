"""Chooses and orders the visits of all days at once with OR-Tools. Runs in a process of its own.

One vehicle a day, a node a stop. A stop that is left out costs its prize, a must a hundred thousand, so the
largest set of musts is found when not all can be met; those that do not fit at their usual length are tried
shortened. On a trip that was planned before, what was planned is searched alone and the rest is fitted in
between. The same problem gives the same routes: the search ends after a number of solutions or of failures,
and by time only on a machine that is very slow.
"""

from dataclasses import replace
from itertools import pairwise
from time import monotonic

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from api.guide.planner.day_layout import laid_day
from api.guide.planner.filling import filled, nearest_first
from api.guide.planner.routing_problem import Day, Routes, RoutingProblem, Stop

_MUST = 100_000
_FAILURES = 60_000
"""After so many neighbours that were no solution the search ends: on small problems few are, and it would go on."""

_HORIZON = 20_000
"""Minutes: more than seven days, and the longest way after them."""
_MILLISECONDS_AT_LEAST = 50
_ROUNDS_AT_MOST = 2
"""The searches together take as long as this many at most: who waits for them gives up some time."""


def solved(problem: RoutingProblem) -> Routes:
    """Return the routes of all days; a must that is in none of them did not fit."""
    core = [index for index, stop in enumerate(problem.stops) if stop.is_must or stop.is_kept]
    is_underway = any(stop.is_kept for stop in problem.stops)
    if not is_underway:
        core = list(range(len(problem.stops)))
    floor: Routes = ()
    if not is_underway and not any(it.is_must for it in problem.stops):
        floor = nearest_first(problem)
    found = _searched(_only(problem, core), floor)
    routes = [[core[index] for index in route] for route in found]
    return max(
        (_completed(problem, it) for it in (routes, floor) if it),
        key=lambda it: (any(it), _value(problem, it)),  # far away is better than nothing
    )


def _only(problem: RoutingProblem, stops: list[int]) -> RoutingProblem:
    return replace(problem, stops=tuple(problem.stops[index] for index in stops))


def _completed(problem: RoutingProblem, routes: Routes) -> Routes:
    """Return what of the routes can be laid out, and all that fits in between."""
    days = zip(problem.days, routes, strict=True)
    return filled(problem, [laid_day(problem, day, route) for day, route in days])


def _value(problem: RoutingProblem, routes: Routes) -> int:
    """Return what the visits are worth, less the ways."""
    value = 0
    for day, route in zip(problem.days, routes, strict=True):
        stops = [problem.stops[index] for index in route]
        points = [day.start_point, *(stop.point for stop in stops), day.end_point]
        value += sum(_MUST if stop.is_must else stop.prize for stop in stops)
        value -= sum(problem.travel(day, a, b) for a, b in pairwise(points)) if stops else 0
    return value


def _searched(problem: RoutingProblem, first: Routes) -> Routes:
    """Return the routes that OR-Tools finds, at first from these if there are any and they fit."""
    until = monotonic() + _ROUNDS_AT_MOST * problem.seconds_at_most
    routes = _Model(problem).routes(first or None)
    musts = {index for index, stop in enumerate(problem.stops) if stop.is_must}
    if musts <= {index for route in routes for index in route}:
        return routes
    return _around_musts(problem, routes, musts, until)


def _around_musts(problem: RoutingProblem, routes: Routes, musts: set[int], until: float) -> Routes:
    """Return routes that are built around the musts alone, if more of these fit so."""
    order = sorted(musts)
    alone = replace(problem, stops=tuple(problem.stops[index] for index in order), rest_percent=0)
    found = _in_time(alone, until).routes(None)
    skeleton = [[order[index] for index in route] for route in found]
    if _count(skeleton, musts) < len(musts):
        found = _in_time(_shortened(alone), until).routes(None)
        short = [[order[index] for index in route] for route in found]
        if _count(short, musts) > max(_count(skeleton, musts), _count(routes, musts)):
            return short
    if _count(skeleton, musts) <= _count(routes, musts):
        return routes
    for percent in (problem.rest_percent, 0):
        more = _in_time(replace(problem, rest_percent=percent), until).routes(skeleton)
        if _count(more, musts) >= _count(skeleton, musts):
            return more
    return skeleton


def _shortened(problem: RoutingProblem) -> RoutingProblem:
    """Return the problem with each visit as short as is worth while."""
    stops = tuple(replace(stop, minutes=stop.shortest) for stop in problem.stops)
    return replace(problem, stops=stops)


def _in_time(problem: RoutingProblem, until: float) -> "_Model":
    """Return the model with what is left of the time."""
    seconds = min(problem.seconds_at_most, max(0.0, until - monotonic()))
    return _Model(replace(problem, seconds_at_most=seconds))


def _count(routes: Routes, musts: set[int]) -> int:
    return sum(index in musts for route in routes for index in route)


class _Model:
    def __init__(self, problem: RoutingProblem) -> None:
        self._problem = problem
        self._points = len(problem.matrices[0])
        self._stop_of = {stop.point: index for index, stop in enumerate(problem.stops)}
        starts = [day.start_point for day in problem.days]
        ends = [day.end_point for day in problem.days]
        self._manager = pywrapcp.RoutingIndexManager(self._points, len(problem.days), starts, ends)
        self._routing = pywrapcp.RoutingModel(self._manager)
        self._add_time()
        self._add_stops()
        for number, day in enumerate(problem.days):
            self._bound_day(number, day)

    def routes(self, first: Routes | None) -> Routes:
        """Return the best routes found, from a first solution if there is one; empty ones for none."""
        parameters = self._parameters()
        self._routing.AddSearchMonitor(self._routing.solver().FailuresLimit(_FAILURES))
        self._routing.CloseModelWithParameters(parameters)
        found = None
        if first is not None:
            indices = [
                [self._manager.NodeToIndex(self._problem.stops[stop].point) for stop in route]
                for route in first
            ]
            start = self._routing.ReadAssignmentFromRoutes(indices, True)
            if start is not None:
                found = self._routing.SolveFromAssignmentWithParameters(start, parameters)
        if found is None:
            found = self._routing.SolveWithParameters(parameters)
        if found is None:
            return [[] for _ in self._problem.days]
        return [self._route(found, number) for number in range(len(self._problem.days))]

    def _route(self, found: "pywrapcp.Assignment", number: int) -> list[int]:
        index, route = self._routing.Start(number), list[int]()
        while not self._routing.IsEnd(index):
            stop = self._stop_of.get(self._manager.IndexToNode(index))
            if stop is not None:
                route.append(stop)
            index = found.Value(self._routing.NextVar(index))
        return route

    def _add_time(self) -> None:
        """Add travel as the cost, and the time that goes by: of the visit, of the way, and for rests."""
        evaluators: list[int] = []
        for number, day in enumerate(self._problem.days):
            matrix = self._problem.matrices[day.matrix]
            cost = self._routing.RegisterTransitMatrix([list(row) for row in matrix])
            self._routing.SetArcCostEvaluatorOfVehicle(cost, number)
            evaluators.append(self._routing.RegisterTransitMatrix(self._spent(matrix)))
        self._routing.AddDimensionWithVehicleTransits(
            evaluators,
            _HORIZON,
            _HORIZON,
            False,
            "time",
        )
        self._time = self._routing.GetDimensionOrDie("time")

    def _spent(self, matrix: tuple[tuple[int, ...], ...]) -> list[list[int]]:
        stay = [self._stay(point) for point in range(self._points)]
        percent = 100 + self._problem.rest_percent
        return [
            [(stay[a] + matrix[a][b]) * percent // 100 for b in range(self._points)]
            for a in range(self._points)
        ]

    def _stay(self, point: int) -> int:
        index = self._stop_of.get(point)
        return 0 if index is None else self._problem.stops[index].minutes

    def _add_stops(self) -> None:
        ends = {day.start_point for day in self._problem.days}
        ends |= {day.end_point for day in self._problem.days}
        for point in range(self._points):
            if point in ends:
                continue
            index = self._manager.NodeToIndex(point)
            stop = self._stop_of.get(point)
            if stop is None:
                self._routing.AddDisjunction([index], 0)
                self._routing.ActiveVar(index).SetValue(0)
            else:
                self._add_stop(index, self._problem.stops[stop])

    def _add_stop(self, index: int, stop: Stop) -> None:
        self._routing.AddDisjunction([index], _MUST if stop.is_must else stop.prize)
        starts = [(opens, closes - stop.minutes) for opens, closes in stop.windows]
        begin, cumul = 0, self._time.CumulVar(index)
        for opens, latest in sorted((a, b) for a, b in starts if a <= b):
            if opens > begin:
                cumul.RemoveInterval(begin, opens - 1)
            begin = max(begin, latest + 1)
        cumul.RemoveInterval(begin, _HORIZON)

    def _bound_day(self, number: int, day: Day) -> None:
        for end in (self._routing.Start(number), self._routing.End(number)):
            self._time.CumulVar(end).SetRange(day.starts, day.ends)
        if not day.meals:
            return
        pauses = [
            self._routing.solver().FixedDurationIntervalVar(
                meal.earliest,
                meal.latest,
                meal.minutes,
                False,
                f"meal {number}.{order}",
            )
            for order, meal in enumerate(day.meals)
        ]
        self._time.SetBreakIntervalsOfVehicle(pauses, number, self._uninterrupted())

    def _uninterrupted(self) -> list[int]:
        """Return, for each index, how many minutes of its stay no meal may fall into."""
        whole = [0] * self._routing.Size()
        for stop in self._problem.stops:
            if not stop.holds_meal:
                whole[self._manager.NodeToIndex(stop.point)] = stop.minutes
        return whole

    def _parameters(self) -> "pywrapcp.SearchParameters":
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        parameters.solution_limit = self._problem.solutions_at_most
        milliseconds = max(_MILLISECONDS_AT_LEAST, int(self._problem.seconds_at_most * 1000))
        parameters.time_limit.FromMilliseconds(milliseconds)
        return parameters
