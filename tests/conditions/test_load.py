"""Large deliveries, and units that are easily mistaken."""

import json

import pytest

from api.conditions.readings.repository import OBSERVATIONS
from api.conditions.roads.repository import ROAD_EVENTS
from api.context import Services
from api.kit.store import Store
from tests.conditions.conftest import StationDoor
from tests.conditions.stations import RIVER, WEATHER
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("station", "measure", "value", "unit", "kept"),
    [
        (RIVER, "water_level", 80_000, "MMT", 80.0),
        (RIVER, "water_level", 8_000, "CMT", 80.0),
        (RIVER, "water_level", 80, "MTR", 80.0),
        (WEATHER, "rainfall", 6, "CMT", 60.0),
        (WEATHER, "rainfall", 60, None, 60.0),
    ],
)
async def test_a_value_is_kept_in_the_unit_of_its_measure(
    door: StationDoor,
    store: Store,
    station: str,
    measure: str,
    value: float,
    unit: str,
    kept: float,
) -> None:
    await door.take(door.item(value, station=station, measure=measure, unit=unit))

    (found,) = await store[OBSERVATIONS].find({})
    assert found["value"] == pytest.approx(kept, abs=1e-9)


async def test_metres_of_rain_are_refused_by_name(door: StationDoor, store: Store) -> None:
    (taken,) = await door.take(door.item(0.06, station=WEATHER, measure="rainfall", unit="MTR"))

    assert taken.problem is not None
    assert taken.problem.code.name == "INVALID_UNIT"
    assert await store[OBSERVATIONS].count({}) == 0


async def test_many_long_lines_outside_the_province_are_refused(
    door: StationDoor, services: Services
) -> None:
    new = await services.conditions.intake.keys.create("CSGT", [], "traffic-police")
    geometry = {"type": "LineString", "coordinates": [[100.5, 10.5]] * 50}
    properties = {"kind": "fog", "updated": NOW.isoformat()}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    features = [{**feature, "id": f"e{number}"} for number in range(200)]
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    assert len(body) < 1_048_576

    answer = await door.post(body, "/v1/conditions/road-events", "application/geo+json", new.key)

    assert answer.json()["refused"] == 200
    assert await services.store[ROAD_EVENTS].count({}) == 0
