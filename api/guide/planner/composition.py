"""From the solver's routes to a plan that a person can read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from api.guide.planner.day_layout import LaidDay, laid_day
from api.guide.planner.explanations import NoteCode, meal_on_the_way, notes_for, reasons_for
from api.guide.planner.given_up import given_up
from api.guide.planner.leaving_out import left_out_of
from api.guide.planner.preparation import FIRST_STOP, Trip
from api.guide.planner.routing_problem import Routes
from api.guide.planner.timetable import Item, ItemKind
from api.guide.planner.told import Dong, Told
from api.guide.planner.travel_times import TravelTimes
from api.guide.planner.trip_days import moment_of
from api.guide.planner.trip_plan import PlannedDay, PlannedItem, TravelSource, TripPlan, Way
from api.guide.planner.way_home import notes_on_way_home, with_way_home
from api.kit.errors import N_
from api.tourism.place_lists import PlaceFound
from api.tourism.records import Texts


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the times come from, and what a reader is told about that."""

    source: TravelSource
    note: Told


def composed(trip: Trip, routes: Routes, sources: Sources) -> TripPlan:
    """Return the plan. `routes`: indexes into `trip.reachable`."""
    laid = [
        laid_day(trip.whole, day, [trip.reachable[stop] for stop in route])
        for day, route in zip(trip.whole.days, routes, strict=True)
    ]
    days = tuple(_day(trip, number, it) for number, it in enumerate(laid))
    notes = (*_notes(trip, laid), *notes_on_way_home(trip, days))
    visited = {trip.candidates[stop].place.id for it in laid for stop in it.route}
    left_out = (*left_out_of(trip), *given_up(trip, visited))
    plan = TripPlan(with_way_home(trip, days), left_out, (*notes, sources.note), sources.source)
    return replace(plan, notes=(*_budget(trip, plan), *plan.notes))


def _day(trip: Trip, number: int, laid: LaidDay) -> PlannedDay:
    span, request = trip.spans[number], trip.request
    return PlannedDay(
        day=request.first_midnight.date() + timedelta(days=span.number),
        starts=moment_of(request, span.starts),
        ends=moment_of(request, span.ends),
        items=tuple(_item(trip, number, laid, item) for item in laid.items),
    )


def _item(trip: Trip, number: int, laid: LaidDay, item: Item) -> PlannedItem:
    starts, ends = moment_of(trip.request, item.starts), moment_of(trip.request, item.ends)
    plain = PlannedItem(item.kind, starts, ends, _place(trip, item))
    if item.kind is ItemKind.TRAVEL:
        return replace(plain, way=_way(trip.times[trip.whole.days[number].matrix], item))
    if item.kind is ItemKind.MEAL and _is_eaten_elsewhere(trip, item):
        return replace(plain, notes=(meal_on_the_way(_town(trip, number, laid, item)),))
    if item.stop is None:
        return plain
    candidate = trip.candidates[item.stop]
    detour = _detour(trip, number, laid.route, item.stop)
    return replace(
        plain,
        is_must=candidate.is_must,
        includes_meal=item.includes_meal,
        reasons=reasons_for(trip.request, candidate, item.starts, detour),
        notes=notes_for(trip.request, candidate, item),
        usual_minutes=candidate.minutes if item.minutes < candidate.minutes else None,
    )


def _town(trip: Trip, number: int, laid: LaidDay, meal: Item) -> Texts | None:
    """Return the names of the town that is passed nearest to a meal on the way."""
    day = trip.whole.days[number]
    before = laid.items[laid.items.index(meal) - 1]
    driven = before.minutes if before.kind is ItemKind.TRAVEL else 0
    passed = trip.times[day.matrix].towns(meal.start_point, meal.end_point)
    return min(passed, key=lambda it: abs(it.minutes - driven)).names if passed else None


def _way(times: TravelTimes, item: Item) -> Way:
    return Way(item.minutes, times.ride(item.start_point, item.end_point).roads)


def _place(trip: Trip, item: Item) -> PlaceFound | None:
    index = item.end_point - FIRST_STOP
    is_elsewhere = item.kind is ItemKind.MEAL and _is_eaten_elsewhere(trip, item)
    return None if is_elsewhere or index < 0 else trip.candidates[index].found


def _is_eaten_elsewhere(trip: Trip, meal: Item) -> bool:
    """Tell whether a meal is eaten on the way, or beside a place that is closed then."""
    index = meal.end_point - FIRST_STOP
    if meal.start_point != meal.end_point or index < 0:
        return meal.start_point != meal.end_point
    return not trip.whole.stops[index].is_open(meal.starts, meal.ends)


def _detour(trip: Trip, number: int, route: Sequence[int], stop: int) -> int | None:
    """Return what a stop costs; None of a must, and of the farthest stop, for which the way is made."""
    day = trip.whole.days[number]
    ways = {it: trip.whole.travel(day, day.start_point, FIRST_STOP + it) for it in route}
    if trip.candidates[stop].is_must or stop == max(route, key=lambda it: ways[it]):
        return None
    points = [day.start_point, *(FIRST_STOP + it for it in route), day.end_point]
    at = route.index(stop) + 1
    before, here, after = points[at - 1 : at + 2]
    travel = trip.whole.travel
    return travel(day, before, here) + travel(day, here, after) - travel(day, before, after)


def _notes(trip: Trip, laid: Sequence[LaidDay]) -> Iterator[Told]:
    if not all(it.has_rests for it in laid):
        yield Told(
            NoteCode.RESTS_SHORTENED,
            N_("There is no time for rests on some days, because of what you want to see."),
        )


def _budget(trip: Trip, plan: TripPlan) -> Iterator[Told]:
    if trip.request.budget is not None:
        yield Told(
            NoteCode.PRICES_UNKNOWN,
            N_(
                "No entrance fees are known of {places} places in this plan, so nobody can say whether"
                " {budget} is enough."
            ),
            {"places": len(plan.visits), "budget": Dong(trip.request.budget)},
        )
