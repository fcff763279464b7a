"""Everyone inside, each once: the streams against brute force."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from math import hypot
from pathlib import Path
from tempfile import TemporaryDirectory

import h3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.kit.area import METRES_PER_DEGREE, Area, Circle
from api.kit.geo import Position, cell_of
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from notifications import audience as audience_module
from notifications.audience import Cursor, Selection, ancestors_touching
from notifications.device_repository import DEVICES, DeviceRepository
from notifications.devices import (
    ANCESTOR_RESOLUTIONS,
    EXACT_KEPT_FOR,
    POSITION_KEPT_FOR,
    CoarsePosition,
    Device,
)
from notifications.notice import Audience
from notifications.preferences import HazardKind, Preferences, Subject, WarningLevel
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


async def nobody(_: Sequence[str]) -> frozenset[str]:
    return frozenset()


def is_meant(device: Device, audience: Audience) -> bool:
    """Tell by the definition, without index, stream or cache."""
    return (
        device.retired_at is None
        and device.profile.preferences.want(audience.subject)
        and (
            bool(audience.communes & device.profile.home_communes)
            or may_be_inside(device, audience.area)
        )
    )


def may_be_inside(device: Device, area: Area) -> bool:
    position, exact = device.profile.position, device.profile.exact
    if position is None or position.expires_at <= NOW:
        return False
    if exact is None or exact.expires_at <= NOW:
        return area.touches_cell(position.cell)
    return area.comes_within(exact.position, exact.accuracy_metres)


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
        observed_at=st.sampled_from(
            [NOW, NOW, NOW - EXACT_KEPT_FOR, NOW - POSITION_KEPT_FOR, NOW - timedelta(days=6)]
        ),
        homes=st.sets(st.sampled_from(COMMUNES), max_size=3),
        updated_at=st.sampled_from([NOW - timedelta(hours=1), NOW - timedelta(seconds=5), NOW]),
        retired_at=st.sampled_from([None, None, None, NOW]),
        accuracy=st.none() | st.sampled_from([0, 30, 200]),
        preferences=st.builds(
            Preferences,
            st.frozensets(st.sampled_from(HazardKind), max_size=3),
            st.sampled_from(WarningLevel),
        ),
    )


def subjects() -> st.SearchStrategy[Subject | None]:
    return st.none() | st.builds(
        Subject,
        st.none() | st.sampled_from(HazardKind),
        st.none() | st.sampled_from(WarningLevel),
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
    subject=subjects(),
)
async def test_the_selection_is_everyone_meant_and_each_once(
    some_devices: list[Device], area: Area, communes: frozenset[str], subject: Subject | None
) -> None:
    audience = Audience(area, communes, subject=subject)
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


def metres_north(metres: float) -> Position:
    return Position(SA_PA.latitude + metres / METRES_PER_DEGREE, SA_PA.longitude)


async def test_an_exact_position_outside_is_told_apart_from_one_inside(store: Store) -> None:
    await put(
        store,
        a_device(id="inside", at=metres_north(400), observed_at=NOW, accuracy=10),
        a_device(id="perhaps", at=metres_north(600), observed_at=NOW, accuracy=150),
        a_device(id="outside", at=metres_north(600), observed_at=NOW, accuracy=10),
        a_device(id="by-cell", at=metres_north(600), observed_at=NOW),
        a_device(id="too-old", at=metres_north(600), observed_at=NOW - EXACT_KEPT_FOR, accuracy=10),
    )

    selected = await select(store, Audience(Area.of([], [Circle(SA_PA, 500)]), frozenset()))

    assert sorted(selected) == ["by-cell", "inside", "perhaps", "too-old"]


def beyond(corner: Position, centre: Position, metres: float) -> Position:
    """Return where one stands who goes on so far from the corner, coming from the centre."""
    north, east = corner.latitude - centre.latitude, corner.longitude - centre.longitude
    step = metres / METRES_PER_DEGREE / hypot(north, east)
    return Position(corner.latitude + north * step, corner.longitude + east * step)


async def test_an_exact_position_beside_a_cell_that_is_not_touched_may_be_off_into_it(
    store: Store,
) -> None:
    cell = cell_of(SA_PA, 7)
    corner, centre = Position(*h3.cell_to_boundary(cell)[0]), Position(*h3.cell_to_latlng(cell))
    at, beside = beyond(corner, centre, -100), beyond(corner, centre, 60)
    area = Area.of([], [Circle(beside, 1)])
    assert cell_of(at, 7) == cell
    assert not area.touches_cell(cell)
    await put(store, a_device(id="near", at=at, observed_at=NOW, accuracy=200))

    assert await select(store, Audience(area, frozenset())) == ["near"]


async def test_whoever_does_not_want_it_is_left_out_unless_it_is_extreme(store: Store) -> None:
    no_fog = Preferences(frozenset({HazardKind.FOG}))
    only_severe = Preferences(least=WarningLevel.SEVERE)
    await put(
        store,
        a_device(id="all"),
        a_device(id="no-fog", preferences=no_fog),
        a_device(id="only-severe", at=None, homes=COMMUNES[:1], preferences=only_severe),
    )

    async def told(subject: Subject | None) -> list[str]:
        communes = frozenset(COMMUNES)
        return sorted(await select(store, Audience(AROUND_SA_PA, communes, subject=subject)))

    assert await told(Subject(HazardKind.FOG, WarningLevel.MODERATE)) == ["all"]
    assert await told(Subject(HazardKind.FOG, WarningLevel.SEVERE)) == ["all", "only-severe"]
    assert await told(Subject(HazardKind.HAIL, WarningLevel.MODERATE)) == ["all", "no-fog"]
    assert await told(Subject(None, None)) == ["all", "no-fog", "only-severe"]
    for extreme in (HazardKind.FOG, None):
        subject = Subject(extreme, WarningLevel.EXTREME)
        assert await told(subject) == ["all", "no-fog", "only-severe"]


async def test_whoever_shows_an_earlier_one_is_brought_up_to_date_whatever_they_prefer(
    store: Store,
) -> None:
    await put(store, a_device(id="mai", preferences=Preferences(least=WarningLevel.SEVERE)))

    audience = Audience(AROUND_SA_PA, frozenset(), takes=lambda device: device.id == "mai")

    assert await select(store, audience) == ["mai"]


async def test_those_whose_cell_lies_mostly_outside_are_counted_apart(store: Store) -> None:
    cell = cell_of(SA_PA, 7)
    centre = Position(*h3.cell_to_latlng(cell))
    corner = Position(*h3.cell_to_boundary(cell)[0])
    await put(
        store,
        a_device(id="cell", at=centre),
        a_device(id="exact", at=corner, observed_at=NOW, accuracy=200),
        a_device(id="home", at=centre, homes=COMMUNES[:1]),
    )

    async def outside(circle: Circle) -> set[str]:
        audience = Audience(Area.of([], [circle]), frozenset(COMMUNES[:1]))
        selection = Selection(DeviceRepository(store), audience, NOW, nobody)
        found = [page async for page in selection.pages()]
        return {device_id for page in found for device_id in page.likely_outside}

    assert await outside(Circle(corner, 300)) == {"cell"}
    assert await outside(Circle(centre, 5_000)) == set()
