"""A sealing key goes only when it is proved that nothing is sealed under it; until then all can be read."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.kit.resealing import seal_anew
from api.kit.sealing import KeyFile, SealBroken, Sealer
from api.kit.sealing_keys import SealedStill, SealingKeys, SealsStill, UnknownSealingKey
from api.kit.store import CollectionSpec, Store
from api.kit.store.sqlite import SqliteStore
from tests.conftest import MovableClock

NOTES = CollectionSpec("notes")
LETTERS = CollectionSpec("letters")
HOW_MANY = 300


def place(note_id: str) -> str:
    return f"notes/{note_id}"


class Notes:
    """Keeps one sealed text a document; readers and the sealing stand in different processes."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._notes = store[NOTES]
        self._sealer = sealer

    async def seal_anew(self) -> int:
        return await seal_anew(self._notes, self._sealer, "text", place)

    async def write(self, note_id: str, text: str) -> None:
        await self._notes.upsert({"_id": note_id, "text": self._sealer.seal(text, place(note_id))})

    async def read(self, note_id: str) -> str:
        note = await self._notes.get(note_id)
        assert note is not None
        return str(self._sealer.open(note["text"], place(note_id)))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "notes.db")
    await opened.open([NOTES, LETTERS])
    yield opened
    await opened.close()


@pytest.fixture
def key_file(tmp_path: Path, clock: MovableClock) -> KeyFile:
    return KeyFile(tmp_path / "keys.json", clock)


@pytest.fixture
def notes(store: Store, key_file: KeyFile) -> Notes:
    return Notes(store, Sealer(key_file))


@pytest.fixture
def keys(store: Store, key_file: KeyFile, notes: Notes, clock: MovableClock) -> SealingKeys:
    return SealingKeys(store, key_file, [NOTES, LETTERS], [notes], clock)


def first_of(keys: SealingKeys) -> str:
    return keys.ids()[0][0]


async def test_uses_are_found_wherever_they_lie(
    store: Store, key_file: KeyFile, keys: SealingKeys, notes: Notes
) -> None:
    sealer, old = Sealer(key_file), first_of(keys)
    await notes.write("a", "one")
    nested = {"pages": [{"text": sealer.seal("two", "x")}, f"see {sealer.seal('three', 'x')}."]}
    await store[LETTERS].insert({"_id": "b", "body": nested})
    await store[LETTERS].insert({"_id": "c", "body": "0a1b2c3d.plain and unsealed"})
    new = keys.add()
    await notes.write("d", "four")

    uses = await keys.uses()

    assert uses == {old: Counter(notes=1, letters=2), new: Counter(notes=1)}


async def test_the_older_key_goes_when_everything_was_sealed_anew(
    key_file: KeyFile, keys: SealingKeys, notes: Notes, clock: MovableClock
) -> None:
    old = first_of(keys)
    await notes.write("a", "one")
    new = keys.add()
    clock.advance(hours=1)

    count = await keys.seal_all_anew()
    await keys.forget(old)

    assert count == 1
    assert keys.ids() == [(new, True)]
    assert await notes.read("a") == "one"


async def test_a_key_stays_while_anything_is_sealed_under_it(
    keys: SealingKeys, notes: Notes, clock: MovableClock
) -> None:
    old = first_of(keys)
    await notes.write("a", "one")
    new = keys.add()
    clock.advance(hours=1)

    with pytest.raises(SealedStill) as refusal:
        await keys.forget(old)

    assert refusal.value.uses == Counter(notes=1)
    assert keys.ids() == [(old, False), (new, True)]
    assert await notes.read("a") == "one"


async def test_a_key_stays_while_a_transaction_may_still_use_it(
    keys: SealingKeys, clock: MovableClock
) -> None:
    old = first_of(keys)
    keys.add()
    clock.advance(minutes=59, seconds=59)

    with pytest.raises(SealsStill):
        await keys.forget(old)

    assert len(keys.ids()) == 2


async def test_the_current_key_stays(keys: SealingKeys, clock: MovableClock) -> None:
    current = keys.add()
    clock.advance(hours=2)

    with pytest.raises(SealsStill):
        await keys.forget(current)


async def test_a_key_that_is_not_there_cannot_be_forgotten(keys: SealingKeys) -> None:
    with pytest.raises(UnknownSealingKey):
        await keys.forget("0a1b2c3d")


async def test_progress_reaches_its_end(
    keys: SealingKeys, notes: Notes, clock: MovableClock
) -> None:
    for number in range(3):
        await notes.write(f"{number}", "text")
    keys.add()
    sealed: list[int] = []
    read: list[tuple[int, int]] = []

    await keys.seal_all_anew(sealed.append)
    await keys.uses(lambda done, total: read.append((done, total)))

    assert (sealed[-1], read[-1]) == (3, (3, 3))


class Readers:
    """Reads and changes notes without a pause, as another process that has its own view of the keys."""

    def __init__(self, store: Store, keys_path: Path) -> None:
        self._notes = Notes(store, Sealer(KeyFile(keys_path)))
        self.reads = 0

    async def read(self) -> None:
        for number in itertools.cycle(range(HOW_MANY)):
            text = await self._notes.read(str(number))
            assert text in {f"text {number}", f"changed {number}"}
            self.reads += 1

    async def change(self) -> None:
        for number in itertools.cycle(range(0, HOW_MANY, 3)):
            await self._notes.write(str(number), f"changed {number}")


async def while_read(readers: Readers, steps: "asyncio.Task[None]") -> None:
    """Let others read and change notes until the steps are done. Raises what a reader met."""
    others = [asyncio.create_task(readers.read()), asyncio.create_task(readers.change())]
    await asyncio.wait([steps, *others], return_when=asyncio.FIRST_COMPLETED)
    for task in [steps, *others]:
        task.cancel()
    results = await asyncio.gather(steps, *others, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


@pytest.fixture
async def readers(store: Store, notes: Notes, tmp_path: Path) -> Readers:
    for number in range(HOW_MANY):
        await notes.write(str(number), f"text {number}")
    return Readers(store, tmp_path / "keys.json")


async def until_read(readers: Readers, times: int) -> None:
    enough = readers.reads + times
    async with asyncio.timeout(60):
        while readers.reads < enough:  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_everything_can_be_read_at_every_moment_of_a_rotation(
    keys: SealingKeys, readers: Readers, clock: MovableClock
) -> None:
    old = first_of(keys)

    async def rotation() -> None:
        await until_read(readers, 20)
        new = keys.add()
        await until_read(readers, 20)
        clock.advance(hours=1)
        await keys.seal_all_anew()
        await until_read(readers, 20)
        await keys.forget(old)
        await until_read(readers, HOW_MANY)
        assert keys.ids() == [(new, True)]

    steps = asyncio.create_task(rotation())
    await while_read(readers, steps)

    assert steps.exception() is None
    assert readers.reads >= HOW_MANY + 60


async def test_control_without_the_proof_something_cannot_be_read(
    key_file: KeyFile, keys: SealingKeys, readers: Readers
) -> None:
    async def rotation() -> None:
        old = first_of(keys)
        keys.add()
        key_file.forget_key(old)
        await until_read(readers, HOW_MANY)

    with pytest.raises(SealBroken):
        await while_read(readers, asyncio.create_task(rotation()))
