"""What older keys sealed is sealed anew; whoever changes a value meanwhile wins."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from typing_extensions import override

from api.kit.resealing import DOCUMENTS_AT_ONCE, seal_anew
from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Collection, CollectionSpec, Document, Filter, Sort, Store
from api.kit.store.sqlite import SqliteStore

NOTES = CollectionSpec("notes")


def place(note_id: str) -> str:
    return f"notes/{note_id}"


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.json")


@pytest.fixture
def sealer(keys: KeyFile) -> Sealer:
    return Sealer(keys)


@pytest.fixture
async def notes(tmp_path: Path) -> Any:  # noqa: ANN401 - an async generator of a collection
    store: Store = SqliteStore(tmp_path / "notes.db")
    await store.open([NOTES])
    yield store[NOTES]
    await store.close()


async def write(notes: Collection, sealer: Sealer, how_many: int) -> None:
    await notes.insert_many(
        [
            {"_id": f"{number:05}", "text": sealer.seal(number, place(f"{number:05}"))}
            for number in range(how_many)
        ]
    )


async def opened(notes: Collection, sealer: Sealer) -> list[int]:
    found = await notes.find({}, sort=[("_id", 1)])
    return [sealer.open(note["text"], place(note["_id"])) for note in found]


async def test_it_goes_on_until_nothing_is_left(
    notes: Collection, keys: KeyFile, sealer: Sealer
) -> None:
    await write(notes, sealer, DOCUMENTS_AT_ONCE + 1)
    current = keys.add_key()

    counts = [await seal_anew(notes, sealer, "text", place) for _ in range(3)]

    assert counts == [DOCUMENTS_AT_ONCE, 1, 0]
    assert await opened(notes, sealer) == list(range(DOCUMENTS_AT_ONCE + 1))
    assert await notes.count({"text": {"$prefix": f"{current}."}}) == DOCUMENTS_AT_ONCE + 1


async def test_what_several_older_keys_sealed_is_all_sealed_anew(
    notes: Collection, keys: KeyFile, sealer: Sealer
) -> None:
    await write(notes, sealer, 1)
    keys.add_key()
    await notes.insert({"_id": "00001", "text": sealer.seal(1, place("00001"))})
    current = keys.add_key()

    count = await seal_anew(notes, sealer, "text", place)

    assert count == 2
    assert await notes.count({"text": {"$prefix": f"{current}."}}) == 2


async def test_without_an_older_key_there_is_nothing_to_do(
    notes: Collection, sealer: Sealer
) -> None:
    await write(notes, sealer, 1)
    (before,) = await notes.find({})

    assert await seal_anew(notes, sealer, "text", place) == 0
    assert await notes.find({}) == [before]


async def test_a_document_without_the_field_is_left_alone(
    notes: Collection, keys: KeyFile, sealer: Sealer
) -> None:
    await notes.insert({"_id": "a", "text": None})
    await notes.insert({"_id": "b"})
    keys.add_key()

    assert await seal_anew(notes, sealer, "text", place) == 0


async def test_what_does_not_open_stays_and_holds_nothing_up(
    notes: Collection, keys: KeyFile, sealer: Sealer
) -> None:
    moved = [
        {"_id": f"!{number:05}", "text": sealer.seal("x", "another place")}
        for number in range(DOCUMENTS_AT_ONCE)
    ]
    await notes.insert_many(moved)
    await write(notes, sealer, 1)
    keys.add_key()

    counts = [await seal_anew(notes, sealer, "text", place) for _ in range(2)]

    assert counts == [1, 0]
    assert await notes.find({"_id": {"$prefix": "!"}}) == moved


class Overtaken:
    """A collection in which somebody changes a document right after it was read."""

    def __init__(self, notes: Collection, sealer: Sealer) -> None:
        self._notes = notes
        self._sealer = sealer

    async def find(
        self, filter: Filter, *, sort: Sort = (), limit: int | None = None
    ) -> list[Document]:
        found = await self._notes.find(filter, sort=sort, limit=limit)
        theirs = self._sealer.seal("theirs", place("00000"))
        await self._notes.update_one({"_id": "00000"}, {"$set": {"text": theirs}})
        return found

    async def update_one(self, filter: Filter, update: Any) -> Document | None:  # noqa: ANN401
        return await self._notes.update_one(filter, update)


class Heedless(Overtaken):
    """Writes without looking whether the value is still the one that was read."""

    @override
    async def update_one(self, filter: Filter, update: Any) -> Document | None:
        return await self._notes.update_one({"_id": filter["_id"]}, update)


async def value_after(overtaken: Overtaken, notes: Collection, sealer: Sealer) -> Sequence[Any]:
    await seal_anew(cast("Collection", overtaken), sealer, "text", place)
    return await opened(notes, sealer)


async def test_who_changes_a_value_meanwhile_wins(
    notes: Collection, keys: KeyFile, sealer: Sealer
) -> None:
    await write(notes, sealer, 1)
    keys.add_key()

    assert await value_after(Overtaken(notes, sealer), notes, sealer) == ["theirs"]


async def test_control_a_heedless_write_would_undo_it(
    notes: Collection, keys: KeyFile, sealer: Sealer
) -> None:
    await write(notes, sealer, 1)
    keys.add_key()

    assert await value_after(Heedless(notes, sealer), notes, sealer) == [0]
