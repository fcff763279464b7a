"""One device that is not as it was written keeps nobody else unwarned, by whichever way they are found."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.device_repository import DEVICES, DeviceRepository
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import SA_PA_CODE, alert, info
from tests.notifications.factories import LONG_AGO, a_device, put

BROKEN = {
    "kind": {"platform": "typewriter"},
    "cell": {"cell": "no cell"},
    "cell of another size": {"cell": "8541592bfffffff"},
    "moment of the cell": {"position_observed_at": None},
    "exact": {"exact.latitude": "north"},
    "off the earth": {"exact.latitude": 200},
    "accuracy": {"exact.accuracy_metres": "good"},
    "too little accuracy": {"exact.accuracy_metres": 201},
    "too much accuracy": {"exact.accuracy_metres": -1},
    "moment": {"exact.observed_at": "noon"},
    "moment of nobody": {"position_observed_at": datetime(2300, 1, 1, tzinfo=UTC)},
    "homes": {"home_communes": [SA_PA_CODE, 88]},
    "renewals": {"renewals": "many"},
}


@pytest.mark.parametrize("fields", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("is_indexed", [False, True])
@pytest.mark.parametrize("has_just_changed", [False, True])
async def test_a_fan_out_goes_round_it(
    door: Door, phones: Phones, fields: dict[str, Any], is_indexed: bool, has_just_changed: bool
) -> None:
    now = phones.clock()
    changed_at = now if has_just_changed else LONG_AGO
    at_home, broken, there = (
        a_device(homes=homes, accuracy=10, observed_at=now, updated_at=changed_at)
        for homes in ([SA_PA_CODE], [SA_PA_CODE], [])
    )
    await put(phones.store, at_home, broken, there)
    await phones.store[DEVICES].update_one({"_id": broken.id}, {"$set": fields})
    if is_indexed:
        await phones.services.notifications.index.keep_up()

    await door.accepts(alert(info()))

    assert await phones.names() == {at_home.id, there.id}


@pytest.mark.parametrize("latitude", ["22.336417N", 122.336417])
async def test_where_it_is_is_not_logged(
    phones: Phones, capsys: pytest.CaptureFixture[str], latitude: object
) -> None:
    await put(phones.store, a_device(id="broken", accuracy=10))
    fields = {"exact.latitude": latitude}
    await phones.store[DEVICES].update_one({"_id": "broken"}, {"$set": fields})
    capsys.readouterr()

    found = await DeviceRepository(phones.store).get_many(["broken"])

    written = capsys.readouterr().out
    assert found == {}
    assert "document not read" in written
    assert "ValueError" in written
    assert "336417" not in written
