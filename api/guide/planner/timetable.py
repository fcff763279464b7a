"""Lays the visits of a day out in time: travel, waiting for an opening, meals and rests.

The solver has chosen and ordered the visits so that they fit with meals and with spare time for rests; here
every minute gets its place, the earliest that is possible. Free of OR-Tools.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from itertools import combinations_with_replacement

from api.guide.planner.routing_problem import Day, Meal, Rests, RoutingProblem, Stop


class ItemKind(StrEnum):
    """What is done for a while."""

    TRAVEL = auto()
    VISIT = auto()
    MEAL = auto()
    REST = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """`stop`: index of the visit's stop. `start_point` and `end_point`: the same but under way.

    `includes_meal`: so long a visit that people eat during it.
    """

    kind: ItemKind
    starts: int
    ends: int
    start_point: int
    end_point: int
    stop: int | None = None
    includes_meal: bool = False

    @property
    def minutes(self) -> int:
        return self.ends - self.starts


Stays = Mapping[int, int]
"""Minutes of the visits that take another time than their stop says, by stop."""

_AS_USUAL: Stays = {}
_WORTH_A_REST = 60
"""Minutes without a pause before which none is made, however long what follows takes."""


_WAITS_FOR_A_MEAL = 45
"""Minutes that people rather wait to eat where they are than stop on a long way."""


@dataclass(slots=True)
class _Sheet:
    """A day as far as it is laid out. `places`: the stops of its route by their points.

    `active`: minutes since the last pause. `closed_meals`: how many are eaten where it is closed then.
    """

    problem: RoutingProblem
    day: Day
    rests: Rests
    stays: Stays
    places: Mapping[int, Stop]
    now: int
    point: int
    active: int = 0
    closed_meals: int = 0
    items: list[Item] = field(default_factory=list[Item])

    def stay(self, stop: int) -> int:
        return self.stays.get(stop, self.problem.stops[stop].minutes)

    def travel(self, point: int) -> None:
        self._ride(point, self.problem.travel(self.day, self.point, point))
        self.point = point

    def travel_around(self, point: int, meal: Meal) -> None:
        """Go to a point with a meal on the way, for which departure is too early and arrival too late."""
        whole, until_meal = (
            self.problem.travel(self.day, self.point, point),
            meal.earliest - self.now,
        )
        self._ride(point, until_meal)
        self._add(ItemKind.MEAL, self.now, meal.minutes, point)
        self.active = 0
        self._ride(point, whole - until_meal)
        self.point = point

    def _ride(self, point: int, minutes: int) -> None:
        self._add(ItemKind.TRAVEL, self.now, minutes, point)
        self.active += minutes

    def eat(self, starts: int, minutes: int) -> None:
        self.closed_meals += not self.is_open_at(self.point, starts, minutes)
        self.pause(ItemKind.MEAL, starts, minutes)

    def is_open_at(self, point: int, starts: int, minutes: int) -> bool:
        place = self.places.get(point)
        return place is None or place.is_open(starts, starts + minutes)

    def pause(self, kind: ItemKind, starts: int, minutes: int) -> None:
        self._add(kind, starts, minutes, self.point)
        self.active = 0

    def visit(self, stop: int, starts: int, *, includes_meal: bool) -> None:
        minutes = self.stay(stop)
        if starts - self.now >= self.rests.minutes:
            self.active = 0
        self._add(ItemKind.VISIT, starts, minutes, self.point, stop, includes_meal=includes_meal)
        is_long = minutes > self.rests.after
        self.active = _WORTH_A_REST if is_long else self.active + minutes

    def needs_rest(self, following: int) -> bool:
        """Tell whether a pause comes before `following` more minutes of travel and visit."""
        return (
            self.rests.after > 0
            and self.active >= _WORTH_A_REST
            and self.active + following > self.rests.after
        )

    def _add(
        self,
        kind: ItemKind,
        starts: int,
        minutes: int,
        point: int,
        stop: int | None = None,
        *,
        includes_meal: bool = False,
    ) -> None:
        if minutes > 0:
            ends = starts + minutes
            self.items.append(
                Item(kind, starts, ends, self.point, point, stop, includes_meal=includes_meal)
            )
        self.now = max(self.now, starts + minutes)


def laid_out(
    problem: RoutingProblem,
    day: Day,
    route: Sequence[int],
    rests: Rests,
    stays: Stays = _AS_USUAL,
) -> tuple[Item, ...] | None:
    """Return what is done when; None when the visits do not fit in this order.

    People eat where it is open if they can, and then so that the day ends early.
    """
    if not route:
        return ()
    places = {problem.stops[stop].point: problem.stops[stop] for stop in route}
    found: list[_Sheet] = []
    for gaps in _meal_places(len(route), len(day.meals)):
        begun = _Sheet(problem, day, rests, stays, places, day.starts, day.start_point)
        sheet = _tried(begun, route, gaps)
        if sheet is not None:
            found.append(sheet)
    if not found:
        return None
    return _later_start(min(found, key=lambda sheet: (sheet.closed_meals, sheet.now)).items)


def _meal_places(visits: int, meals: int) -> Iterator[tuple[int, ...]]:
    """Yield where the meals may lie: an even number is a way to a visit or home, an odd one a visit."""
    return combinations_with_replacement(range(2 * visits + 1), meals)


def _tried(sheet: _Sheet, route: Sequence[int], places: tuple[int, ...]) -> _Sheet | None:
    problem, day = sheet.problem, sheet.day
    for number, stop in enumerate(route):
        meals_before = _meals_at(day, places, 2 * number)
        following = problem.travel(day, sheet.point, problem.stops[stop].point)
        following += sheet.stay(stop)
        if not _gone(sheet, problem.stops[stop].point, meals_before, following):
            return None
        if not _visited(sheet, stop, _meals_at(day, places, 2 * number + 1)):
            return None
    home = problem.travel(day, sheet.point, day.end_point)
    is_home = _gone(sheet, day.end_point, _meals_at(day, places, 2 * len(route)), home)
    return sheet if is_home and sheet.now <= day.ends else None


def _meals_at(day: Day, places: tuple[int, ...], place: int) -> list[Meal]:
    return [meal for meal, chosen in zip(day.meals, places, strict=True) if chosen == place]


def _gone(sheet: _Sheet, point: int, meals: Sequence[Meal], following: int) -> bool:
    """Go to a point, with these meals before the way or at its end. Tells whether that is possible."""
    if not meals and sheet.needs_rest(following):
        sheet.pause(ItemKind.REST, sheet.now, sheet.rests.minutes)
    has_arrived = False
    for meal in meals:
        if not has_arrived and (sheet.now < meal.earliest or _eats_better(sheet, point, meal)):
            arrival = sheet.now + sheet.problem.travel(sheet.day, sheet.point, point)
            waits = meal.earliest - sheet.now
            if arrival <= meal.latest:
                sheet.travel(point)
                has_arrived = True
            elif waits > _WAITS_FOR_A_MEAL:
                sheet.travel_around(point, meal)
                has_arrived = True
                continue
        starts = max(sheet.now, meal.earliest)
        if starts > meal.latest:
            return False
        sheet.eat(starts, meal.minutes)
    if not has_arrived:
        sheet.travel(point)
    return True


def _eats_better(sheet: _Sheet, point: int, meal: Meal) -> bool:
    """Tell whether it is closed where people are at mealtime, and open where they go."""
    arrival = sheet.now + sheet.problem.travel(sheet.day, sheet.point, point)
    is_closed_here = not sheet.is_open_at(sheet.point, sheet.now, meal.minutes)
    return is_closed_here and sheet.is_open_at(point, arrival, meal.minutes)


def _visited(sheet: _Sheet, stop: int, meals: Sequence[Meal]) -> bool:
    visit, minutes = sheet.problem.stops[stop], sheet.stay(stop)
    starts = visit.earliest(sheet.now, minutes)
    if starts is None:
        return False
    for meal in meals:
        eats_from = max(starts, meal.earliest)
        is_during = eats_from <= meal.latest and eats_from + meal.minutes <= starts + minutes
        if not visit.holds_meal or not is_during:
            return False
    sheet.visit(stop, starts, includes_meal=bool(meals))
    return True


def _later_start(items: Sequence[Item]) -> tuple[Item, ...]:
    """Leave as late as the first visit allows, instead of waiting before it opens."""
    if (
        len(items) < 2
        or items[0].kind is not ItemKind.TRAVEL
        or items[1].kind is not ItemKind.VISIT
    ):
        return tuple(items)
    first, wait = items[0], items[1].starts - items[0].ends
    moved = Item(
        first.kind, first.starts + wait, first.ends + wait, first.start_point, first.end_point
    )
    return (moved, *items[1:])
