"""Why a place that somebody counts on is not in a plan, and when it could be."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.guide.planner.candidates import Candidate, is_too_steep
from api.guide.planner.day_layout import fitted
from api.guide.planner.errors import Unmet
from api.guide.planner.leaving_out import ROAD_CLOSED, barring, would_be_reached
from api.guide.planner.preparation import BEGINNING, FIRST_STOP, Trip
from api.guide.planner.routing_problem import NO_RESTS
from api.guide.planner.told import Named, Told
from api.guide.planner.travel_times import UNREACHABLE
from api.guide.planner.trip_days import EARLIEST, LATEST, moment_of
from api.guide.planner.visiting_hours import visiting_hours
from api.kit.errors import N_

_LOOK_AHEAD_DAYS = 60
_SAID_IN_HOURS = 120
"""Minutes from which on a visit is said to take long; a shorter one has just no time."""


class UnmetCode(StrEnum):
    """Why something that a visitor wants to see is not possible. See also BarCode."""

    HAS_STEPS = auto()
    CLOSED_THEN = auto()
    TAKES_TOO_LONG = auto()
    OUT_OF_REACH = auto()
    NO_TIME = auto()
    EXCLUDED = auto()
    NO_TIME_FOR_ALL = auto()
    NO_SUCH_PLACE = auto()


def unmet_musts(trip: Trip, visited: set[str]) -> tuple[Unmet, ...]:
    """Return the musts that are not visited, each with why. `visited`: ids of places in the plan."""
    return tuple(
        why_not(trip, index, visited)
        for index, candidate in enumerate(trip.candidates)
        if candidate.is_must and candidate.place.id not in visited
    )


def why_not(trip: Trip, index: int, visited: set[str]) -> Unmet:
    """Return why a candidate is not in a plan. `visited`: ids of places that are."""
    candidate = trip.candidates[index]
    place_id = candidate.place.id
    if is_too_steep(trip.request, candidate.place):
        why = N_("There are steps that a wheelchair cannot pass.")
        return Unmet(place_id, Told(UnmetCode.HAS_STEPS, why))
    if trip.days_alone(index):
        return _crowded_out(trip, index, visited)
    if (hazard := barring(trip, place_id)) is not None:
        return Unmet(place_id, hazard.why, hazard.ends)
    if not any(hours.windows for hours in candidate.hours.values()):
        then = N_("It cannot be visited on these days.")
        return Unmet(place_id, Told(UnmetCode.CLOSED_THEN, then), _next_opening(trip, candidate))
    if would_be_reached(trip, index):
        return Unmet(place_id, ROAD_CLOSED)
    return _impossible(trip, index, candidate)


def _impossible(trip: Trip, index: int, candidate: Candidate) -> Unmet:
    longest = max((span.ends - span.starts for span in trip.spans), default=0)
    fits_some_day = candidate.least <= LATEST - EARLIEST
    next_possible = _next_opening(trip, candidate) if fits_some_day else None
    if candidate.least > max(longest, _SAID_IN_HOURS):
        why = Told(
            UnmetCode.TAKES_TOO_LONG,
            N_("A visit takes about {hours} hours: more than a day of this trip has."),
            {"hours": round(candidate.minutes / 60)},
        )
        return Unmet(candidate.place.id, why, next_possible)
    if trip.unhindered.minutes[BEGINNING][FIRST_STOP + index] >= UNREACHABLE:
        why = Told(UnmetCode.OUT_OF_REACH, N_("It is too far away for the way you travel."))
        return Unmet(candidate.place.id, why)
    why = Told(
        UnmetCode.NO_TIME,
        N_("There is not enough time to get there while it can be visited, and back."),
    )
    return Unmet(candidate.place.id, why, next_possible)


def _crowded_out(trip: Trip, index: int, visited: set[str]) -> Unmet:
    """Return that a must excludes another one, or that there are too many."""
    others = [
        number
        for number, other in enumerate(trip.candidates)
        if other.is_must and other.place.id in visited and not _go_together(trip, index, number)
    ]
    place_id = trip.candidates[index].place.id
    if not others:
        why = Told(
            UnmetCode.NO_TIME_FOR_ALL,
            N_("It is possible by itself, but there is no time for all that you want to see."),
        )
        return Unmet(place_id, why)
    other = trip.candidates[others[0]].place
    why = Told(
        UnmetCode.EXCLUDED,
        N_("It is possible by itself, but not together with {other}."),
        {"other": Named(other.names)},
    )
    return Unmet(place_id, why, excluded_by=tuple(trip.candidates[it].place.id for it in others))


def _go_together(trip: Trip, a: int, b: int) -> bool:
    days_of_a, days_of_b = trip.days_alone(a), trip.days_alone(b)
    if len({*days_of_a, *days_of_b}) > 1:
        return True
    orders: Sequence[tuple[int, int]] = ((a, b), (b, a))
    return any(
        fitted(trip.whole, trip.whole.days[day], order, NO_RESTS) is not None
        for day in days_of_a
        for order in orders
    )


def _next_opening(trip: Trip, candidate: Candidate) -> datetime | None:
    """Return when it can be visited next after the trip, None if not within two months."""
    request = trip.request
    for number in range(request.days, request.days + _LOOK_AHEAD_DAYS):
        day = request.first_midnight.date() + timedelta(days=number)
        hours = visiting_hours(candidate.found, day)
        fitting = [it for it in hours.windows if it[1] - it[0] >= candidate.least]
        if fitting:
            return moment_of(request, number * 24 * 60 + fitting[0][0])
    return None
