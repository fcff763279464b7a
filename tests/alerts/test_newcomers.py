"""Phones that come into the area of a warning while it is in force get it then, once."""

import asyncio
from collections.abc import Sequence
from datetime import time
from typing import Any

import pytest

from api.alerts.newcomers import TELL_NEWCOMERS, Newcomers
from api.kit.geo import Position
from api.kit.jobs import JOBS
from notifications.device_repository import DeviceRepository
from notifications.fan_outs import FanOut, FanOuts
from notifications.preferences import Preferences, WarningLevel
from notifications.quiet_hours import QuietHours
from notifications.senders import Answer, Verdict
from notifications.service import Notifications
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import (
    AROUND_BAC_HA,
    BAC_HA,
    SA_PA,
    SA_PA_CODE,
    alert,
    area,
    info,
    polygon,
    reference,
)
from tests.notifications.factories import a_device, put

LATER = "2026-05-01T16:10:00+07:00"
FLOOD = alert(info(instruction="Lên chỗ cao."))
CANCEL = alert(identifier="flood-3", sent=LATER, msg_type="Cancel", references=reference())


def update(block: str) -> bytes:
    return alert(block, identifier="flood-2", sent=LATER, msg_type="Update", references=reference())


async def comes(phones: Phones, name: str, at: Position | None, **more: Any) -> None:  # noqa: ANN401 - a_device's
    """Let a phone say that it is somewhere now."""
    now = phones.clock()
    await put(phones.store, a_device(id=name, at=at, observed_at=now, updated_at=now, **more))


async def titles(phones: Phones, name: str, seconds: int = 30) -> list[str]:
    """Return what a phone has got after so many seconds more."""
    phones.clock.advance(seconds=seconds)
    return [text.title for text in (await phones.told()).get(name, [])]


async def warned(door: Door, phones: Phones, message: bytes = FLOOD) -> None:
    await door.accepts(message)
    await phones.deliver()
    phones.clock.advance(minutes=3)
    await phones.deliver()


async def test_who_comes_into_the_area_is_warned_within_half_a_minute(
    door: Door, phones: Phones
) -> None:
    await phones.add("traveller", BAC_HA)
    await warned(door, phones)

    await comes(phones, "traveller", SA_PA)

    assert await titles(phones, "traveller") == ["Lũ quét"]
    assert phones.sender.sent[-1].notice.is_quiet is False


async def test_who_stays_outside_is_not(door: Door, phones: Phones) -> None:
    await phones.add("traveller", BAC_HA)
    await warned(door, phones)

    await comes(phones, "traveller", BAC_HA)

    assert await titles(phones, "traveller") == []


async def test_a_phone_that_is_registered_there_is_warned(door: Door, phones: Phones) -> None:
    await warned(door, phones)

    await comes(phones, "new", SA_PA)

    assert await titles(phones, "new") == ["Lũ quét"]


async def test_who_calls_it_home_from_now_on_is_warned_wherever_they_are(
    door: Door, phones: Phones
) -> None:
    await phones.add("owner", BAC_HA)
    await warned(door, phones)

    await comes(phones, "owner", BAC_HA, homes=[SA_PA_CODE])

    assert await titles(phones, "owner") == ["Lũ quét"]


async def test_nobody_is_warned_twice_however_often_they_come_and_go(
    door: Door, phones: Phones
) -> None:
    await phones.add("villager")
    await warned(door, phones)
    for at in (SA_PA, BAC_HA, SA_PA, BAC_HA, SA_PA):
        await comes(phones, "villager", at)
        await comes(phones, "traveller", at)
        await titles(phones, "villager")

    assert await titles(phones, "villager") == ["Lũ quét"]
    assert await titles(phones, "traveller") == ["Lũ quét"]


async def test_who_was_gone_and_registers_anew_is_warned(door: Door, phones: Phones) -> None:
    await phones.add("villager")
    phones.sender.script = lambda _: Answer(Verdict.UNREGISTERED)
    await warned(door, phones)
    phones.sender.script = lambda _: Answer(Verdict.ACCEPTED)
    phones.sender.sent.clear()

    await comes(phones, "villager", SA_PA)

    assert await titles(phones, "villager") == ["Lũ quét"]
    await comes(phones, "villager", SA_PA)
    assert await titles(phones, "villager") == ["Lũ quét"]


async def test_who_was_told_silently_stays_undisturbed(door: Door, phones: Phones) -> None:
    await phones.add("villager")
    await warned(door, phones)
    await warned(door, phones, update(info(instruction="Lên chỗ cao.", description="Đang lên.")))
    before = await titles(phones, "villager")

    await comes(phones, "villager", SA_PA)

    assert await titles(phones, "villager") == before == ["Lũ quét", "Lũ quét"]


async def test_who_does_not_want_such_warnings_is_left_alone(door: Door, phones: Phones) -> None:
    await warned(door, phones)

    await comes(phones, "indifferent", SA_PA, preferences=Preferences(least=WarningLevel.EXTREME))

    assert await titles(phones, "indifferent") == []


