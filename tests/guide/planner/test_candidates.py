"""Which places are considered where there are very many."""

from datetime import UTC, datetime, timedelta

from api.guide.planner.candidates import CONSIDERED_AT_MOST, candidates_of
from api.guide.planner.trip_days import spans_of
from api.guide.planner.trip_request import TripRequest
from api.kit.geo import Position
from api.tourism.place_lists import PlaceFound
from tests.tourism.content import SA_PA, a_place

MORNING = datetime(2026, 5, 2, 1, tzinfo=UTC)


def test_of_very_many_places_the_nearest_are_considered_and_what_was_asked_for() -> None:
    places = [
        PlaceFound(
            a_place(f"P{number}", position=Position(22.336 - number / 10_000, 103.842)),
            None,
            None,
            (),
        )
        for number in range(CONSIDERED_AT_MOST + 100)
    ]
    farthest = places[-1].place.id
    request = TripRequest(
        MORNING, MORNING + timedelta(hours=9), SA_PA, SA_PA, SA_PA, musts=(farthest,)
    )

    found = candidates_of(request, places, spans_of(request), ())

    nearest = {f"P{number}" for number in range(CONSIDERED_AT_MOST)}
    assert {it.place.id for it in found} == nearest | {farthest}
