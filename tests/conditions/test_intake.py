"""The doors for stations: who may, what is taken, and that the same again changes nothing."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from api.conditions.intake.rest import BYTES_AT_MOST
from api.conditions.readings.repository import HOURS, LATEST, OBSERVATIONS
from api.context import Services
from api.kit.store import Store
from tests.conditions.conftest import StationDoor
from tests.conditions.stations import RIVER, WEATHER


async def counts(store: Store) -> tuple[int, int, int]:
    return (
        await store[OBSERVATIONS].count({}),
        await store[LATEST].count({}),
        await store[HOURS].count({}),
    )


def row(door: StationDoor, **changes: Any) -> Mapping[str, Any]:  # noqa: ANN401
    said = {
        "station": RIVER,
        "property": "water_level",
        "value": 79.5,
        "unit": "MTR",
        "observedAt": door.clock().isoformat(),
    }
    return {**said, **changes}


def body(*rows: object) -> bytes:
    return json.dumps(rows).encode()


async def test_each_item_is_answered_by_itself(door: StationDoor, store: Store) -> None:
    reply = await door.post(body(row(door), row(door, property="smell"), row(door)))

    assert reply.status_code == 200
    assert reply.json() == {
        "accepted": 1,
        "known": 1,
        "refused": 1,
        "items": [
            {"outcome": "ACCEPTED"},
            {"outcome": "REFUSED", "code": "UNKNOWN_MEASURE"},
            {"outcome": "KNOWN"},
        ],
    }
    assert await counts(store) == (1, 1, 1)


async def test_the_same_delivery_again_changes_nothing(door: StationDoor, store: Store) -> None:
    await door.post(body(row(door)))
    before = await store[HOURS].find({})

    again = await door.post(body(row(door)))

    assert (again.json()["known"], again.json()["accepted"]) == (1, 0)
    assert await store[HOURS].find({}) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"station": "thuy-van.nowhere"}, "UNKNOWN_STATION"),
        ({"station": 7}, "UNKNOWN_STATION"),
        ({"station": None}, "UNKNOWN_STATION"),
        ({"property": ["water_level"]}, "UNKNOWN_MEASURE"),
        ({"value": "79.5"}, "INVALID_VALUE"),
        ({"value": True}, "INVALID_VALUE"),
        ({"value": None}, "INVALID_VALUE"),
        ({"value": 10**400}, "INVALID_VALUE"),
        ({"value": 1e300}, "INVALID_VALUE"),
        ({"value": 79.5, "unit": "CEL"}, "INVALID_UNIT"),
        ({"unit": {"a": 1}}, "INVALID_UNIT"),
        ({"observedAt": "2026-05-01T09:30:00"}, "INVALID_TIME"),
        ({"observedAt": "yesterday"}, "INVALID_TIME"),
        ({"observedAt": "0001-01-01T00:00:00+14:00"}, "INVALID_TIME"),
        ({"observedAt": "9999-12-31T23:59:59-14:00"}, "INVALID_TIME"),
        ({"observedAt": 1_777_627_800}, "INVALID_TIME"),
        ({"observedAt": "2026-05-01T09:35:01Z"}, "IN_THE_FUTURE"),
        ({"observedAt": "2026-04-01T09:29:59Z"}, "TOO_OLD"),
    ],
)
async def test_an_item_that_cannot_be_is_refused(
    door: StationDoor, store: Store, change: dict[str, Any], code: str
) -> None:
    reply = await door.post(body(row(door, **change)))

    assert reply.json()["items"] == [{"outcome": "REFUSED", "code": code}]
    assert await counts(store) == (0, 0, 0)


@pytest.mark.parametrize("moment", ["2026-05-01T09:35:00Z", "2026-04-01T16:30:00+07:00"])
async def test_the_edges_of_time_are_taken(door: StationDoor, moment: str) -> None:
    reply = await door.post(body(row(door, observedAt=moment)))

    assert reply.json()["accepted"] == 1


async def test_another_value_of_the_same_moment_is_refused(door: StationDoor, store: Store) -> None:
    await door.post(body(row(door)))

    reply = await door.post(body(row(door, value=81.0)))

    assert reply.json()["items"] == [{"outcome": "REFUSED", "code": "CONFLICTING_VALUE"}]
    (kept,) = await store[OBSERVATIONS].find({})
    assert kept["value"] == 79.5


async def test_a_delivery_that_repeats_and_contradicts_itself_is_kept_once(
    door: StationDoor, store: Store
) -> None:
    taken = await door.take(door.item(80.0), door.item(80.0), door.item(81.0))

    (hour,) = await store[HOURS].find({})
    assert [it.outcome.name for it in taken] == ["ACCEPTED", "KNOWN", "REFUSED"]
    assert (hour["sum"], hour["count"], hour["most"]) == (80.0, 1, 80.0)
    assert await store[OBSERVATIONS].count({}) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "NOT_READABLE"),
        (b'{"observations": 3}', 400, "NOT_READABLE"),
        (b'[{"value": NaN}]', 400, "NOT_READABLE"),
        (b"[" * 100_000, 400, "NOT_READABLE"),
        (b"\xff\xfe", 400, "NOT_READABLE"),
        (b"[" + b",".join([b"0"] * 1_001) + b"]", 413, "TOO_MANY_ITEMS"),
        (b" " * (BYTES_AT_MOST + 1), 413, "BODY_TOO_LARGE"),
    ],
    ids=["cut off", "no list", "NaN", "deep", "not UTF-8", "too many", "too large"],
)
async def test_a_hostile_delivery_is_refused_whole(
    door: StationDoor, store: Store, content: bytes, status: int, code: str
) -> None:
    reply = await door.post(content)

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert await counts(store) == (0, 0, 0)


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("", 401, "KEY_MISSING"), ("laocai-station.x.y", 403, "KEY_REFUSED")],
)
async def test_without_a_key_nothing_is_read(
    door: StationDoor, store: Store, key: str, status: int, code: str
) -> None:
    reply = await door.post(body(row(door)), key=key)

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert await counts(store) == (0, 0, 0)


async def test_a_revoked_key_opens_nothing(door: StationDoor, store: Store) -> None:
    await door.services.conditions.intake.keys.revoke(door.agency.key_id)

    reply = await door.post(body(row(door)))

    assert reply.json()["code"] == "KEY_REFUSED"
    assert await counts(store) == (0, 0, 0)


async def test_a_key_speaks_for_its_stations_only(door: StationDoor, services: Services) -> None:
    other = await services.conditions.intake.keys.create("Khác", ["khi-tuong."])

    reply = await door.post(body(row(door)), key=other.key)

    assert reply.json()["items"] == [{"outcome": "REFUSED", "code": "UNKNOWN_STATION"}]


async def test_csv_is_taken_line_by_line(door: StationDoor, store: Store) -> None:
    now = door.clock().isoformat()
    content = (
        "\ufeffstation,property,value,unit,observedAt\r\n"
        f"{RIVER},water_level,7950,CMT,{now}\r\n"
        f"{RIVER},water_level,much,,{now}\r\n"
    ).encode()

    reply = await door.post(content, media_type="text/csv; charset=utf-8")

    assert [it["outcome"] for it in reply.json()["items"]] == ["ACCEPTED", "REFUSED"]
    (kept,) = await store[OBSERVATIONS].find({})
    assert kept["value"] == 79.5


async def test_a_notification_gives_an_item_for_each_attribute_we_keep(
    door: StationDoor, store: Store
) -> None:
    now = door.clock()
    entity = {
        "id": f"urn:ngsi-ld:WeatherObserved:{WEATHER}",
        "type": "WeatherObserved",
        "dateObserved": {
            "type": "Property",
            "value": {"@type": "DateTime", "@value": now.isoformat()},
        },
        "temperature": {"type": "Property", "value": 21.5, "unitCode": "CEL"},
        "relativeHumidity": {"type": "Property", "value": 0.8},
        "precipitation": {
            "type": "Property",
            "value": 1.2,
            "unitCode": "CMT",
            "observedAt": (now - timedelta(minutes=5)).isoformat(),
        },
        "illuminance": {"type": "Property", "value": 1},
    }
    notification = {"id": "urn:n:1", "type": "Notification", "data": [entity]}

    reply = await door.post(
        json.dumps(notification).encode(), "/ngsi-ld/v1/notify", "application/ld+json"
    )

    assert reply.json()["accepted"] == 3
    kept = {it["measure"]: it["value"] for it in await store[OBSERVATIONS].find({})}
    assert kept == {"temperature": 21.5, "humidity": 80.0, "rainfall": 12.0}


@pytest.mark.parametrize(
    "sent",
    [[], {"type": "Notification"}, {"type": "Notification", "data": [1]}, {"data": []}],
)
async def test_what_is_no_notification_is_refused(door: StationDoor, sent: object) -> None:
    reply = await door.post(json.dumps(sent).encode(), "/ngsi-ld/v1/notify")

    assert (reply.status_code, reply.json()["code"]) == (400, "NOT_READABLE")


async def test_late_arrivals_count_in_their_hour_and_never_become_the_last(
    door: StationDoor, store: Store
) -> None:
    await door.take(door.item(80.0), door.item(79.0, minutes_ago=20))

    await door.take(door.item(78.0, minutes_ago=10), door.item(70.0, minutes_ago=90))

    (latest,) = await store[LATEST].find({})
    hours = await store[HOURS].find({}, sort=[("hour", 1)])
    assert latest["value"] == 80.0
    assert [(it["least"], it["most"], it["sum"], it["count"]) for it in hours] == [
        (70.0, 70.0, 70.0, 1),
        (78.0, 80.0, 237.0, 3),
    ]
