"""Whatever is broken, newcomers of everything else are told."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from api.alerts import newcomers as looks
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.notices import audience_of
from api.alerts.repository import ALERTS
from api.alerts.stays.expected import ExpectedGuests
from api.kit.area import Area
from notifications.audience import Selection
from notifications.device_repository import DEVICES
from notifications.devices import Device
from notifications.fan_outs import FAN_OUTS
from notifications.notice import Audience
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import SA_PA, alert, info
from tests.alerts.test_newcomers import comes, titles, warned

SLIDE = alert(info(event="Sạt lở"), identifier="slide-1")


async def two_hold(door: Door, phones: Phones) -> None:
    await warned(door, phones)
    await warned(door, phones, SLIDE)


async def test_one_notice_that_breaks_keeps_no_other_back_and_is_made_up_for(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_hold(door, phones)
    includes, broken = Selection.includes, list[Selection]()

    def breaks_for_the_first(self: Selection, device: Device) -> bool:
        broken.append(self)
        if self is broken[0]:
            raise ArithmeticError
        return includes(self, device)

    with monkeypatch.context() as patched:
        patched.setattr(Selection, "includes", breaks_for_the_first)
        await comes(phones, "traveller", SA_PA)
        meanwhile = await titles(phones, "traveller")

    assert len(meanwhile) == 1
    assert sorted(await titles(phones, "traveller", seconds=600)) == ["Lũ quét", "Sạt lở"]


@pytest.mark.parametrize("fails_at", ["the question", "an answer"])
async def test_sources_that_break_keep_nobody_back_who_was_met_by_position(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    await two_hold(door, phones)

    async def persons_in(*_: Any) -> AsyncGenerator[str]:  # noqa: ANN401
        if fails_at == "an answer":
            yield "somebody"
        raise ArithmeticError

    monkeypatch.setattr(ExpectedGuests, "persons_in", persons_in)
    await comes(phones, "traveller", SA_PA)

    assert sorted(await titles(phones, "traveller")) == ["Lũ quét", "Sạt lở"]


async def test_an_alert_that_is_not_as_it_was_written_keeps_no_other_back(
    door: Door, phones: Phones
) -> None:
    await two_hold(door, phones)
    await phones.store[ALERTS].update_one({"identifier": "slide-1"}, {"$unset": {"sender": None}})

    await comes(phones, "traveller", SA_PA)

    assert await titles(phones, "traveller") == ["Lũ quét"]


async def test_a_fan_out_that_cannot_be_read_keeps_no_other_back(
    door: Door, phones: Phones
) -> None:
    await warned(door, phones, SLIDE)
    await phones.store[FAN_OUTS].update_many({}, {"$unset": {"cursor": None}})
    await warned(door, phones)

    await comes(phones, "traveller", SA_PA)

    assert await titles(phones, "traveller") == ["Lũ quét"]


async def test_an_audience_that_cannot_be_worked_out_keeps_no_other_back(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_for_slides(bulletin: Bulletin, communes: Communes) -> Audience:
        if bulletin.infos[0].event == "Sạt lở":
            raise ArithmeticError
        return audience_of(bulletin, communes)

    monkeypatch.setattr(looks, "audience_of", breaks_for_slides)
    await two_hold(door, phones)
    await comes(phones, "traveller", SA_PA)

    assert await titles(phones, "traveller") == ["Lũ quét"]


def cannot_be_read(phones: Phones, name: str) -> Any:  # noqa: ANN401
    return phones.store[DEVICES].update_one({"_id": name}, {"$set": {"platform": "typewriter"}})


def cannot_be_judged(phones: Phones, name: str) -> Any:  # noqa: ANN401
    return phones.store[DEVICES].update_one({"_id": name}, {"$set": {"cell": "no cell"}})


@pytest.mark.parametrize("breaks", [cannot_be_read, cannot_be_judged])
async def test_devices_that_are_broken_keep_no_others_back(
    door: Door,
    phones: Phones,
    monkeypatch: pytest.MonkeyPatch,
    breaks: Callable[[Phones, str], Any],
) -> None:
    monkeypatch.setattr("notifications.newcomers.PAGE_SIZE", 2)
    await warned(door, phones)
    names = [f"traveller-{number}" for number in range(7)]
    for name in names:
        await comes(phones, name, SA_PA)
    for name in (*names[:3], names[4]):
        await breaks(phones, name)

    told = [await titles(phones, name) for name in names]

    assert told == [[], [], [], ["Lũ quét"], [], ["Lũ quét"], ["Lũ quét"]]


async def test_who_is_there_is_told_though_it_cannot_be_said_whether_they_likely_are(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> bool:
        raise ArithmeticError

    monkeypatch.setattr(Selection, "is_likely_outside", breaks)
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)

    assert await titles(phones, "traveller") == ["Lũ quét"]
    assert await titles(phones, "traveller") == ["Lũ quét"]


async def test_an_area_that_breaks_is_not_noted_as_met(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)

    def breaks(*_: object) -> bool:
        raise ArithmeticError

    with monkeypatch.context() as patched:
        patched.setattr(Area, "touches_cell", breaks)
        await comes(phones, "traveller", SA_PA)
        assert await titles(phones, "traveller") == []

    assert await titles(phones, "traveller", seconds=600) == ["Lũ quét"]
