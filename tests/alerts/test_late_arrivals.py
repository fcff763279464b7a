"""Warnings that a worker has in hand as they end: they may come after what ended them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import time

import pytest

from api.alerts.late_arrivals import LateArrivals
from notifications.delivery import Delivery
from notifications.quiet_hours import QuietHours
from notifications.worker import OutboxWorker
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import SA_PA, alert, info, reference
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, put
from tests.notifications.senders import StuckSender

LATER = "2026-05-01T16:10:00+07:00"
FIRST = alert(info(urgency="Expected"))
CANCEL = alert(identifier="flood-9", sent=LATER, msg_type="Cancel", references=reference())
UPDATE = alert(
    info(event="Nước dâng", urgency="Expected"),
    identifier="flood-9",
    sent=LATER,
    msg_type="Update",
    references=reference(),
)
ALL_CLEAR = alert(
    info(event="Hết lũ", response_type="AllClear"),
    identifier="flood-9",
    sent=LATER,
    msg_type="Update",
    references=reference(),
)
ENDERS = pytest.mark.parametrize(
    ("end", "title"),
    [(CANCEL, "Đã gỡ cảnh báo: Lũ quét"), (UPDATE, "Nước dâng"), (ALL_CLEAR, "Hết lũ")],
    ids=["cancel", "update", "all clear"],
)
NAMES = ("one", "two")


@pytest.fixture(autouse=True)
def without_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker note no outcome while it sends: what it has in hand is known when it is done."""
    monkeypatch.setattr("notifications.worker.NOTE_SECONDS", 600)


@asynccontextmanager
async def stuck_between_two_phones(phones: Phones, clock: MovableClock) -> AsyncGenerator[None]:
    """Hold a worker that has sent to one of the two phones, and let it go on afterwards."""
    sender = StuckSender()
    sender.sent = phones.sender.sent
    worker = asyncio.create_task(OutboxWorker(phones.store, clock, sender).run_due())
    await sender.is_stuck.wait()
    clock.advance(seconds=1)
    yield
    clock.advance(seconds=1)
    sender.go_on.set()
    await worker


async def screens(phones: Phones) -> set[str]:
    """Return what the phones show, without delivering anything."""
    last = {one.device.id: one.notice.text_for("vi")[1].title for one in phones.sender.sent}
    return set(last.values())


async def ended_in_the_midst(door: Door, phones: Phones, clock: MovableClock, end: bytes) -> None:
    for name in NAMES:
        await phones.add(name)
    await door.accepts(FIRST)
    await phones.services.alerts.handlers()["alerts.fan_out"](
        {"alert_id": await first_id(phones), "number": 0, "takes_effect_later": False}
    )
    async with stuck_between_two_phones(phones, clock):
        await door.accepts(end)
        await phones.deliver()
    clock.advance(seconds=5)
    await phones.deliver()


async def first_id(phones: Phones) -> str:
    records = await phones.services.alerts.records.active(phones.clock(), 1, None)
    return records[0].id


@ENDERS
async def test_whoever_got_it_after_its_end_is_told_the_end_again(
    door: Door, phones: Phones, clock: MovableClock, end: bytes, title: str
) -> None:
    await ended_in_the_midst(door, phones, clock, end)

    assert await screens(phones) == {title}
    assert phones.sender.sent[-1].notice.is_quiet is True


@ENDERS
async def test_control_without_a_late_look_a_phone_is_left_with_the_old_warning(
    door: Door,
    phones: Phones,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    end: bytes,
    title: str,
) -> None:
    async def nothing(*_: object, **__: object) -> None:
        """Look no second time."""

    monkeypatch.setattr(LateArrivals, "look_for", nothing)

    await ended_in_the_midst(door, phones, clock, end)

    assert await screens(phones) == {title, "Lũ quét"}


async def test_a_look_that_finds_a_worker_at_it_is_repeated(
    door: Door, phones: Phones, clock: MovableClock
) -> None:
    for name in NAMES:
        await phones.add(name)
    await door.accepts(FIRST)
    await phones.services.alerts.handlers()["alerts.fan_out"](
        {"alert_id": await first_id(phones), "number": 0, "takes_effect_later": False}
    )
    async with stuck_between_two_phones(phones, clock):
        await door.accepts(CANCEL)
        await phones.deliver()
        clock.advance(seconds=5)
        await phones.deliver()
    assert "Lũ quét" in await screens(phones)

    clock.advance(seconds=20)
    await phones.deliver()

    assert await screens(phones) == {"Đã gỡ cảnh báo: Lũ quét"}


async def cancelled_as_quiet_hours_end(door: Door, phones: Phones, clock: MovableClock) -> None:
    quiet = QuietHours(time(16), time(17), "Asia/Ho_Chi_Minh")
    for name in NAMES:
        await put(phones.store, a_device(id=name, at=SA_PA, quiet_hours=quiet))
    await door.accepts(FIRST)
    await phones.deliver()
    assert phones.sender.sent == []
    clock.advance(minutes=31)
    async with stuck_between_two_phones(phones, clock):
        await door.accepts(CANCEL)
        await phones.deliver()


async def test_a_cancel_that_comes_as_quiet_hours_end_reaches_those_who_are_just_told(
    door: Door, phones: Phones, clock: MovableClock
) -> None:
    await cancelled_as_quiet_hours_end(door, phones, clock)

    told = {one.device.id for one in phones.sender.sent if "Đã gỡ" in one.notice.texts["vi"].title}
    assert told == set(NAMES)


async def test_control_where_waking_is_not_noted_the_cancel_misses_them(
    door: Door, phones: Phones, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Delivery, "wakes_anybody", property(lambda _: False))

    await cancelled_as_quiet_hours_end(door, phones, clock)

    assert [one.notice.texts["vi"].title for one in phones.sender.sent] == ["Lũ quét"] * 2
