"""One device that is not as it was written keeps nobody else unwarned, by whichever way they are found."""

from typing import Any

import pytest

from notifications.device_repository import DEVICES
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
    "moment": {"exact.observed_at": "noon"},
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
