"""From a notice to batches in the outbox: nobody missed, nobody twice, through crashes and races."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from api.kit.area import Area, Circle
from api.kit.ids import new_id
from api.kit.store import Store
from notifications import audience as audience_module
from notifications.audience import Cursor
from notifications.fan_outs import FanOut, FanOuts
from notifications.notice import Audience, Text
from notifications.outbox import OUTBOX, Progress
from notifications.outcomes import Outcome
from notifications.service import Notifications
from tests.conftest import NOW, MovableClock
from tests.notifications.factories import SA_PA, YEN_BAI, a_device, a_notice, put

SA_PA_ONLY = Audience(Area.of([], [Circle(SA_PA, 5_000)]), frozenset())


@pytest.fixture(autouse=True)
def pages_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience_module, "PAGE_SIZE", 4)


@pytest.fixture
def notifications(store: Store, clock: MovableClock) -> Notifications:
    return Notifications(store, clock)


async def queued(store: Store) -> Counter[str]:
    """Count how often each device is in the outbox."""
    batches = await store[OUTBOX].find({})
    return Counter(device_id for batch in batches for device_id in batch["device_ids"])


class Crash(BaseException):
    """The process dies here, as far as the code can tell."""


def crashing_after(
    batches: int, add: Callable[..., Awaitable[FanOut | None]]
) -> Callable[..., Awaitable[FanOut | None]]:
    """Return `FanOuts.add` for a process that dies when it has added so many batches."""

    async def add_or_crash(
        self: FanOuts,
        fan_out: FanOut,
        device_ids: Sequence[str],
        cursor: Cursor,
        now: datetime,
        likely_outside: int,
    ) -> FanOut | None:
        if fan_out.batches == batches:
            raise Crash
        return await add(self, fan_out, device_ids, cursor, now, likely_outside)

    return add_or_crash


async def test_everyone_inside_is_queued_in_batches(
    store: Store, notifications: Notifications
) -> None:
    inside = [a_device() for _ in range(10)]
    await put(store, *inside, a_device(at=YEN_BAI))

    count = await notifications.fan_out(a_notice(), SA_PA_ONLY)

    assert count == 10
    assert await queued(store) == Counter(device.id for device in inside)
    assert sorted(len(b["device_ids"]) for b in await store[OUTBOX].find({})) == [2, 4, 4]
    assert await notifications.progress("flood-1") == Progress(10, {Outcome.QUEUED: 10})


async def test_the_same_notice_again_adds_nothing(
    store: Store, notifications: Notifications
) -> None:
    await put(store, *(a_device() for _ in range(5)))
    await notifications.fan_out(a_notice(), SA_PA_ONLY)
    before = await queued(store)
    await put(store, a_device())

    count = await notifications.fan_out(a_notice(), SA_PA_ONLY)

    assert count == 5
    assert await queued(store) == before


async def test_the_words_given_first_are_kept(store: Store, notifications: Notifications) -> None:
    await notifications.fan_out(a_notice(), SA_PA_ONLY)

    await notifications.fan_out(replace(a_notice(), texts={"vi": Text("x", "y")}), SA_PA_ONLY)

    kept = await FanOuts(store).get("flood-1")
    assert kept is not None
    assert kept.notice == a_notice()


@pytest.mark.parametrize("batches", range(6))
async def test_a_crash_at_any_batch_loses_and_doubles_nobody(
    store: Store,
    notifications: Notifications,
    monkeypatch: pytest.MonkeyPatch,
    batches: int,
) -> None:
    home = replace(SA_PA_ONLY, communes=frozenset({"02683"}))
    inside = [a_device() for _ in range(9)]
    residents = [a_device(at=YEN_BAI, homes=["02683"]) for _ in range(6)]
    newcomers = [a_device(updated_at=NOW) for _ in range(3)]
    await put(store, *inside, *residents, *newcomers)
    with monkeypatch.context() as patch:
        patch.setattr(FanOuts, "add", crashing_after(batches, FanOuts.add))
        with pytest.raises(Crash):
            await notifications.fan_out(a_notice(), home)

    count = await notifications.fan_out(a_notice(), home)

    assert count == 18
    assert await queued(store) == Counter(d.id for d in [*inside, *residents, *newcomers])


async def test_who_registers_between_crash_and_resumption_shifts_nobody(
    store: Store,
    notifications: Notifications,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = [a_device() for _ in range(9)]
    await put(store, *inside)
    with monkeypatch.context() as patch:
        patch.setattr(FanOuts, "add", crashing_after(1, FanOuts.add))
        with pytest.raises(Crash):
            await notifications.fan_out(a_notice(), SA_PA_ONLY)
    clock.advance(seconds=20)
    newcomers = [a_device(updated_at=clock()) for _ in range(9)]
    await put(store, *newcomers)

    await notifications.fan_out(a_notice(), SA_PA_ONLY)

    assert await queued(store) == Counter(device.id for device in [*inside, *newcomers])


async def test_two_workers_share_one_fan_out(store: Store, clock: MovableClock) -> None:
    inside = [a_device() for _ in range(30)]
    await put(store, *inside)

    counts = await asyncio.gather(
        *(Notifications(store, clock).fan_out(a_notice(), SA_PA_ONLY) for _ in range(4))
    )

    assert counts == [30] * 4
    assert await queued(store) == Counter(device.id for device in inside)


async def test_without_the_condition_two_workers_would_double(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Control: the cursor moves whoever asks, and each batch is a new document.
    await put(store, *(a_device() for _ in range(30)))

    async def unconditional(
        self: FanOuts,
        fan_out: FanOut,
        device_ids: Sequence[str],
        cursor: Cursor,
        now: datetime,
        likely_outside: int,
    ) -> FanOut:
        await store[OUTBOX].insert({"_id": new_id(), "device_ids": list(device_ids)})
        return replace(fan_out, cursor=cursor, devices=fan_out.devices + len(device_ids))

    monkeypatch.setattr(FanOuts, "add", unconditional)
    await asyncio.gather(
        *(Notifications(store, clock).fan_out(a_notice(), SA_PA_ONLY) for _ in range(2))
    )

    assert max((await queued(store)).values()) > 1


async def test_an_expired_notice_is_queued_for_nobody(
    store: Store, notifications: Notifications, clock: MovableClock
) -> None:
    await put(store, a_device())
    clock.advance(hours=7)

    count = await notifications.fan_out(a_notice(expires_at=NOW + timedelta(hours=6)), SA_PA_ONLY)

    assert count == 0
    assert await queued(store) == Counter()
