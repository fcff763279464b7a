"""When days begin, and what nobody is sent to in the dark."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.guide.planner.trip_days import spans_of, unasked_from
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.visiting_hours import unasked_windows, visiting_hours
from api.guide.planner.wishes import Pace
from api.tourism.place_lists import PlaceFound
from api.tourism.records import PlaceCategory
from tests.guide.planner.test_properties import FRIDAY
from tests.guide.planner.trips import SATURDAY, planned, visits
from tests.tourism.content import SA_PA, a_place

IN_LUC_YEN = {"latitude": 22.100, "longitude": 104.720}
MIDSUMMER = date(2026, 6, 21)


def a_request(pace: Pace, begins: int, ends: int) -> TripRequest:
    """Return a trip on a Friday between two hours."""
    starts, until = (FRIDAY + timedelta(hours=hour) for hour in (begins, ends))
    return TripRequest(starts, until, SA_PA, SA_PA, SA_PA, pace=pace)


@pytest.mark.parametrize(
    ("pace", "minutes"), [(Pace.RELAXED, 510), (Pace.NORMAL, 450), (Pace.BUSY, 420)]
)
def test_a_day_begins_by_its_pace(pace: Pace, minutes: int) -> None:
    (span,) = spans_of(a_request(pace, 4, 20))

    assert span.starts == minutes


def test_who_has_only_the_early_morning_is_sent_out_early() -> None:
    request = a_request(Pace.NORMAL, 5, 7)

    (span,) = spans_of(request)

    assert (span.starts, span.ends, unasked_from(request)) == (300, 420, 300)


@pytest.mark.parametrize(
    ("category", "begins", "windows"),
    [
        (PlaceCategory.LANDMARK, 300, ((321, 1129),)),
        (PlaceCategory.LANDMARK, 450, ((450, 1129),)),
        (PlaceCategory.TEMPLE, 300, ((300, 1440),)),
    ],
)
def test_nobody_is_sent_to_the_open_air_in_the_dark(
    category: PlaceCategory, begins: int, windows: tuple[tuple[int, int], ...]
) -> None:
    found = PlaceFound(a_place("P1", category=category, opening_hours="24/7"), None, None, ())

    hours = visiting_hours(found, MIDSUMMER)

    assert unasked_windows(found, MIDSUMMER, hours, begins) == windows


@pytest.mark.usefixtures("province")
async def test_a_market_at_dawn_that_was_asked_for_makes_nothing_else_early(
    client: httpx.AsyncClient,
) -> None:
    times = {"start": f"{SATURDAY}T05:00:00+07:00", "end": f"{SATURDAY}T20:00:00+07:00"}
    from_afar: dict[str, Any] = {"from": IN_LUC_YEN}

    plan = await planned(client, must=["P112"], **times, **from_afar)

    market, *others = sorted(visits(plan), key=lambda it: it["starts"])
    assert market["place"]["id"] == "P112"
    assert market["ends"] <= f"{SATURDAY}T09:00:00+07:00"
    assert others
    half_past_seven = datetime.fromisoformat(f"{SATURDAY}T07:30:00+07:00")
    assert all(datetime.fromisoformat(it["starts"]) >= half_past_seven for it in others)
