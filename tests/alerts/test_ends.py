"""A Cancel and an all-clear reach those who were warned: all of them, and nobody else."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from notifications.fan_outs import FAN_OUTS, FanOuts
from notifications.notice import Audience, Notice
from notifications.service import Notifications
from notifications.worker import OutboxWorker
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import BAC_HA, alert, info, reference
from tests.conftest import MovableClock

LATER = "2026-05-01T16:10:00+07:00"
STILL_LATER = "2026-05-01T16:20:00+07:00"
CANCEL = alert(identifier="flood-9", sent=STILL_LATER, msg_type="Cancel", references=reference())
ALL_CLEAR = alert(
    info(event="Hết lũ", response_type="AllClear", urgency="Past"),
    identifier="flood-9",
    sent=STILL_LATER,
    msg_type="Update",
    references=reference(),
)
ALL_CLEAR_OF_NO_PLACE = alert(
    info(event="Hết lũ", response_type="AllClear", urgency="Past", areas=""),
    identifier="flood-9",
    sent=STILL_LATER,
    msg_type="Update",
    references=reference(),
)
ENDS = pytest.mark.parametrize(
    ("end", "title"),
    [
        (CANCEL, "Đã gỡ cảnh báo: Lũ quét"),
        (ALL_CLEAR, "Hết lũ"),
        (ALL_CLEAR_OF_NO_PLACE, "Hết lũ"),
    ],
    ids=["cancel", "all clear", "all clear of no place"],
)


async def titles(phones: Phones) -> dict[str, list[str]]:
    return {name: [text.title for text in texts] for name, texts in (await phones.told()).items()}


@ENDS
async def test_an_end_reaches_whoever_was_warned_and_went_away(
    door: Door, phones: Phones, end: bytes, title: str
) -> None:
    await phones.add("warned")
    await door.accepts(alert())
    await phones.deliver()
    await phones.add("warned", BAC_HA)

    await door.accepts(end)

    assert await titles(phones) == {"warned": ["Lũ quét", title]}


@ENDS
async def test_an_end_reaches_nobody_who_came_afterwards(
    door: Door, phones: Phones, end: bytes, title: str
) -> None:
    await door.accepts(alert())
    await phones.deliver()
    await phones.add("newcomer")

    await door.accepts(end)

    assert title
    assert await titles(phones) == {}


async def test_an_all_clear_of_an_update_reaches_those_of_the_first_warning_too(
    door: Door, phones: Phones
) -> None:
    await phones.add("first")
    await door.accepts(alert())
    await phones.deliver()
    await phones.add("first", BAC_HA)
    await phones.add("second")
    await door.accepts(
        alert(identifier="flood-2", sent=LATER, msg_type="Update", references=reference())
    )
    await phones.deliver()

    await door.accepts(
        alert(
            info(event="Hết lũ", response_type="AllClear", urgency="Past"),
            identifier="flood-9",
            sent=STILL_LATER,
            msg_type="Update",
            references=reference("flood-2", sent=LATER),
        )
    )

    told = await titles(phones)
    assert {name: texts[-1] for name, texts in told.items()} == {
        "first": "Hết lũ",
        "second": "Hết lũ",
    }
    assert all(texts.count("Hết lũ") == 1 for texts in told.values())


async def warned_after_the_cancel(
    door: Door, phones: Phones, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[str]]:
    """Let a Cancel look for whom to tell before the first phone is warned; return what phones got."""
    fan_out = Notifications.fan_out

    async def after_the_cancel(self: Notifications, notice: Notice, audience: Audience) -> int:
        monkeypatch.setattr(Notifications, "fan_out", fan_out)
        await door.accepts(CANCEL)
        clock.now += timedelta(seconds=1)
        await phones.deliver()
        queued = await fan_out(self, notice, audience)
        await OutboxWorker(phones.store, clock, phones.sender).run_due()
        return queued

    await phones.add("phone")
    monkeypatch.setattr(Notifications, "fan_out", after_the_cancel)
    await door.accepts(alert())
    return await titles(phones)


async def test_a_fan_out_that_begins_after_the_cancel_looked_for_it_warns_nobody(
    door: Door, phones: Phones, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await warned_after_the_cancel(door, phones, clock, monkeypatch)

    assert told == {}


async def test_control_where_only_what_has_begun_is_withdrawn_they_are_left_with_the_warning(
    door: Door, phones: Phones, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def only_begun(fan_outs: FanOuts, notice_ids: Sequence[str], now: datetime) -> None:
        await phones.store[FAN_OUTS].update_many(
            {"_id": {"$in": list(notice_ids)}}, {"$min": {"expires_at": now}}
        )

    monkeypatch.setattr(FanOuts, "withdraw", only_begun)

    told = await warned_after_the_cancel(door, phones, clock, monkeypatch)

    assert told == {"phone": ["Lũ quét"]}
