"""Many phones, several processes, and one that dies: each guard beside a control without it."""

import asyncio
import gzip
import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import timedelta

import pytest

from api.context import Services
from api.guide.packs.format import PackSnapshot
from api.guide.packs.items import PackItem
from api.guide.packs.links import PackLinks
from api.guide.packs.place_items import PlaceItems
from api.guide.packs.repository import (
    PACK_FILES,
    PACK_PARTS,
    PART_BYTES,
    PackFile,
    PackRepository,
    file_id,
)
from api.guide.packs.scope import PackAreaKind, PackScope
from api.guide.packs.service import PackService
from api.kit.store import Collection, Document, Store
from api.tourism.content_files import Content
from api.tourism.repository import TourismRepository
from tests.conftest import MovableClock
from tests.tourism.content import a_market, a_place, hold

SCOPE = PackScope(PackAreaKind.PROVINCE)
LONG = timedelta(hours=2)
PHONES = 20


class CountedSource:
    """A PackSource that notes how often, and in which threads, its items are made."""

    def __init__(self) -> None:
        self.threads: list[int] = []

    async def pack_version(self) -> str:
        return "1"

    async def pack_items(self, scope: PackScope, language: str) -> Callable[[], Iterable[PackItem]]:
        await asyncio.sleep(0)  # as a read of the store lets others run
        return self._made

    def _made(self) -> Sequence[PackItem]:
        self.threads.append(threading.get_ident())
        return [PackItem("place/P1", {"name": "Sa Pa"})]


def service(
    services: Services, store: Store, clock: MovableClock, *sources: CountedSource
) -> PackService:
    real = services.guide.packs
    return PackService(
        sources,
        real.library,
        services.communes,
        PackRepository(store, clock),
        PackLinks(services.sealer, "http://test", clock),
        real.signatures,
    )


async def content(repository: PackRepository, file: PackFile) -> bytes:
    parts = [
        await repository.part(file, number) or b""
        for number in range(-(-file.byte_count // PART_BYTES))
    ]
    return b"".join(parts)


def a_file(made: bytes) -> PackFile:
    snapshot = PackSnapshot.of(SCOPE, "en", {})
    sha256 = hashlib.sha256(made).hexdigest()
    return PackFile(
        file_id(snapshot.edition, None), snapshot.edition.version, None, len(made), sha256, 0
    )


async def test_a_thousand_phones_wait_for_one_pack_made_in_a_thread(
    services: Services, store: Store, clock: MovableClock
) -> None:
    source = CountedSource()
    packs = service(services, store, clock, source)

    got = await asyncio.gather(*(packs.pack(SCOPE, "en", None) for _ in range(PHONES)))

    assert len({it.download.file.sha256 for it in got if it.download}) == 1
    assert len(source.threads) == 1
    assert source.threads[0] != threading.get_ident()


async def test_control_without_the_lock_each_makes_its_own(
    services: Services, store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = CountedSource()
    packs = service(services, store, clock, source)
    monkeypatch.setattr(packs, "_making", nullcontext())

    await asyncio.gather(*(packs.pack(SCOPE, "en", None) for _ in range(PHONES)))

    assert len(source.threads) > 1


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
async def test_who_is_reading_is_not_disturbed_by_a_process_that_compresses_otherwise(
    store: Store, clock: MovableClock, *, guarded: bool
) -> None:
    repository = PackRepository(store, clock)
    ours, theirs = gzip.compress(b"the pack", 9, mtime=0), gzip.compress(b"the pack", 0, mtime=0)
    reading = await repository.keep(a_file(ours), ours, LONG)

    at_least = LONG if guarded else timedelta(days=9)
    kept = await repository.keep(a_file(theirs), theirs, at_least)

    assert (kept == reading) is guarded
    assert (await content(repository, reading) == ours) is guarded


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
async def test_content_that_changes_while_it_is_read_is_not_mixed(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    await hold(store, [a_place("P1", phone="112")], [], [])
    items = PlaceItems(store)
    real = TourismRepository.content

    async def changed_meanwhile(self: TourismRepository) -> Content:
        before = await real(self)
        if before.places[0].phone == "112":
            await hold(store, [a_place("P1", phone="115")], [a_market("M1", a_place("P1"))], [])
        after = await real(self)
        return Content(before.places, after.markets, after.communes)

    monkeypatch.setattr(TourismRepository, "content", changed_meanwhile)
    if not guarded:
        monkeypatch.setattr(items, "pack_version", CountedSource().pack_version)

    made = {item.key: item.fields for item in (await items.pack_items(SCOPE, "en"))()}

    assert (made["place/P1"]["phone"] == "115") is guarded
    assert "market/M1" in made


async def test_two_processes_that_keep_at_once_keep_one(store: Store, clock: MovableClock) -> None:
    repositories = [PackRepository(store, clock) for _ in range(8)]
    made = [gzip.compress(b"the pack", level % 10, mtime=0) for level in range(8)]

    kept = await asyncio.gather(
        *(it.keep(a_file(one), one, LONG) for it, one in zip(repositories, made, strict=True))
    )

    assert len(set(kept)) == 1
    assert hashlib.sha256(await content(repositories[0], kept[0])).hexdigest() == kept[0].sha256
    assert await store[PACK_FILES].count({}) == 1


async def test_a_process_that_dies_while_it_keeps_leaves_nothing_half(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = PackRepository(store, clock)
    made = b"\x00" * (3 * PART_BYTES + 1)
    files: Collection = store[PACK_FILES]

    async def dies(document: Document) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(repository, "_files", _Dying(files, dies))
        with pytest.raises(KeyboardInterrupt):
            await repository.keep(a_file(made), made, LONG)
    left = await store[PACK_PARTS].count({})

    file = await repository.keep(a_file(made), made, LONG)

    assert (left, await store[PACK_PARTS].count({})) == (0, 4)
    assert await content(repository, file) == made


class _Dying:
    """A collection whose `upsert` never returns."""

    def __init__(self, collection: Collection, dies: Callable[[Document], object]) -> None:
        self.get = collection.get
        self.upsert = dies
