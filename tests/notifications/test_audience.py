"""Everyone inside, each once: the streams against brute force."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import h3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.kit.area import Area, Circle
from api.kit.geo import Position
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from notifications import audience as audience_module
from notifications.audience import Cursor, Selection, ancestors_touching
from notifications.device_repository import DEVICES, DeviceRepository
from notifications.devices import ANCESTOR_RESOLUTIONS, POSITION_KEPT_FOR, CoarsePosition, Device
from notifications.notice import Audience
from tests.conftest import NOW
from tests.notifications.factories import SA_PA, YEN_BAI, a_device, put

COMMUNES = ["02683", "02692", "02701", "02713"]
AROUND_SA_PA = Area.of([], [Circle(SA_PA, 10_000)])
NOWHERE = Area.of([], [])


@asynccontextmanager
async def fresh_store() -> AsyncGenerator[Store]:
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "test.db")
        await store.open([DEVICES])
        yield store
        await store.close()


async def select(store: Store, audience: Audience, cursor: Cursor = ()) -> list[str]:
    """Return the selected ids in order, duplicates and all."""
    selected: list[str] = []

    async def already_in(device_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(selected).intersection(device_ids)

    selection = Selection(DeviceRepository(store), audience, NOW, already_in)
    async for page in selection.pages(cursor):
        selected.extend(page.device_ids)
    return selected


def is_meant(device: Device, audience: Audience) -> bool:
    """Tell by the definition, without index, stream or cache."""
    position = device.profile.position
    return device.retired_at is None and (
        bool(audience.communes & device.profile.home_communes)
        or (
            position is not None
            and position.expires_at > NOW
            and audience.area.touches_cell(position.cell)
        )
    )


def positions(span: float = 2.0) -> st.SearchStrategy[Position]:
    return st.builds(
        Position,
        st.floats(22.3 - span, 22.3 + span),
        st.floats(103.9 - span, 103.9 + span),
    )


def areas() -> st.SearchStrategy[Area]:
    circles = st.builds(Circle, positions(), st.sampled_from([0.0, 500.0, 8e3, 9e4, 6e5, 4e6]))
    return st.builds(
        Area.of,
        st.lists(st.lists(positions(), min_size=3, max_size=6), max_size=2),
        st.lists(circles, max_size=2),
    )


def devices() -> st.SearchStrategy[Device]:
    return st.builds(
        a_device,
        at=st.none() | positions() | positions(0.05),
        observed_at=st.sampled_from([NOW, NOW - POSITION_KEPT_FOR, NOW - timedelta(days=6)]),
        homes=st.sets(st.sampled_from(COMMUNES), max_size=3),
        updated_at=st.sampled_from([NOW - timedelta(hours=1), NOW - timedelta(seconds=5), NOW]),
        retired_at=st.sampled_from([None, None, None, NOW]),
    )


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience_module, "PAGE_SIZE", 3)
    monkeypatch.setattr(audience_module, "CELLS_AT_ONCE", 2)


@pytest.mark.usefixtures("small_pages")
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    some_devices=st.lists(devices(), max_size=25),
    area=areas(),
    communes=st.frozensets(st.sampled_from(COMMUNES), max_size=3),
)
async def test_the_selection_is_everyone_meant_and_each_once(
    some_devices: list[Device], area: Area, communes: frozenset[str]
) -> None:
    audience = Audience(area, communes)
    async with fresh_store() as store:
        await put(store, *some_devices)

        selected = await select(store, audience)

        assert sorted(selected) == sorted(d.id for d in some_devices if is_meant(d, audience))


@settings(max_examples=200, deadline=None)
@given(area=areas(), position=positions(), resolution=st.sampled_from(ANCESTOR_RESOLUTIONS))
def test_whoever_is_inside_is_under_one_of_the_larger_cells(
    area: Area, position: Position, resolution: int
) -> None:
    if not area.covers(position) or area.cells_estimate(resolution) > 5_000:
        return

    coarse = CoarsePosition.of(position, NOW)

    assert coarse.ancestor(resolution) in ancestors_touching(area, resolution)
    assert area.touches_cell(coarse.cell)


def test_without_the_ring_someone_inside_would_be_missed() -> None:
    # Control: cells stick out of the larger cells they are filed under.
    missed = 0
    for cell in h3.cell_to_children(h3.latlng_to_cell(22.3, 103.9, 3), 5):
        for latitude, longitude in h3.cell_to_boundary(cell):
            corner = Position(latitude, longitude)
            area = Area.of([], [Circle(corner, 1)])
            coarse = CoarsePosition.of(corner, NOW)
            missed += coarse.ancestor(3) not in area.cells(3)

    assert missed > 0


async def test_a_resumed_selection_goes_on_behind_its_cursor(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_module, "PAGE_SIZE", 4)
    everyone = [a_device() for _ in range(10)] + [
        a_device(at=None, homes=COMMUNES[:2]) for _ in range(10)
    ]
    await put(store, *everyone)
    audience = Audience(AROUND_SA_PA, frozenset(COMMUNES))

    async def nobody(_: Sequence[str]) -> frozenset[str]:
        return frozenset()

    pages = [
        page async for page in Selection(DeviceRepository(store), audience, NOW, nobody).pages()
    ]
    for seen, page in enumerate(pages):
        before = [device_id for page in pages[: seen + 1] for device_id in page.device_ids]
        rest = await select(store, audience, page.cursor)

        assert sorted(before + rest) == sorted(device.id for device in everyone)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("pages_before_the_move", range(8))
async def test_who_moves_while_the_selection_runs_is_met_exactly_once(
    store: Store, pages_before_the_move: int
) -> None:
    near = Position(SA_PA.latitude + 0.05, SA_PA.longitude + 0.05)
    everyone = [
        *(a_device(at=SA_PA) for _ in range(4)),
        *(a_device(at=near) for _ in range(4)),
        *(a_device(at=YEN_BAI, homes=[COMMUNES[0]]) for _ in range(4)),
        *(a_device(at=YEN_BAI) for _ in range(4)),
    ]
    await put(store, *everyone)
    audience = Audience(AROUND_SA_PA, frozenset(COMMUNES))
    selected: list[str] = []

    async def already_in(device_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(selected).intersection(device_ids)

    pages = Selection(DeviceRepository(store), audience, NOW, already_in).pages()
    seen = 0
    async for page in pages:
        selected.extend(page.device_ids)
        seen += 1
        if seen == pages_before_the_move:
            moves = {SA_PA: near, near: SA_PA, YEN_BAI: SA_PA}
            await put(store, *(moved(device, moves) for device in everyone))

    assert len(selected) == len(set(selected))
    assert set(selected) == (
        {device.id for device in everyone}
        if 0 < pages_before_the_move <= seen
        else {device.id for device in everyone[:12]}
    )


def moved(device: Device, moves: dict[Position, Position]) -> Device:
    cells = {
        CoarsePosition.of(origin, NOW).cell: CoarsePosition.of(target, NOW)
        for origin, target in moves.items()
    }
    position = device.profile.position
    assert position is not None
    profile = replace(device.profile, position=cells[position.cell])
    return replace(device, profile=profile, updated_at=NOW)


async def test_an_old_position_counts_no_more(store: Store) -> None:
    await put(
        store,
        a_device(id="fresh", observed_at=NOW - timedelta(days=6, hours=23)),
        a_device(id="stale", observed_at=NOW - timedelta(days=7)),
    )

    assert await select(store, Audience(AROUND_SA_PA, frozenset())) == ["fresh"]


async def test_communes_reach_people_who_are_away(store: Store) -> None:
    await put(
        store,
        a_device(id="home", at=YEN_BAI, homes=[COMMUNES[0], COMMUNES[1]]),
        a_device(id="stranger", at=YEN_BAI, homes=[COMMUNES[2]]),
    )

    assert await select(store, Audience(NOWHERE, frozenset(COMMUNES[:2]))) == ["home"]


async def test_the_whole_world_is_an_area_too(store: Store) -> None:
    await put(store, a_device(id="sa-pa"), a_device(id="far", at=Position(-33.9, 151.2)))

    everywhere = Area.of([], [Circle(SA_PA, 20_100_000)])

    assert sorted(await select(store, Audience(everywhere, frozenset()))) == ["far", "sa-pa"]
