"""The index of all devices gives what the store gives, through changes, restarts and merges."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.kit.area import Area
from api.kit.geo import Position
from api.kit.store import Store
from notifications import audience as audience_module
from notifications import device_index as index_module
from notifications.audience import Cursor, Selection
from notifications.device_columns import DeviceColumns
from notifications.device_index import DeviceIndex
from notifications.device_repository import DeviceRepository
from notifications.device_rows import Numbered, RowArrays, row_of
from notifications.devices import CoarsePosition, Device
from notifications.fan_outs import FanOuts
from notifications.notice import Audience
from notifications.preferences import Subject
from notifications.service import Notifications
from tests.conftest import NOW, MovableClock
from tests.notifications.factories import SA_PA, YEN_BAI, a_device, a_notice, put
from tests.notifications.test_audience import (
    AROUND_SA_PA,
    COMMUNES,
    areas,
    devices,
    fresh_store,
    is_meant,
    nobody,
    subjects,
)

EVERYBODY_NEAR = Audience(AROUND_SA_PA, frozenset(COMMUNES))


async def loaded(store: Store) -> DeviceIndex:
    index = DeviceIndex(DeviceRepository(store), lambda: NOW)
    await index.snapshot()
    return index


async def select(
    store: Store, audience: Audience, index: DeviceIndex | None, cursor: Cursor = ()
) -> list[str]:
    """Return the selected ids in order, duplicates and all."""
    selected: list[str] = []

    async def already_in(device_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(selected).intersection(device_ids)

    selection = Selection(DeviceRepository(store), audience, NOW, already_in, index)
    async for page in selection.pages(cursor):
        selected.extend(page.device_ids)
    return selected


async def outside(store: Store, audience: Audience, index: DeviceIndex | None) -> set[str]:
    selection = Selection(DeviceRepository(store), audience, NOW, nobody, index)
    return {one async for page in selection.pages() for one in page.likely_outside}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience_module, "PAGE_SIZE", 3)
    monkeypatch.setattr(index_module, "PAGE_SIZE", 4)


@pytest.mark.usefixtures("small_pages")
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    some_devices=st.lists(devices(), max_size=25),
    area=areas(),
    communes=st.frozensets(st.sampled_from(COMMUNES), max_size=3),
    subject=subjects(),
)
async def test_it_selects_everyone_meant_and_each_once(
    some_devices: list[Device], area: Area, communes: frozenset[str], subject: Subject | None
) -> None:
    audience = Audience(area, communes, subject=subject)
    async with fresh_store() as store:
        await put(store, *some_devices)
        index = await loaded(store)

        selected = await select(store, audience, index)

        assert sorted(selected) == sorted(d.id for d in some_devices if is_meant(d, audience))
        assert await outside(store, audience, index) == await outside(store, audience, None)


def moved(device: Device, at: Position, when: datetime) -> Device:
    """Return the same device, registered anew from another place."""
    position = CoarsePosition.of(at, when)
    return replace(device, profile=replace(device.profile, position=position), updated_at=when)


async def began_later(store: Store, clock: MovableClock, index: DeviceIndex | None) -> list[str]:
    """Select so late that the stream of changes has nothing to say."""
    clock.advance(minutes=5)
    selection = Selection(DeviceRepository(store), EVERYBODY_NEAR, clock(), nobody, index)
    return sorted([one async for page in selection.pages() for one in page.device_ids])


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("is_merged", [False, True])
async def test_what_changed_since_it_was_loaded_is_taken_in(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, is_merged: bool
) -> None:
    monkeypatch.setattr(index_module, "CHANGES_AT_LEAST", 0 if is_merged else 100)
    retires, leaves, joins = a_device(), a_device(), a_device()
    comes, stays = a_device(at=YEN_BAI), a_device()
    await put(store, retires, leaves, comes, stays)
    repository = DeviceRepository(store)
    index = DeviceIndex(repository, clock)
    await index.snapshot()
    clock.advance(minutes=1)
    now = clock()

    await put(
        store, moved(leaves, YEN_BAI, now), moved(comes, SA_PA, now), moved(joins, SA_PA, now)
    )
    await repository.retire({retires.id: 0}, "UNREGISTERED", now)
    if is_merged:
        await index.keep_up()

    expected = sorted([comes.id, joins.id, stays.id])
    assert await began_later(store, clock, index) == expected
    assert await began_later(store, clock, None) == expected


async def test_an_index_that_did_not_follow_would_miss_somebody(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Control of the test above.
    index = DeviceIndex(DeviceRepository(store), clock)
    await index.snapshot()
    clock.advance(minutes=1)
    await put(store, moved(a_device(), SA_PA, clock()))

    async def nothing(*_: object) -> None:
        pass

    monkeypatch.setattr(DeviceIndex, "_follow", nothing)

    assert await began_later(store, clock, index) == []


async def test_a_change_committed_late_is_taken_in(store: Store, clock: MovableClock) -> None:
    index = DeviceIndex(DeviceRepository(store), clock)
    await index.snapshot()
    late = moved(a_device(), SA_PA, clock() - index_module.SETTLING_TIME)

    await put(store, late)

    assert await began_later(store, clock, index) == [late.id]


@pytest.mark.usefixtures("small_pages")
async def test_a_fan_out_begun_with_the_index_is_finished_without_one(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = [a_device() for _ in range(10)]
    await put(store, *everyone)
    index = await loaded(store)
    pages = Selection(DeviceRepository(store), EVERYBODY_NEAR, NOW, nobody, index).pages()
    first = await anext(pages)
    await pages.aclose()

    rest = await select(store, EVERYBODY_NEAR, None, first.cursor)

    assert first.cursor[0] == "indexed"
    assert sorted([*first.device_ids, *rest]) == sorted(device.id for device in everyone)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("pages_before", range(5))
async def test_who_moves_while_it_is_read_is_met_exactly_once(
    store: Store, clock: MovableClock, pages_before: int
) -> None:
    near = Position(SA_PA.latitude + 0.05, SA_PA.longitude + 0.05)
    inside, away = [a_device() for _ in range(8)], [a_device(at=YEN_BAI) for _ in range(4)]
    await put(store, *inside, *away)
    index = DeviceIndex(DeviceRepository(store), clock)
    await index.snapshot()
    selected: list[str] = []

    async def already_in(device_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(selected).intersection(device_ids)

    repository = DeviceRepository(store)
    seen = 0
    async for page in Selection(repository, EVERYBODY_NEAR, NOW, already_in, index).pages():
        selected.extend(page.device_ids)
        seen += 1
        if seen == pages_before:
            clock.advance(seconds=1)
            await put(store, *(moved(device, near, clock()) for device in (*inside, *away)))
            await index.keep_up()

    assert len(selected) == len(set(selected))
    has_moved = 0 < pages_before <= seen
    assert set(selected) == {device.id for device in (*inside, *(away if has_moved else ()))}


async def test_it_is_loaded_anew_after_a_day_and_forgets_who_left(
    store: Store, clock: MovableClock
) -> None:
    leaves, stays = a_device(), a_device()
    await put(store, leaves, stays)
    repository = DeviceRepository(store)
    index = DeviceIndex(repository, clock)
    await index.keep_up()
    await repository.remove(leaves.id, leaves.secret_digest)
    before = await began_later(store, clock, index)
    clock.advance(hours=24)

    await index.keep_up()

    assert before == sorted([leaves.id, stays.id])
    assert await began_later(store, clock, index) == [stays.id]


async def test_a_fan_out_uses_it_and_adds_what_the_store_would(
    store: Store, clock: MovableClock
) -> None:
    inside = [a_device() for _ in range(5)]
    await put(store, *inside, a_device(at=YEN_BAI))
    notifications, stop = Notifications(store, clock), asyncio.Event()
    keeping = asyncio.create_task(notifications.keep_index(stop))
    await notifications.index.loaded.wait()

    count = await notifications.fan_out(a_notice(), EVERYBODY_NEAR)

    stop.set()
    await keeping
    fan_out = await FanOuts(store).get("flood-1")
    assert count == 5
    assert fan_out is not None
    assert fan_out.cursor[0] == "indexed"


def test_a_device_takes_19_bytes_beside_its_id_and_4_for_a_home() -> None:
    numbered = Numbered()
    rows = [row_of(a_device(homes=COMMUNES[:1]), numbered) for _ in range(1_000)]

    columns = DeviceColumns(RowArrays.of(rows), numbered)

    assert columns.byte_count == 1_000 * (16 + 19 + 4)
