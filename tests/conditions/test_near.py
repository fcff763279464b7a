"""What people see of the stations around them: with age, source and words."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.conditions.near.words import AIR_WORDS, FLOOD_WORDS, AirBand, FloodAlarm
from api.conditions.stations.measures import SCALES, StationKind
from api.conditions.stations.shipped import shipped_stations
from api.conditions.stations.station import Station
from api.context import Services
from api.kit.geo import Position
from tests.conditions.conftest import StationDoor
from tests.conditions.stations import NEAR_RIVER, RIVER, WEATHER, near
from tests.conftest import send, send_raw


@pytest.mark.parametrize(
    ("index", "band"),
    [
        (0, AirBand.GOOD),
        (50, AirBand.GOOD),
        (50.4, AirBand.GOOD),
        (50.5, AirBand.MODERATE),
        (100, AirBand.MODERATE),
        (101, AirBand.UNHEALTHY_FOR_SENSITIVE_GROUPS),
        (150, AirBand.UNHEALTHY_FOR_SENSITIVE_GROUPS),
        (151, AirBand.UNHEALTHY),
        (201, AirBand.VERY_UNHEALTHY),
        (301, AirBand.HAZARDOUS),
        (500, AirBand.HAZARDOUS),
    ],
)
def test_the_bands_of_the_air(index: float, band: AirBand) -> None:
    assert AirBand.of(index) is band
    assert band in AIR_WORDS


@pytest.mark.parametrize(
    ("level", "alarm"),
    [
        (79.99, FloodAlarm.BELOW_1),
        (80.0, FloodAlarm.ABOVE_1),
        (82.0, FloodAlarm.ABOVE_2),
        (83.49, FloodAlarm.ABOVE_2),
        (83.5, FloodAlarm.ABOVE_3),
        (86.91, FloodAlarm.ABOVE_3),
    ],
)
def test_a_river_against_its_alarm_levels(level: float, alarm: FloodAlarm) -> None:
    assert FloodAlarm.of(level, shipped_stations()[RIVER].alarm_levels) is alarm
    assert alarm in FLOOD_WORDS


def test_every_kind_of_station_is_measured_by_something() -> None:
    assert {it.kind for it in SCALES.values()} == set(StationKind)


async def test_a_river_is_told_with_its_age_and_source(
    door: StationDoor, client: httpx.AsyncClient
) -> None:
    await door.take(door.item(82.3, minutes_ago=15))

    river = (await near(client, NEAR_RIVER))["river"]

    assert river["alarm"] == "ABOVE_2"
    assert river["words"] == "At or above flood alarm 2: a dangerous flood"
    assert river["near"]["station"]["source"] == "Đài Khí tượng Thủy văn tỉnh Lào Cai"
    assert river["near"]["readings"] == [
        {
            "measure": "WATER_LEVEL",
            "state": "KNOWN",
            "value": 82.3,
            "unit": "MTR",
            "observedAt": (door.clock() - timedelta(minutes=15)).isoformat(),
            "age": 900,
        }
    ]


async def test_what_is_stale_is_unknown(door: StationDoor, client: httpx.AsyncClient) -> None:
    await door.take(door.item(82.3, minutes_ago=121))

    river = (await near(client, NEAR_RIVER))["river"]

    assert (river["alarm"], river["words"]) == (None, "Not known right now")
    assert river["near"]["readings"][0]["state"] == "UNKNOWN"


async def test_the_nearest_that_says_anything_goes_before(
    door: StationDoor, client: httpx.AsyncClient
) -> None:
    await door.take(
        door.item(20.0, station="khi-tuong.sa-pa", measure="temperature"),
        door.item(25.0, station=WEATHER, measure="temperature", minutes_ago=200),
    )

    weather = (await near(client, NEAR_RIVER))["weather"]

    assert weather["station"]["id"] == "khi-tuong.sa-pa"


async def test_far_from_every_station_nothing_is_said(
    door: StationDoor, client: httpx.AsyncClient
) -> None:
    assert await near(client, {"latitude": 10.0, "longitude": 106.0}) == {
        "weather": None,
        "river": None,
        "air": None,
        "parking": [],
    }


async def test_air_and_parking(
    door: StationDoor, client: httpx.AsyncClient, services: Services
) -> None:
    where = Position(22.501, 103.967)
    source = "Sở Nông nghiệp và Môi trường"
    for station in (
        Station("thuy-van.khi", StationKind.AIR, {"vi": "Trạm khí"}, where, source),
        Station("thuy-van.xe", StationKind.PARKING, {"vi": "Bãi xe"}, where, source, spaces=40),
    ):
        await services.conditions.stations.add(station)
    await door.take(
        door.item(155, station="thuy-van.khi", measure="air_quality_index"),
        door.item(7, station="thuy-van.xe", measure="free_spaces"),
    )

    found = await near(client, NEAR_RIVER)

    assert (found["air"]["band"], found["air"]["words"]) == ("UNHEALTHY", "Unhealthy air")
    (parking,) = found["parking"]
    assert (parking["station"]["spaces"], parking["readings"][0]["value"]) == (40, 7.0)


def asked(door: StationDoor, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "stationId": RIVER,
        "measure": "WATER_LEVEL",
        "from": door.clock.after(-3 * 3600).isoformat(),
        "to": door.clock.after(1).isoformat(),
        **changes,
    }


async def test_what_was_observed_before(door: StationDoor, client: httpx.AsyncClient) -> None:
    await door.take(
        door.item(80.0, minutes_ago=90), door.item(82.0), door.item(81.0, minutes_ago=5)
    )

    values = (await send(client, "conditions/Observations", asked(door)))["observations"]
    hours = (await send(client, "conditions/Observations", asked(door, byHour=True)))[
        "observations"
    ]

    assert [it["value"] for it in values["values"]] == [80.0, 81.0, 82.0]
    assert (values["isWhole"], values["unit"], values["hours"]) == (True, "MTR", [])
    assert hours["hours"] == [
        {
            "hour": "2026-05-01T08:00:00+00:00",
            "least": 80.0,
            "most": 80.0,
            "mean": 80.0,
            "count": 1,
        },
        {
            "hour": "2026-05-01T09:00:00+00:00",
            "least": 81.0,
            "most": 82.0,
            "mean": 81.5,
            "count": 2,
        },
    ]


async def test_a_period_that_is_too_long_is_refused(
    door: StationDoor, client: httpx.AsyncClient
) -> None:
    long_ago = door.clock.after(-32 * 86_400).isoformat()

    reply = await send_raw(client, "conditions/Observations", asked(door, **{"from": long_ago}))

    assert reply.json()["errors"][0]["extensions"]["code"] == "INVALID_PERIOD"
