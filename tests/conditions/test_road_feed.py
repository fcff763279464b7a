"""Events on the road as agencies' systems send them."""

import json
from typing import Any

import pytest

from api.conditions.roads.repository import ROAD_EVENTS
from api.context import Services
from api.kit.jobs import JOBS
from tests.conditions.conftest import StationDoor
from tests.conftest import NOW

PATH = "/v1/conditions/road-events"
AGENCY = "traffic-police"
LINE = [[103.85, 22.335], [103.86, 22.335]]


def a_feature(minutes: float = 0, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a closed stretch, last changed so many minutes after NOW."""
    moment = NOW.timestamp() + minutes * 60
    properties = {
        "kind": "roadClosed",
        "road": "QL4D",
        "updated": NOW.fromtimestamp(moment, NOW.tzinfo).isoformat(),
        **changes.pop("properties", {}),
    }
    geometry = {"type": "LineString", "coordinates": LINE}
    return {
        "type": "Feature",
        "id": "e1",
        "geometry": geometry,
        "properties": properties,
        **changes,
    }


@pytest.fixture
async def key(services: Services) -> str:
    new = await services.conditions.intake.keys.create("CSGT", [], AGENCY)
    return new.key


async def post(door: StationDoor, key: str, *features: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "FeatureCollection", "features": list(features)}
    answer = await door.post(json.dumps(body).encode(), PATH, "application/geo+json", key)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_feature_becomes_an_event_of_the_agency(
    door: StationDoor, services: Services, key: str
) -> None:
    answer = await post(door, key, a_feature())

    (event,) = await services.store[ROAD_EVENTS].find({})
    assert answer["items"] == [{"outcome": "ACCEPTED"}]
    assert (event["agency"], event["kind"], event["source"]) == (AGENCY, "closure", "CSGT")
    assert event["line"] == [[22.335, 103.85], [22.335, 103.86]]


async def test_the_same_again_and_what_is_older_change_nothing(
    door: StationDoor, services: Services, key: str
) -> None:
    await post(door, key, a_feature(properties={"kind": "fog"}))
    (before,) = await services.store[ROAD_EVENTS].find({})

    answer = await post(door, key, a_feature(properties={"kind": "fog"}), a_feature(-5))

    assert [it["outcome"] for it in answer["items"]] == ["KNOWN", "KNOWN"]
    assert await services.store[ROAD_EVENTS].find({}) == [before]
    assert await services.store[JOBS].count({"kind": "conditions.road_event"}) == 1


async def test_what_ended_stays_ended(door: StationDoor, services: Services, key: str) -> None:
    await post(door, key, a_feature())
    await post(door, key, a_feature(1, properties={"status": "ended"}))

    await post(door, key, a_feature(2))

    (event,) = await services.store[ROAD_EVENTS].find({})
    assert (event["ended_at"], event["until"]) == (NOW, NOW)


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        ({}, "INVALID_TIME"),
        (a_feature(6), "IN_THE_FUTURE"),
        (a_feature(id=7), "INVALID_ROAD_EVENT"),
        (a_feature(geometry=None), "INVALID_ROAD_EVENT"),
        (a_feature(geometry={"type": "Point", "coordinates": [0, 0]}), "INVALID_ROAD_EVENT"),
        (a_feature(geometry={"type": "Point", "coordinates": [1e400, 22]}), "INVALID_ROAD_EVENT"),
        (a_feature(geometry={"type": "Point", "coordinates": ["x"]}), "INVALID_ROAD_EVENT"),
        (
            a_feature(geometry={"type": "LineString", "coordinates": LINE * 101}),
            "INVALID_ROAD_EVENT",
        ),
        (a_feature(properties={"kind": "party"}), "INVALID_ROAD_EVENT"),
        (a_feature(properties={"kind": ["fog"]}), "INVALID_ROAD_EVENT"),
        (a_feature(properties={"road": 4}), "INVALID_ROAD_EVENT"),
        (a_feature(properties={"ends": "2026-05-01"}), "INVALID_TIME"),
        (a_feature(properties={"updated": "9999-12-31T23:59:59-14:00"}), "INVALID_TIME"),
        (a_feature(properties={"notes": {"en": "Closed"}}), "INVALID_TEXT"),
        (a_feature(properties={"notes": {"vi": 1}}), "INVALID_ROAD_EVENT"),
    ],
)
async def test_an_item_that_cannot_be_is_refused_by_itself(
    door: StationDoor, services: Services, key: str, feature: dict[str, Any], code: str
) -> None:
    text = json.dumps(feature).replace("Infinity", "1e400")
    body = f'{{"type": "FeatureCollection", "features": [{text}]}}'.encode()

    answer = await door.post(body, PATH, "application/json", key)

    assert answer.status_code == 200, answer.text
    assert answer.json()["items"] == [{"outcome": "REFUSED", "code": code}]
    assert await services.store[ROAD_EVENTS].count({}) == 0


async def test_a_key_of_stations_sends_no_road_events(
    door: StationDoor, services: Services
) -> None:
    body = {"type": "FeatureCollection", "features": [a_feature()]}

    answer = await door.post(json.dumps(body).encode(), PATH)

    assert (answer.status_code, answer.json()["code"]) == (403, "KEY_REFUSED")
    assert await services.store[ROAD_EVENTS].count({}) == 0
