"""Which places may be visited on a trip: when, for how long, and what each is worth."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import sqrt

from api.guide.planner.hazards import Hazard
from api.guide.planner.routing_problem import Window
from api.guide.planner.trip_days import DAY, Span, minutes_of, unasked_from
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.visiting_hours import (
    VisitingHours,
    unasked_windows,
    visiting_hours,
    without,
)
from api.guide.planner.wishes import (
    CLIMBS,
    KINDS,
    NOT_STEP_FREE,
    PACE_PERCENT,
    SERVICES,
    VISIT_MINUTES,
    Interest,
    Mobility,
    least_minutes,
)
from api.kit.geo import distance_metres
from api.tourism.place_lists import PlaceFound
from api.tourism.records import Confidence, Place, PlaceCategory, Steps

_WORTH = {Confidence.HIGH: 300, Confidence.MEDIUM: 220, Confidence.LOW: 120}
"""In minutes of travel: how well a place is documented stands for how well it is known."""
_OF_INTEREST, _OF_NO_INTEREST = 2.2, 0.6
_MARKET_DAY = 1.5
_KEPT = 3_000
"""More than any way: what was planned is given up for none."""
_AGAIN = 0.88
"""Each further place of a kind is worth this much of the one before it: variety."""
_AGAIN_AT_LEAST = 0.3
_HARD_MINUTES = 300
_LONGEST_WITH_MEAL = 240
_FAR_FUTURE = 10**6
CONSIDERED_AT_MOST = 400
"""Of more places those nearest to the lodging: the ways between all of them grow with the square."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`minutes`: how long people stay; `hours`: by the number of the day.

    `windows`: of all days, without what hazards take. `is_kept`: it was planned before the trip began.
    """

    found: PlaceFound
    minutes: int
    prize: int
    interest: Interest | None
    is_must: bool
    is_kept: bool
    hours: dict[int, VisitingHours]
    windows: tuple[Window, ...]

    @property
    def place(self) -> Place:
        return self.found.place

    @property
    def least(self) -> int:
        """Minutes that a visit takes at least."""
        return least_minutes(self.place.category, self.minutes)

    @property
    def holds_meal(self) -> bool:
        """Whether people eat there: it takes them most of the day."""
        return self.minutes >= _LONGEST_WITH_MEAL


def candidates_of(
    request: TripRequest,
    places: Sequence[PlaceFound],
    spans: Sequence[Span],
    hazards: Sequence[Hazard],
) -> list[Candidate]:
    """Return musts first, then what is worth most; of very many places those near the lodging."""
    musts = set(request.musts) - request.underway.is_behind
    asked_for = musts | request.underway.planned
    wanted = [it for it in places if it.place.id in musts or _is_wanted(request, it.place)]
    others = [it for it in wanted if it.place.id not in asked_for]
    near = sorted(others, key=lambda it: _metres_from_lodging(request, it))[:CONSIDERED_AT_MOST]
    chosen = [
        _candidate(request, found, spans, hazards, is_must=found.place.id in musts)
        for found in (*(it for it in wanted if it.place.id in asked_for), *near)
    ]
    return _with_variety(chosen)


def visit_minutes(request: TripRequest, place: Place) -> int:
    """Return how long the visitor stays, in steps of five minutes."""
    usual = place.visit_minutes or VISIT_MINUTES[place.category]
    return max(10, round(usual * PACE_PERCENT[request.pace] / 100 / 5) * 5)


def is_too_hard_for_children(place: Place) -> bool:
    usual = place.visit_minutes or VISIT_MINUTES[place.category]
    is_by_cable_car = place.altitude_metres is not None and usual <= _HARD_MINUTES
    return place.category in CLIMBS and usual >= _LONGEST_WITH_MEAL and not is_by_cable_car


def may_have_steps(place: Place) -> bool:
    """Tell whether there are steps, or likely are where nothing is known."""
    steps = place.accessibility.steps
    return steps is Steps.STEPS or (steps is Steps.UNKNOWN and place.category in NOT_STEP_FREE)


def is_too_steep(request: TripRequest, place: Place) -> bool:
    """Tell whether there are steps that keep the visitor away."""
    is_wheelchair = request.mobility is Mobility.WHEELCHAIR
    return is_wheelchair and place.accessibility.steps is Steps.STEPS


def barred_windows(
    request: TripRequest, place_id: str, hazards: Iterable[Hazard]
) -> tuple[Window, ...]:
    """Return when hazards keep people away from a place."""
    return tuple(
        (
            minutes_of(request, hazard.starts),
            _FAR_FUTURE if hazard.ends is None else minutes_of(request, hazard.ends) + 1,
        )
        for hazard in hazards
        if place_id in hazard.places
    )


def _metres_from_lodging(request: TripRequest, found: PlaceFound) -> float:
    return distance_metres(request.lodging, found.place.position)


def _is_wanted(request: TripRequest, place: Place) -> bool:
    if place.id in request.avoided or place.id in request.underway.is_behind:
        return False
    if place.category in SERVICES and place.id not in request.underway.planned:
        return False
    if request.mobility is Mobility.WHEELCHAIR and may_have_steps(place):
        return False
    return not (request.with_children and is_too_hard_for_children(place))


def _candidate(
    request: TripRequest,
    found: PlaceFound,
    spans: Sequence[Span],
    hazards: Sequence[Hazard],
    *,
    is_must: bool,
) -> Candidate:
    first = request.first_midnight.date()
    hours = {
        span.number: visiting_hours(found, first + timedelta(days=span.number)) for span in spans
    }
    begins = unasked_from(request)
    windows = (
        ()
        if is_too_steep(request, found.place)
        else tuple(
            (opens + number * DAY, closes + number * DAY)
            for number, of_day in hours.items()
            for opens, closes in (
                of_day.windows
                if is_must
                else unasked_windows(found, first + timedelta(days=number), of_day, begins)
            )
        )
    )
    minutes = visit_minutes(request, found.place)
    interest = _interest(request, found.place)
    return Candidate(
        found=found,
        minutes=minutes,
        prize=_prize(request, found, hours, minutes, interest),
        interest=interest,
        is_must=is_must,
        is_kept=found.place.id in request.underway.planned,
        hours=hours,
        windows=without(windows, barred_windows(request, found.place.id, hazards)),
    )


def _interest(request: TripRequest, place: Place) -> Interest | None:
    answering = (it for it in Interest if it in request.interests and place.category in KINDS[it])
    return next(answering, None)


def _prize(
    request: TripRequest,
    found: PlaceFound,
    hours: dict[int, VisitingHours],
    minutes: int,
    interest: Interest | None,
) -> int:
    worth = _WORTH[found.place.confidence] * min(2.0, max(0.7, sqrt(minutes / 60)))
    if request.interests:
        worth *= _OF_NO_INTEREST if interest is None else _OF_INTEREST
    if any(of_day.market_day for of_day in hours.values()):
        worth *= _MARKET_DAY
    if found.place.id in request.underway.planned:
        worth += _KEPT
    return max(1, round(worth))


def _with_variety(chosen: Sequence[Candidate]) -> list[Candidate]:
    """Return them with less for each further one of a kind, except what was planned before."""
    seen: dict[PlaceCategory, int] = defaultdict(int)
    found: list[Candidate] = []
    for it in sorted(chosen, key=lambda it: (not it.is_must, -it.prize, it.place.id)):
        is_whole = it.is_must or it.is_kept
        share = 1.0 if is_whole else max(_AGAIN_AT_LEAST, _AGAIN ** seen[it.place.category])
        seen[it.place.category] += 1
        found.append(replace(it, prize=max(1, round(it.prize * share))))
    return sorted(found, key=lambda it: (not it.is_must, -it.prize, it.place.id))
