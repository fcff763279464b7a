"""An update makes a sound only for whoever has something new to know."""

from datetime import time

import pytest

from notifications.notice import Notice
from notifications.quiet_hours import QuietHours
from notifications.senders import Answer, Verdict
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
from tests.notifications.factories import a_device, put

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


ELSEWHERE = area(polygon(AROUND_BAC_HA))
NOW_QUIET = QuietHours(time(16), time(17), "Asia/Ho_Chi_Minh")


async def warned_in_its_quiet_hours(door: Door, phones: Phones) -> None:
    """Put a phone there whose owner sleeps, and which the first warning woke."""
    await put(phones.store, a_device(id="phone", at=SA_PA, quiet_hours=NOW_QUIET))
    await door.accepts(FIRST)
    await phones.deliver()


@pytest.mark.parametrize(
    ("block", "title"),
    [
        (info(instruction="Lên chỗ cao.", description="Nước đang lên."), "Lũ quét"),
        (info(instruction="Lên chỗ cao.", severity="Moderate"), "Lũ quét"),
        (info(instruction="Lên chỗ cao.", areas=ELSEWHERE), "Cảnh báo đã thay đổi: Lũ quét"),
    ],
    ids=["says more", "milder", "left out"],
)
async def test_a_silent_update_is_on_the_phone_at_once_in_quiet_hours_too(
    door: Door, phones: Phones, block: str, title: str
) -> None:
    await warned_in_its_quiet_hours(door, phones)

    await door.accepts(update(block))

    first, second = await notices(phones, "phone")
    assert (first.is_quiet, second.is_quiet) == (False, True)
    assert second.text_for("vi")[1].title == title


ALL_CLEAR = info(response_type="AllClear")
ENDS = pytest.mark.parametrize(
    "end",
    [
        alert(identifier="flood-3", sent=LATER, msg_type="Cancel", references=reference()),
        update(ALL_CLEAR),
    ],
    ids=["cancel", "all-clear"],
)


@ENDS
async def test_that_it_is_over_is_on_a_sleeping_phone_at_once_and_without_a_sound(
    door: Door, phones: Phones, end: bytes
) -> None:
    await warned_in_its_quiet_hours(door, phones)

    await door.accepts(end)

    first, second = await notices(phones, "phone")
    assert (first.is_quiet, second.is_quiet) == (False, True)
    assert first.thread == second.thread


@ENDS
async def test_that_it_is_over_may_sound_once_nobody_sleeps(
    door: Door, phones: Phones, end: bytes
) -> None:
    await warned_in_its_quiet_hours(door, phones)
    phones.clock.advance(minutes=31)

    await door.accepts(end)

    assert [one.is_quiet for one in await notices(phones, "phone")] == [False, False]


@ENDS
async def test_that_it_is_over_comes_once(door: Door, phones: Phones, end: bytes) -> None:
    await warned_in_its_quiet_hours(door, phones)
    await door.accepts(end)
    at_night = await notices(phones, "phone")

    phones.clock.advance(minutes=31)

    assert len(at_night) == 2
    assert await notices(phones, "phone") == at_night


async def test_who_may_have_heard_before_they_slept_is_told_that_it_is_over(
    door: Door, phones: Phones
) -> None:
    soon_quiet = QuietHours(time(16, 31), time(17), "Asia/Ho_Chi_Minh")
    await put(phones.store, a_device(id="phone", at=SA_PA, quiet_hours=soon_quiet))
    phones.sender.script = lambda _: Answer(Verdict.TRY_LATER)
    await door.accepts(alert(info(severity="Moderate", urgency="Expected")))
    await phones.deliver()
    phones.clock.advance(minutes=2)
    await phones.deliver()
    phones.sender.script = lambda _: Answer(Verdict.ACCEPTED)
    tried = len(phones.sender.sent)

    await door.accepts(
        alert(identifier="flood-3", sent=LATER, msg_type="Cancel", references=reference())
    )

    *_, last = await notices(phones, "phone")
    assert len(phones.sender.sent) == tried + 1
    assert (last.is_quiet, last.texts["vi"].title) == (True, "Đã gỡ cảnh báo: Lũ quét")


async def test_an_update_that_sounds_waits_for_quiet_hours_to_end(
    door: Door, phones: Phones
) -> None:
    await warned_in_its_quiet_hours(door, phones)
    await door.accepts(
        update(info(instruction="Đóng cửa sổ.", severity="Moderate", urgency="Expected"))
    )
    at_night = await notices(phones, "phone")

    phones.clock.advance(minutes=31)

    assert [one.is_quiet for one in at_night] == [False]
    assert [one.is_quiet for one in await notices(phones, "phone")] == [False, False]
