"""From a request to a problem in numbers: days, candidates, travel times, and what cannot be reached."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from api.guide.planner.candidates import Candidate, candidates_of
from api.guide.planner.day_layout import fitted, longest_alone
from api.guide.planner.hazards import Hazard
from api.guide.planner.road_graph import RoadGraph
from api.guide.planner.routing_problem import NO_RESTS, Day, RoutingProblem, Stop
from api.guide.planner.timetable import Item, laid_out
from api.guide.planner.travel_times import DRIVE_AT_MOST, TravelTimes, travel_times
from api.guide.planner.trip_days import Span, moment_of, rests_of, spans_of
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import VEHICLES
from api.kit.geo import Position
from api.tourism.place_lists import PlaceFound

LODGING, BEGINNING, END = 0, 1, 2
"""The points that are no places to visit; candidate `index` has the point `FIRST_STOP + index`."""
FIRST_STOP = 3

CANDIDATES_AT_MOST = 70
CANDIDATES_A_DAY = 20
SOLUTIONS = 120
"""The solver stops after this many by the number of days, and after some in any case: the same everywhere."""

SOLUTIONS_AT_LEAST = 60
SECONDS_AT_MOST = 3.0
HURRIED_SECONDS_AT_MOST = 0.7
"""The assistant has four seconds for everything, and a search may have several rounds."""
_REST_PERCENT = {180: 9, 120: 18}

Times = Callable[[Sequence[Position], frozenset[str]], TravelTimes]
"""Tells the times between points when these stretches are closed."""


@dataclass(frozen=True)
class Trip:
    """All that is known before the solver is asked. `reachable`: indexes of the candidates it is asked of.

    `times`: by the number of the matrix of a day; `at_once`: for who leaves when the trip begins.
    """

    request: TripRequest
    hazards: tuple[Hazard, ...]
    spans: tuple[Span, ...]
    candidates: tuple[Candidate, ...]
    times: tuple[TravelTimes, ...]
    at_once: TravelTimes
    unhindered: TravelTimes
    whole: RoutingProblem
    """With a stop for every candidate, at the same index."""

    _days_alone: dict[int, tuple[int, ...]] = field(
        init=False, default_factory=dict[int, tuple[int, ...]], repr=False, compare=False
    )

    @cached_property
    def reachable(self) -> tuple[int, ...]:
        """The candidates that can be visited when nothing else is: the most promising, musts first."""
        most = max(CANDIDATES_AT_MOST, CANDIDATES_A_DAY * len(self.spans))
        alone = [index for index in range(len(self.candidates)) if self.days_alone(index)]
        musts = [index for index in alone if self.candidates[index].is_must]
        kept = [index for index in alone if self.candidates[index].is_kept]
        others = [it for it in alone if it not in {*musts, *kept}]
        return tuple(sorted({*musts, *kept, *sorted(others, key=self._promise)[:most]}))

    @cached_property
    def problem(self) -> RoutingProblem:
        """What the solver is asked: only of what can be reached."""
        points = [LODGING, BEGINNING, END, *(FIRST_STOP + index for index in self.reachable)]
        return replace(
            self.whole,
            stops=tuple(
                replace(self.whole.stops[index], point=FIRST_STOP + order)
                for order, index in enumerate(self.reachable)
            ),
            matrices=tuple(
                tuple(
                    tuple(row[point] for point in points) for row in (matrix[it] for it in points)
                )
                for matrix in self.whole.matrices
            ),
        )

    def days_alone(self, index: int) -> tuple[int, ...]:
        """Return on which days a candidate can be visited when nothing else is, if need be shortened."""
        if index not in self._days_alone:
            shortest = {index: self.whole.stops[index].shortest}
            self._days_alone[index] = tuple(
                number
                for number, day in enumerate(self.whole.days)
                if laid_out(self.whole, day, (index,), NO_RESTS, shortest) is not None
            )
        return self._days_alone[index]

    def is_whole_alone(self, index: int) -> bool:
        """Tell whether a candidate can be visited for its usual time when nothing else is."""
        return any(
            laid_out(self.whole, self.whole.days[number], (index,), NO_RESTS) is not None
            for number in self.days_alone(index)
        )

    def _promise(self, index: int) -> tuple[float, str]:
        """Order by prize for the time that it takes alone, most first."""
        candidate, point = self.candidates[index], FIRST_STOP + index
        way = min(matrix[BEGINNING][point] + matrix[point][END] for matrix in self.whole.matrices)
        return (-candidate.prize / (candidate.minutes + way), candidate.place.id)


def prepared(
    request: TripRequest, places: Sequence[PlaceFound], hazards: Sequence[Hazard], times: Times
) -> Trip:
    """Return the trip; a day is made longer where a must is possible on it only so. Takes up to 0.3 s."""
    trip = _trip(request, places, hazards, times, spans_of(request))
    late = {
        it.place.id: bool(trip.days_alone(index))
        for index, it in enumerate(trip.candidates)
        if it.is_must and not trip.is_whole_alone(index)
    }
    if late:
        wide = _trip(request, places, hazards, times, spans_of(request, widened=True))
        spans = _stretched(trip, wide, late)
        if spans != trip.spans:
            trip = _trip(request, places, hazards, times, spans)
    return _with_stays_alone(trip)


def model_times(graph: RoadGraph, request: TripRequest) -> Times:
    """Return times by the model of the roads, each set of closed stretches worked out once."""
    known: dict[frozenset[str], TravelTimes] = {}

    def times(points: Sequence[Position], closed: frozenset[str]) -> TravelTimes:
        if closed not in known or len(known[closed].minutes) != len(points):
            known[closed] = travel_times(graph, points, VEHICLES[request.mobility], closed)
        return known[closed]

    return times


def _with_stays_alone(trip: Trip) -> Trip:
    """Return the trip with the visits shortened that would not fit at their usual length even alone."""
    stops = list(trip.whole.stops)
    for index, stop in enumerate(stops):
        days = trip.days_alone(index)
        if days and not trip.is_whole_alone(index):
            most = max(longest_alone(trip.whole, trip.whole.days[it], index) for it in days)
            prize = max(1, stop.prize * most // stop.minutes)
            stops[index] = replace(stop, minutes=most, prize=prize)
    return replace(trip, whole=replace(trip.whole, stops=tuple(stops)))


def _stretched(trip: Trip, wide: Trip, late: Mapping[str, bool]) -> tuple[Span, ...]:
    """Return the days, those longer on which a late must is possible only in a longer one.

    `late`: whether it is possible shortened in the days as they are; then a day is made longer only for the whole.
    """
    spans = {span.number: span for span in trip.spans}
    for index, candidate in enumerate(wide.candidates):
        is_possible_short = late.get(candidate.place.id)
        if is_possible_short is None or (is_possible_short and not wide.is_whole_alone(index)):
            continue
        fitting = ((it, _alone(wide, index, it)) for it in wide.days_alone(index))
        days = sorted(fitting, key=lambda it: -_visited_minutes(it[1]))
        if not days:
            continue
        day, items = days[0]
        number = wide.spans[day].number
        span = spans.get(number, Span(number, items[0].starts, items[-1].ends))
        spans[number] = Span(
            number, min(span.starts, items[0].starts), max(span.ends, items[-1].ends)
        )
    return tuple(spans[number] for number in sorted(spans))


def _alone(trip: Trip, index: int, day: int) -> tuple[Item, ...]:
    return fitted(trip.whole, trip.whole.days[day], (index,), NO_RESTS) or ()


def _visited_minutes(items: Sequence[Item]) -> int:
    return sum(item.minutes for item in items if item.stop is not None)


def _trip(
    request: TripRequest,
    places: Sequence[PlaceFound],
    hazards: Sequence[Hazard],
    times: Times,
    spans: Sequence[Span],
) -> Trip:
    candidates = tuple(candidates_of(request, places, spans, hazards))
    points = [
        request.lodging,
        request.begins_at,
        request.ends_at,
        *(candidate.place.position for candidate in candidates),
    ]
    closed = [_closed(request, span, hazards) for span in spans]
    matrices = list(dict.fromkeys(closed)) or [frozenset[str]()]
    known = tuple(times(points, it) for it in matrices)
    whole = RoutingProblem(
        stops=tuple(_stop(index, candidate) for index, candidate in enumerate(candidates)),
        days=tuple(
            _day(span, spans, matrices.index(it)) for span, it in zip(spans, closed, strict=True)
        ),
        matrices=tuple(it.minutes for it in known),
        rest_percent=_REST_PERCENT[rests_of(request).after],
        solutions_at_most=max(SOLUTIONS_AT_LEAST, SOLUTIONS // max(1, len(spans))),
        seconds_at_most=HURRIED_SECONDS_AT_MOST if request.is_hurried else SECONDS_AT_MOST,
        rests=rests_of(request),
    )
    soon = request.starts + timedelta(minutes=DRIVE_AT_MOST)
    return Trip(
        request,
        tuple(hazards),
        tuple(spans),
        candidates,
        known,
        at_once=times(points, _closed_between(request.starts, soon, hazards)),
        unhindered=times(points, frozenset()),
        whole=whole,
    )


def _closed(request: TripRequest, span: Span, hazards: Sequence[Hazard]) -> frozenset[str]:
    """Return the stretches that are closed at some time of a day: then nobody is sent there on it."""
    starts, ends = moment_of(request, span.starts), moment_of(request, span.ends)
    return _closed_between(starts, ends, hazards)


def _closed_between(starts: datetime, ends: datetime, hazards: Sequence[Hazard]) -> frozenset[str]:
    barring = (hazard for hazard in hazards if hazard.holds(starts, ends))
    return frozenset(stretch for hazard in barring for stretch in hazard.stretches)


def _stop(index: int, candidate: Candidate) -> Stop:
    return Stop(
        FIRST_STOP + index,
        candidate.minutes,
        candidate.windows,
        candidate.prize,
        candidate.is_must,
        candidate.holds_meal,
        candidate.least,
        candidate.is_kept,
    )


def _day(span: Span, spans: Sequence[Span], matrix: int) -> Day:
    return Day(
        span.starts,
        span.ends,
        BEGINNING if span.number == 0 else LODGING,
        END if span is spans[-1] else LODGING,
        matrix,
        span.meals,
    )
