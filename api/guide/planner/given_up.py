"""What was planned when the trip began and is in the plan no more, and why."""

from collections.abc import Iterator

from api.guide.planner.leaving_out import left_out_of
from api.guide.planner.preparation import Trip
from api.guide.planner.trip_plan import LeftOut
from api.guide.planner.unmet_musts import why_not


def given_up(trip: Trip, visited: set[str]) -> Iterator[LeftOut]:
    """Yield the places that were planned and are not visited, but for those that warnings and closures bar."""
    barred = {it.place.place.id for it in left_out_of(trip) if it.place}
    for index, candidate in enumerate(trip.candidates):
        if candidate.is_kept and candidate.place.id not in visited | barred:
            yield LeftOut(why_not(trip, index, visited).why, candidate.found, None, None, None)
