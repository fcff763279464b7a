"""Fills the time that is left on the days of a trip with places that are not visited yet. Free of OR-Tools.

It only ever adds, so what is visited already stays: kept places come first, then what is worth most for
the way that it takes; at the usual length, and in what is left then, shortened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from api.guide.planner.day_layout import LaidDay
from api.guide.planner.routing_problem import Day, Routes, RoutingProblem
from api.guide.planner.timetable import Stays, laid_out

_LAYOUTS_AT_MOST = 600
"""After so many days laid out it ends, whatever is left: the same everywhere."""
_SHORTENS_AFTER = 180
"""Who rests as seldom as this is not hurried by one more visit that is short."""


def filled(problem: RoutingProblem, days: Sequence[LaidDay]) -> Routes:
    """Return the routes of days with all that fits in between."""
    stays = {item.stop: item.minutes for day in days for item in day.items if item.stop is not None}
    filling = _Filling(problem, [list(day.route) for day in days], stays)
    filling.add(short=False, only_kept=True)
    filling.add(short=True, only_kept=True)
    filling.add(short=False)
    if problem.rests.after >= _SHORTENS_AFTER:
        filling.add(short=True)
    return filling.routes


def nearest_first(problem: RoutingProblem) -> Routes:
    """Return the routes of who always goes to the nearest place that still fits: the least a plan is worth."""
    filling = _Filling(problem, [[] for _ in problem.days])
    for number in range(len(problem.days)):
        while filling.add_nearest(number):
            pass
    return filling.routes


@dataclass(frozen=True, slots=True)
class _Insertion:
    """`gain`: what the stop is worth, less the way."""

    gain: int
    stop: int
    number: int
    position: int


@dataclass(slots=True)
class _Filling:
    """`stays`: of the stops that were added shortened."""

    problem: RoutingProblem
    routes: list[list[int]]
    stays: dict[int, int] = field(default_factory=dict[int, int])
    layouts_left: int = _LAYOUTS_AT_MOST

    def add(self, *, short: bool, only_kept: bool = False) -> None:
        """Add stops one by one, the best one first; `short`: as short as is worth while."""
        stops = self._missing(only_kept=only_kept)
        days = set(range(len(self.problem.days)))
        tried = sorted(self._insertions(stops, days, short=short), key=_best_first)
        while tried and self.layouts_left > 0:
            it = tried.pop(0)
            if not self._inserted(it, short=short):
                continue
            stops.remove(it.stop)
            others = (
                other for other in tried if other.stop != it.stop and other.number != it.number
            )
            again = self._insertions(stops, {it.number}, short=short)
            tried = sorted((*others, *again), key=_best_first)

    def add_nearest(self, number: int) -> bool:
        """Add the nearest stop that fits at the end of a day. Tells whether there is one."""
        day, route = self.problem.days[number], self.routes[number]
        at = self._point(route[-1]) if route else day.start_point
        for stop in sorted(self._missing(), key=lambda it: (self._way(day, at, it), it)):
            it = _Insertion(0, stop, number, len(route))
            if self._might_fit(it, short=False) and self._inserted(it, short=False):
                return True
        return False

    def _missing(self, *, only_kept: bool = False) -> list[int]:
        visited = {stop for route in self.routes for stop in route}
        return [
            index
            for index, stop in enumerate(self.problem.stops)
            if index not in visited and (stop.is_kept or not only_kept)
        ]

    def _insertions(
        self, stops: Sequence[int], numbers: set[int], *, short: bool
    ) -> Iterator[_Insertion]:
        """Yield where each stop costs least on each of these days, if it might fit there."""
        for number in sorted(numbers):
            for stop in stops:
                ways = [
                    (self._detour(number, position, stop), position)
                    for position in range(len(self.routes[number]) + 1)
                ]
                for detour, position in sorted(ways)[:2]:
                    gain = self.problem.stops[stop].prize - detour
                    it = _Insertion(gain, stop, number, position)
                    if gain > 0 and self._might_fit(it, short=short):
                        yield it

    def _inserted(self, it: _Insertion, *, short: bool) -> bool:
        self.layouts_left -= 1
        day, route, stays = self._with(it, short=short)
        if laid_out(self.problem, day, route, self.problem.rests, stays) is None:
            return False
        self.routes[it.number] = route
        self.stays = stays
        return True

    def _with(self, it: _Insertion, *, short: bool) -> tuple[Day, list[int], dict[int, int]]:
        route, stays = list(self.routes[it.number]), dict(self.stays)
        route.insert(it.position, it.stop)
        if short:
            stays[it.stop] = self.problem.stops[it.stop].shortest
        return self.problem.days[it.number], route, stays

    def _might_fit(self, it: _Insertion, *, short: bool) -> bool:
        """Tell quickly that a day without rests, on which meals fall into no gap, is long enough."""
        day, route, stays = self._with(it, short=short)
        now, point = day.starts, day.start_point
        holds_meal = any(self.problem.stops[stop].holds_meal for stop in route)
        for stop in route:
            minutes = _stay(self.problem, stays, stop)
            starts = self.problem.stops[stop].earliest(now + self._way(day, point, stop), minutes)
            if starts is None:
                return False
            now, point = starts + minutes, self._point(stop)
        now += self.problem.travel(day, point, day.end_point)
        return now <= day.ends and (holds_meal or self._spent(day, route, stays) <= day.ends)

    def _spent(self, day: Day, route: Sequence[int], stays: Stays) -> int:
        """Return when a day ends on which nobody ever waits, but eats."""
        points = [day.start_point, *map(self._point, route), day.end_point]
        ways = sum(self.problem.travel(day, a, b) for a, b in pairwise(points))
        meals = sum(meal.minutes for meal in day.meals)
        return day.starts + ways + meals + sum(_stay(self.problem, stays, it) for it in route)

    def _detour(self, number: int, position: int, stop: int) -> int:
        day, route = self.problem.days[number], self.routes[number]
        before = self._point(route[position - 1]) if position else day.start_point
        after = self._point(route[position]) if position < len(route) else day.end_point
        here, travel = self._point(stop), self.problem.travel
        return travel(day, before, here) + travel(day, here, after) - travel(day, before, after)

    def _way(self, day: Day, point: int, stop: int) -> int:
        return self.problem.travel(day, point, self._point(stop))

    def _point(self, stop: int) -> int:
        return self.problem.stops[stop].point


def _best_first(it: _Insertion) -> tuple[int, int, int, int]:
    return (-it.gain, it.stop, it.number, it.position)


def _stay(problem: RoutingProblem, stays: Stays, stop: int) -> int:
    return stays.get(stop, problem.stops[stop].minutes)
