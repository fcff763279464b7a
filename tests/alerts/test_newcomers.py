"""Phones that come into the area of a warning while it is in force get it then, once."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from api.alerts.newcomers import NewcomerLooks
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import ALERT_MESSAGES, ALERTS
from api.kit.geo import Position
from api.kit.rounds import Rounds
from api.kit.store import StoreUnavailable
from notifications.addressed import Addressed, Mark
from notifications.device_repository import DeviceRepository
from notifications.fan_outs import FAN_OUTS, FanOut, FanOuts
from notifications.meeting import Holding
from notifications.newcomers import Newcomers
from notifications.preferences import HazardKind, Preferences, WarningLevel
from notifications.quiet_hours import QuietHours
from notifications.senders import Answer, Verdict
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
from tests.alerts.test_preferences import of_hazard
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


async def fails(*_: object, **__: object) -> None:
    raise ConnectionError


def fails_at_once(*_: object) -> None:
    raise ConnectionError


async def titles(phones: Phones, name: str, seconds: int = 30) -> list[str]:
    """Return what a phone has got after so many seconds more."""
    phones.clock.advance(seconds=seconds)
    return [text.title for text in (await phones.told()).get(name, [])]


async def only_notice(phones: Phones) -> str:
    (fan_out,) = await phones.store[FAN_OUTS].find({})
    notice_id: str = fan_out["_id"]
    return notice_id


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
    with monkeypatch.context() as patched:
        patched.setattr(Newcomers, "begin", fails)
        await door.accepts(FLOOD)
        await phones.deliver()
    phones.clock.advance(minutes=5)
    await comes(phones, "traveller", SA_PA)
    phones.clock.advance(minutes=5)
    await phones.deliver()

    assert await titles(phones, "traveller") == ["Lũ quét"]


async def test_what_a_look_that_failed_left_is_made_up_for_by_the_next(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)

    with monkeypatch.context() as patched:
        patched.setattr(Newcomers, "tell", fails)
        await comes(phones, "early", SA_PA)
        with pytest.raises(ConnectionError):
            await titles(phones, "early")
    await comes(phones, "later", SA_PA)

    assert await titles(phones, "later") == ["Lũ quét"]
    assert await titles(phones, "early") == ["Lũ quét"]


async def test_a_look_killed_before_it_is_noted_tells_nobody_twice(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)

    with monkeypatch.context() as patched:
        patched.setattr(FanOuts, "note_look", fails)
        await titles(phones, "traveller")

    assert await titles(phones, "traveller") == ["Lũ quét"]
    assert await titles(phones, "traveller") == ["Lũ quét"]


async def test_a_warning_that_cannot_be_read_keeps_no_other_back(
    door: Door, phones: Phones
) -> None:
    await warned(door, phones)
    await warned(door, phones, alert(info(event="Sạt lở"), identifier="slide-1"))
    (broken,) = await phones.store[ALERTS].find({"identifier": "slide-1"})
    await phones.store[ALERT_MESSAGES].delete_one({"_id": broken["_id"]})
    fresh = NewcomerLooks(
        phones.services.alerts.records,
        OpenAlerts(phones.services.alerts.records, phones.services.communes),
        phones.services.notifications,
        phones.services.communes,
        Rounds(phones.store, phones.clock),
        phones.clock,
    )

    await comes(phones, "traveller", SA_PA)
    await fresh.look()

    assert await titles(phones, "traveller", seconds=1) == ["Lũ quét"]


async def test_who_comes_before_all_are_told_silently_is_not_met_yet(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phones.add("villager")
    await warned(door, phones)

    with monkeypatch.context() as patched:
        patched.setattr("api.alerts.fan_out.quieted", fails_at_once)
        await door.accepts(update(info(instruction="Lên chỗ cao.", description="Đang lên.")))
        await phones.deliver()
        await comes(phones, "villager", SA_PA)
        halfway = await titles(phones, "villager")
    after = await titles(phones, "villager", seconds=120)

    assert halfway == ["Lũ quét"]
    assert after == ["Lũ quét", "Lũ quét"]
    assert phones.sender.sent[-1].notice.is_quiet is True


async def test_what_was_told_before_anybody_looked_for_newcomers_is_told_to_them_too(
    door: Door, phones: Phones
) -> None:
    await warned(door, phones)
    await phones.store[FAN_OUTS].update_many({}, {"$unset": {"met_to": None}})

    await comes(phones, "traveller", SA_PA)
    soon = await titles(phones, "traveller", seconds=240)

    assert soon == []
    assert await titles(phones, "traveller", seconds=300) == ["Lũ quét"]


async def test_who_was_told_is_read_once(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phones.add("villager")
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)
    await titles(phones, "traveller")
    read: list[int] = []
    take_in = Addressed.take_in

    def noted(self: Addressed, number: int, marks: Iterable[Mark]) -> None:
        read.append(number)
        take_in(self, number, marks)

    monkeypatch.setattr(Addressed, "take_in", noted)
    await comes(phones, "villager", SA_PA)
    await comes(phones, "traveller", SA_PA)
    # The one batch of newcomers was still on its way at the look before.
    assert await titles(phones, "traveller") == ["Lũ quét"]
    first = list(read)
    await comes(phones, "villager", SA_PA)
    await comes(phones, "traveller", SA_PA)

    assert await titles(phones, "traveller") == ["Lũ quét"]
    assert (first, read) == ([0], [0])


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


LOW = alert(info(severity="Minor").replace("<expires>", of_hazard("fog") + "<expires>"))
CHOOSY = Preferences(least=WarningLevel.EXTREME)
MUTING = Preferences(muted=frozenset({HazardKind.FOG}))


async def wants(phones: Phones, name: str, preferences: Preferences) -> None:
    """Let a phone that says nothing of where it is have other preferences from now on."""
    devices = DeviceRepository(phones.store)
    seen = await devices.get(name)
    assert seen is not None
    changed = replace(seen.profile, preferences=preferences)
    assert await devices.change(seen, changed, phones.clock()) is not None


@pytest.mark.parametrize("before", [CHOOSY, MUTING], ids=["level", "hazard"])
@pytest.mark.parametrize("is_blurred_then", [False, True])
async def test_who_wants_such_warnings_from_now_on_is_told_where_it_stands(
    door: Door, phones: Phones, before: Preferences, is_blurred_then: bool
) -> None:
    hour_ago = phones.clock() - timedelta(minutes=57)
    for name in ("villager", "neighbour"):
        standing = a_device(
            id=name, accuracy=10, observed_at=hour_ago, updated_at=hour_ago, preferences=before
        )
        await put(phones.store, standing)
    await warned(door, phones, LOW)
    not_wanted = await titles(phones, "villager")

    await wants(phones, "villager", Preferences())
    if is_blurred_then:
        await DeviceRepository(phones.store).forget_exact_positions(phones.clock())

    assert not_wanted == []
    assert await titles(phones, "villager") == ["Lũ quét"]
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


async def test_nobody_looks_any_more_once_it_is_over(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)
    phones.clock.advance(hours=7)
    monkeypatch.setattr(DeviceRepository, "changes_since", fails)

    await phones.deliver()

    assert phones.sender.sent == []


async def test_one_process_looks_at_a_time(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Sequence[Holding]] = []

    async def noted(_: Newcomers, holding: Sequence[Holding]) -> dict[str, int]:
        looked.append(holding)
        return {}

    monkeypatch.setattr(Newcomers, "tell", noted)
    looks = phones.services.alerts.newcomers

    for seconds in (0, 19, 1, 10, 10):
        phones.clock.advance(seconds=seconds)
        await asyncio.gather(*(looks.look_if_due() for _ in range(4)))

    assert looked == [[], [], []]


async def test_the_worker_goes_on_looking_whatever_fails(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)
    monkeypatch.setattr("api.alerts.newcomers._ASK_SECONDS", 0.01)
    tell, stop = Newcomers.tell, asyncio.Event()
    errors: list[Exception] = [StoreUnavailable(), ArithmeticError()]

    async def fails_first(self: Newcomers, holding: Sequence[Holding]) -> dict[str, int]:
        phones.clock.advance(seconds=30)
        if errors:
            raise errors.pop()
        stop.set()
        return await tell(self, holding)

    monkeypatch.setattr(Newcomers, "tell", fails_first)
    phones.clock.advance(seconds=30)

    await asyncio.wait_for(phones.services.alerts.newcomers.run(stop), 20)

    assert await titles(phones, "traveller", seconds=1) == ["Lũ quét"]


@pytest.mark.parametrize("comes_before", [True, False])
async def test_a_clock_that_ran_ahead_keeps_nobody_from_being_met(
    door: Door, phones: Phones, comes_before: bool
) -> None:
    await warned(door, phones)
    if comes_before:
        await comes(phones, "traveller", SA_PA)
    phones.clock.advance(hours=1)
    await FanOuts(phones.store).note_met(await only_notice(phones), phones.clock())
    phones.clock.advance(hours=-1)
    if not comes_before:
        await comes(phones, "traveller", SA_PA)

    told = await titles(phones, "traveller")
    met_to = [one["met_to"] for one in await phones.store[FAN_OUTS].find({"devices": 0})]

    assert told == ["Lũ quét"]
    assert met_to == [phones.clock()]


async def looked_twice_at_once(door: Door, phones: Phones) -> int:
    """Let two workers look at the same moment for who has come; return how often one was told."""
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)
    phones.clock.advance(seconds=30)
    look = phones.services.alerts.newcomers.look

    await asyncio.gather(*(look() for _ in range(4)))

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
