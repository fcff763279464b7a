"""What can be instead of a trip that cannot: always something that works when it is asked for."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.accounts.people import SignedInPerson
from tests.alerts.conftest import Door
from tests.alerts.messages import alert, area, info, polygon
from tests.conftest import MovableClock
from tests.guide.planner.trips import (
    AT_BAC_HA,
    AT_SA_PA,
    SATURDAY,
    SUNDAY,
    a_trip,
    places,
    planned,
    refused,
    replanned,
)
from tests.tourism.closures.ways_to_close import closed

pytestmark = pytest.mark.usefixtures("province")

ALL_OF_THE_PROVINCE = area(polygon("21,103 21,106 23,106 23,103 21,103"))


async def replanned_at(
    client: httpx.AsyncClient, hour: int, trip: dict[str, Any], clock: MovableClock
) -> dict[str, Any]:
    """Return what becomes, at an hour of Saturday in the province, of a trip of who is at Bắc Hà and stays in Sa Pa."""
    clock.now = datetime(2026, 5, 2, hour - 7, tzinfo=UTC)
    return await replanned(client, {"trip": trip, "position": AT_BAC_HA, "planned": []})


def ways(plan: dict[str, Any]) -> list[str]:
    return [item["kind"] for day in plan["days"] for item in day["items"]]


async def test_who_is_late_is_told_the_way_back_and_a_trip_that_works(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    today = a_trip(end=f"{SATURDAY}T20:00:00+07:00")

    refusal = await replanned_at(client, 19, today, clock)

    nearest = refusal["nearest"]
    assert refusal["code"] == "NOTHING_POSSIBLE"
    assert ways(nearest["plan"]) == ["TRAVEL"]
    (home,) = nearest["plan"]["days"][0]["items"]
    assert home["starts"] == f"{SATURDAY}T19:00:00+07:00"
    assert "QL4D" in home["roads"]
    assert nearest["starts"] is not None
    assert places(await planned(client, start=nearest["starts"], end=nearest["ends"]))


async def test_a_must_for_which_it_is_too_late_names_a_day_that_works(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    today = a_trip(end=f"{SATURDAY}T20:00:00+07:00", must=["P065"])  # Cán Cấu: on Saturday mornings

    refusal = await replanned_at(client, 19, today, clock)

    nearest = refusal["nearest"]
    assert refusal["code"] == "MUSTS_NOT_POSSIBLE"
    assert ways(nearest["plan"]) == ["TRAVEL"]
    assert nearest["starts"].startswith("2026-05-09T")
    assert nearest["without"] == []
    times = {"start": nearest["starts"], "end": nearest["ends"]}
    assert "P065" in places(await planned(client, must=["P065"], **times))


async def test_a_night_before_another_day_begins_with_the_way_back(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    answer = await replanned_at(client, 20, a_trip(), clock)

    saturday, sunday = answer["days"]
    assert [item["kind"] for item in saturday["items"]] == ["TRAVEL"]
    assert "VISIT" in [item["kind"] for item in sunday["items"]]


async def test_who_cannot_go_back_is_told_so(
    client: httpx.AsyncClient, editor: SignedInPerson, clock: MovableClock
) -> None:
    for road in ("QL4D", "ĐT.152", "Đèo Ô Quý Hồ", "ĐT.155"):
        await closed(client, editor, wayId=road)

    answer = await replanned_at(client, 20, a_trip(), clock)

    told = answer["notes"] if "notes" in answer else answer["nearest"]["plan"]["notes"]
    assert "NO_WAY_BACK" in [note["code"] for note in told]


async def test_what_is_dropped_for_the_nearest_plan_is_named(client: httpx.AsyncClient) -> None:
    refusal = await refused(client, must=["P060", "P003"])  # Cốc Ly: on Tuesdays

    assert refusal["nearest"]["without"] == ["P060"]
    assert "P003" in places(refusal["nearest"]["plan"])


async def test_under_a_warning_everywhere_the_nearest_trip_begins_after_it(
    client: httpx.AsyncClient, door: Door
) -> None:
    block = info("en", areas=ALL_OF_THE_PROVINCE, expires="2026-05-04T06:00:00+07:00")
    await door.accepts(alert(block))

    refusal = await refused(client, must=["P003"])

    nearest = refusal["nearest"]
    assert refusal["code"] == "MUSTS_NOT_POSSIBLE"
    assert (nearest["starts"], nearest["without"]) == ("2026-05-04T06:00:00+07:00", [])
    assert "P003" in places(
        await planned(client, must=["P003"], start=nearest["starts"], end=nearest["ends"])
    )


@pytest.mark.parametrize(
    ("start", "end", "nearest"),
    [
        ("08:00", f"{SATURDAY}T08:30:00+07:00", f"{SATURDAY}T09:00:00+07:00"),
        ("21:30", f"{SATURDAY}T22:00:00+07:00", f"{SUNDAY}T08:30:00+07:00"),
    ],
)
async def test_a_trip_that_is_too_short_is_made_longer_by_what_it_lacks(
    client: httpx.AsyncClient, start: str, end: str, nearest: str
) -> None:
    refusal = await refused(client, start=f"{SATURDAY}T{start}:00+07:00", end=end)

    assert refusal["code"] == "TRIP_TOO_SHORT"
    assert refusal["nearest"]["ends"] == nearest


async def test_the_earliest_beginning_is_told_by_the_clocks_of_the_province(
    client: httpx.AsyncClient,
) -> None:
    refusal = await refused(client, start="2026-04-30T08:00:00+07:00")

    assert refusal["nearest"]["starts"] == "2026-05-01T16:30:00+07:00"


async def test_who_stays_where_they_are_needs_no_way_back(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    clock.now = datetime(2026, 5, 2, 12, tzinfo=UTC)
    today = a_trip(end=f"{SATURDAY}T19:30:00+07:00")

    refusal = await replanned(client, {"trip": today, "position": AT_SA_PA, "planned": []})

    assert refusal["nearest"]["plan"] is None
    assert refusal["nearest"]["starts"] is not None
