"""Which places and roads were kept out of a plan by warnings and closures, and why."""

from collections.abc import Iterator
from dataclasses import replace

from api.guide.planner.day_layout import fitted
from api.guide.planner.hazards import BarCode, Hazard
from api.guide.planner.preparation import Trip
from api.guide.planner.routing_problem import NO_RESTS
from api.guide.planner.told import Told
from api.guide.planner.trip_days import moment_of
from api.guide.planner.trip_plan import LeftOut
from api.kit.errors import N_

PLACES_TOLD_AT_MOST = 50
"""Of a warning over the whole province, those that are worth most are told."""

ROAD_CLOSED = Told(
    BarCode.ROAD_CLOSED, N_("No open road leads there in time, because of a warning or a closure.")
)


def left_out_of(trip: Trip) -> tuple[LeftOut, ...]:
    """Return the barred roads, then the places, those first that are worth most."""
    return (*_roads(trip), *list(_places(trip))[:PLACES_TOLD_AT_MOST])


def barring(trip: Trip, place_id: str) -> Hazard | None:
    """Return what bars a place on some day of the trip, None for nothing."""
    return next((it for it in in_force(trip) if place_id in it.places), None)


def in_force(trip: Trip) -> Iterator[Hazard]:
    """Yield the hazards that hold at some time of some day."""
    for hazard in trip.hazards:
        if any(
            hazard.holds(moment_of(trip.request, it.starts), moment_of(trip.request, it.ends))
            for it in trip.spans
        ):
            yield hazard


def would_be_reached(trip: Trip, index: int) -> bool:
    """Tell whether a candidate could be visited if all roads were open."""
    unhindered = replace(trip.whole, matrices=(trip.unhindered.minutes,) * len(trip.whole.matrices))
    return any(fitted(unhindered, day, (index,), NO_RESTS) is not None for day in unhindered.days)


def _roads(trip: Trip) -> Iterator[LeftOut]:
    for hazard in in_force(trip):
        for road in sorted(hazard.roads):
            yield LeftOut(
                hazard.why, None, road, hazard.alert_id, hazard.closure_id, hazard.road_event_id
            )


def _places(trip: Trip) -> Iterator[LeftOut]:
    if not trip.hazards:
        return
    for index, candidate in enumerate(trip.candidates):
        if trip.days_alone(index):
            continue
        hazard = barring(trip, candidate.place.id)
        if hazard is not None:
            yield LeftOut(hazard.why, candidate.found, None, hazard.alert_id, hazard.closure_id)
        elif would_be_reached(trip, index):
            yield LeftOut(ROAD_CLOSED, candidate.found, None, None, None)