async def test_who_sleeps_there_is_told_when_the_quiet_hours_end(
    door: Door, phones: Phones
) -> None:
    await warned(door, phones, alert(info(severity="Moderate", urgency="Expected")))
    quiet = QuietHours(time(16), time(17), "Asia/Ho_Chi_Minh")

    await comes(phones, "sleeper", SA_PA, quiet_hours=quiet)

    assert await titles(phones, "sleeper") == []
    assert await titles(phones, "sleeper", seconds=1_800) == ["Lũ quét"]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (CANCEL, []),
        (update(info(response_type="AllClear")), []),
        (update(info(areas=area(polygon(AROUND_BAC_HA)))), []),
        (update(info(event="Lũ lớn", severity="Extreme")), ["Lũ lớn"]),
    ],
    ids=["cancel", "all-clear", "moved away", "worse"],
)
async def test_who_comes_after_it_ended_gets_only_what_holds_now(
    door: Door, phones: Phones, end: bytes, expected: Sequence[str]
) -> None:
    await warned(door, phones)
    await warned(door, phones, end)

    await comes(phones, "late", SA_PA)

    assert await titles(phones, "late") == expected


async def test_who_came_hears_of_the_end_too(door: Door, phones: Phones) -> None:
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)
    await titles(phones, "traveller")

    await door.accepts(CANCEL)

    assert await titles(phones, "traveller") == ["Lũ quét", "Đã gỡ cảnh báo: Lũ quét"]


async def test_who_comes_between_a_killed_fan_out_and_its_second_run_is_warned(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(Newcomers, "look_for", killed)
        await door.accepts(FLOOD)
        await phones.deliver()
    phones.clock.advance(minutes=5)
    await comes(phones, "traveller", SA_PA)
    phones.clock.advance(minutes=5)
    await phones.deliver()

    assert await titles(phones, "traveller") == ["Lũ quét"]


async def test_a_look_that_fails_holds_up_no_later_one(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)

    async def fails(*_: object, **__: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(Notifications, "fan_out_to_newcomers", fails)
        await comes(phones, "early", SA_PA)
        assert await titles(phones, "early") == []
    await comes(phones, "later", SA_PA)

    assert await titles(phones, "later") == ["Lũ quét"]
    # The look that failed was tried again for itself.
    assert await titles(phones, "early", seconds=120) == ["Lũ quét"]


async def test_who_is_known_to_be_outside_and_never_moved_is_left_alone(
    door: Door, phones: Phones
) -> None:
    now = phones.clock()
    at = Position(22.3845, 103.84)  # 500 m beyond the edge, in a cell that touches it
    await put(phones.store, a_device(id="neighbour", at=at, accuracy=10, observed_at=now))
    await warned(door, phones)

    for _ in range(4):
        phones.clock.advance(minutes=20)
        await DeviceRepository(phones.store).forget_exact_positions(phones.clock())
        await phones.deliver()

    assert await titles(phones, "neighbour") == []


async def test_who_was_left_out_and_came_back_hears_that_it_moved_on(
    door: Door, phones: Phones
) -> None:
    await phones.add("villager")
    await warned(door, phones)
    await comes(phones, "villager", BAC_HA)
    await warned(door, phones, update(info(severity="Extreme")))
    await comes(phones, "villager", SA_PA)
    back = await titles(phones, "villager")
    moved_on = alert(
        info(areas=area(polygon(AROUND_BAC_HA))),
        identifier="flood-9",
        sent="2026-05-01T16:20:00+07:00",
        msg_type="Update",
        references=reference("flood-2", sent=LATER),
    )

    await door.accepts(moved_on)

    closed = "Cảnh báo đã thay đổi: Lũ quét"
    assert back == ["Lũ quét", closed, "Lũ quét"]
    assert await titles(phones, "villager") == [*back, closed]


async def test_nobody_looks_any_more_once_it_is_over(door: Door, phones: Phones) -> None:
    await warned(door, phones)

    phones.clock.advance(hours=7)
    await phones.deliver()
    await phones.deliver()

    assert await phones.store[JOBS].count({"kind": TELL_NEWCOMERS, "state": "open"}) == 0


async def looked_twice_at_once(door: Door, phones: Phones) -> int:
    """Let two workers look at the same moment for who has come; return how often one was told."""
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)
    phones.clock.advance(seconds=30)
    job = await phones.store[JOBS].find_one({"kind": TELL_NEWCOMERS, "state": "open"})
    assert job is not None
    look = phones.services.alerts.handlers()[TELL_NEWCOMERS]

    await asyncio.gather(*(look(job["payload"]) for _ in range(4)))

    return len(await titles(phones, "traveller"))


async def test_two_workers_tell_each_once(door: Door, phones: Phones) -> None:
    assert await looked_twice_at_once(door, phones) == 1


async def test_control_where_both_may_add_they_are_told_more_than_once(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, together = FanOuts.add_late, asyncio.Barrier(4)

    async def add_anyhow(self: FanOuts, fan_out: FanOut, *more: Any) -> FanOut | None:  # noqa: ANN401
        await together.wait()
        while (added := await add(self, fan_out, *more)) is None:
            fan_out = await self.get(fan_out.notice.id) or fan_out
        return added

    monkeypatch.setattr(FanOuts, "add_late", add_anyhow)

    assert await looked_twice_at_once(door, phones) > 1
