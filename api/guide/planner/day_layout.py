"""A day with its visits as long as they usually are, or shorter where they do not fit otherwise.

What is shortened is not left out: first each visit is as short as is worth while, then each gets back as much
as there is time for, musts first and then what is worth most. Free of OR-Tools.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.guide.planner.routing_problem import NO_RESTS, Day, Rests, RoutingProblem
from api.guide.planner.timetable import Item, Stays, laid_out

_STEP = 5
"""Minutes: nobody is told to stay 37."""


@dataclass(frozen=True, slots=True)
class LaidDay:
    """`route`: the stops that are visited, in order. `has_rests`: whether there was time for rests."""

    route: tuple[int, ...]
    items: tuple[Item, ...]
    has_rests: bool


def laid_day(problem: RoutingProblem, day: Day, route: Sequence[int]) -> LaidDay:
    """Return a day with rests; with the visit left out that is worth least, while it does not fit."""
    left, rests = list(route), problem.rests
    while left:
        items = fitted(problem, day, left, rests)
        if items is not None:
            return LaidDay(tuple(left), items, has_rests=rests is not NO_RESTS)
        least = min(left, key=lambda it: _rank(problem, it))
        if problem.stops[least].is_must and rests is not NO_RESTS:
            rests = NO_RESTS
        else:
            left.remove(least)
    return LaidDay((), (), has_rests=True)


def fitted(
    problem: RoutingProblem, day: Day, route: Sequence[int], rests: Rests
) -> tuple[Item, ...] | None:
    """Return what is done when, with visits shortened if need be; None when they do not fit even so."""
    outing = _Outing(problem, day, tuple(route), rests)
    items = outing.laid_out({})
    if items is not None:
        return items
    stays = {stop: problem.stops[stop].shortest for stop in route}
    if outing.laid_out(stays) is None:
        return None
    for stop in sorted(route, key=lambda it: _rank(problem, it), reverse=True):
        stays[stop] = outing.longest(stop, stays)
    return outing.laid_out(stays)


def longest_alone(problem: RoutingProblem, day: Day, stop: int) -> int:
    """Return how many minutes a stop can be visited when nothing else is; 0 when it cannot."""
    outing, least = _Outing(problem, day, (stop,), NO_RESTS), problem.stops[stop].shortest
    return 0 if outing.laid_out({stop: least}) is None else outing.longest(stop, {stop: least})


def _rank(problem: RoutingProblem, stop: int) -> tuple[bool, bool, int]:
    it = problem.stops[stop]
    return it.is_must, it.is_kept, it.prize


@dataclass(frozen=True, slots=True)
class _Outing:
    problem: RoutingProblem
    day: Day
    route: tuple[int, ...]
    rests: Rests

    def laid_out(self, stays: Stays) -> tuple[Item, ...] | None:
        return laid_out(self.problem, self.day, self.route, self.rests, stays)

    def longest(self, stop: int, stays: Stays) -> int:
        """Return the most minutes that a stop can have beside the others. `stays`: what fits already."""
        usual, least = self.problem.stops[stop].minutes, stays[stop]
        if self.laid_out({**stays, stop: usual}) is not None:
            return usual
        fits, too_long = 0, -(-(usual - least) // _STEP)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            longer = {**stays, stop: least + middle * _STEP}
            is_possible = self.laid_out(longer) is not None
            fits, too_long = (middle, too_long) if is_possible else (fits, middle)
        return least + fits * _STEP
