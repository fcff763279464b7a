"""An update makes a sound only for whoever has something new to know."""

import pytest

from notifications.notice import Notice
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import (
    AROUND_BAC_HA,
    BAC_HA,
    SA_PA,
    alert,
    area,
    info,
    polygon,
    reference,
)

LATER = "2026-05-01T16:10:00+07:00"
FIRST = alert(info(instruction="Lên chỗ cao."))


def update(block: str) -> bytes:
    return alert(block, identifier="flood-2", sent=LATER, msg_type="Update", references=reference())


SAME_ADVICE = update(info(instruction="Lên chỗ cao.", description="Nước đang lên."))


async def notices(phones: Phones, name: str) -> list[Notice]:
    """Deliver what is due, and return the notices that a phone got."""
    await phones.deliver()
    return [one.notice for one in phones.sender.sent if one.device.id == name]


async def test_whoever_has_the_warning_gets_the_update_without_a_sound(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone")
    await door.accepts(FIRST)
    await phones.deliver()

    await door.accepts(SAME_ADVICE)

    first, second = await notices(phones, "phone")
    assert (first.is_quiet, second.is_quiet) == (False, True)
    assert (first.overrides_quiet_hours, second.overrides_quiet_hours) == (True, False)
    assert first.thread == second.thread
    assert second.text_for("vi")[1].body == "Lên chỗ cao.\nNước đang lên."


async def test_whoever_is_new_in_the_area_gets_the_update_aloud(door: Door, phones: Phones) -> None:
    await phones.add("phone")
    await phones.add("newcomer", BAC_HA)
    await door.accepts(FIRST)
    await phones.deliver()

    both = area(polygon(), polygon(AROUND_BAC_HA))
    await door.accepts(update(info(instruction="Lên chỗ cao.", areas=both)))

    assert [one.is_quiet for one in await notices(phones, "phone")] == [False, True]
    assert [one.is_quiet for one in await notices(phones, "newcomer")] == [False]


@pytest.mark.parametrize(
    "block",
    [
        info(instruction="Lên chỗ cao.", severity="Extreme"),
        info(instruction="Rời khỏi nhà."),
    ],
    ids=["worse", "other advice"],
)
async def test_an_update_that_is_worse_or_asks_for_something_else_is_told_aloud(
    door: Door, phones: Phones, block: str
) -> None:
    await phones.add("phone")
    await door.accepts(FIRST)
    await phones.deliver()

    await door.accepts(update(block))

    assert [one.is_quiet for one in await notices(phones, "phone")] == [False, False]


async def test_a_warning_that_gets_milder_is_updated_without_a_sound(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone")
    await door.accepts(FIRST)
    await phones.deliver()

    await door.accepts(update(info(instruction="Lên chỗ cao.", severity="Moderate")))

    assert [one.is_quiet for one in await notices(phones, "phone")] == [False, True]


async def test_each_phone_gets_an_update_once_however_often_its_job_runs(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone")
    await phones.add("newcomer", SA_PA)
    await door.accepts(FIRST)
    await phones.deliver()
    answer = await door.accepts(SAME_ADVICE)
    await phones.deliver()

    fan_out = phones.services.alerts.handlers()["alerts.fan_out"]
    await fan_out({"alert_id": answer["id"], "number": 0, "takes_effect_later": False})

    assert len(await notices(phones, "phone")) == 2
    assert len(await notices(phones, "newcomer")) == 2
