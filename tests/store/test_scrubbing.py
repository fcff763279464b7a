"""What was deleted is in no byte of the embedded file, and what was not is still there."""

import random
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from api.kit.store import CollectionSpec, Index
from api.kit.store.sqlite import SqliteStore
from tests.store.conftest import Opener

THINGS = CollectionSpec("things", (Index(("owner",)), Index(("tags",), many=True)))
OWNERS = [f"owner-{number:02}-{'x' * 20}" for number in range(20)]
GONE, STAYS = OWNERS[:10], OWNERS[10:]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[SqliteStore]:
    opened = SqliteStore(path)
    await opened.open([THINGS])
    yield opened
    await opened.close()


def found_in_files(path: Path, texts: list[str]) -> int:
    """Count the texts in every byte of the file and of what lies beside it."""
    files = [file.read_bytes() for file in path.parent.iterdir()]
    return sum(file.count(text.encode()) for file in files for text in texts)


async def live_a_while(store: SqliteStore) -> None:
    """Write documents that grow, shrink and go, so that entries move between pages."""
    things, chance = store[THINGS], random.Random(1)  # noqa: S311 - the same life each time
    async with store.transaction():
        for number in range(3_000):
            owner = chance.choice(OWNERS)
            text = "y" * chance.randint(0, 900)
            await things.upsert({"_id": f"{number}", "owner": owner, "tags": [owner], "text": text})
            if number % 3 == 0:
                other = f"{chance.randint(0, number)}"
                longer = {"$set": {"text": "z" * chance.randint(0, 900)}}
                await things.update_one({"_id": other}, longer)


async def test_deleted_bytes_are_gone_after_the_file_was_written_anew(
    store: SqliteStore, path: Path
) -> None:
    await live_a_while(store)
    await store[THINGS].delete_many({"owner": {"$in": GONE}})
    left_behind = found_in_files(path, GONE)

    await store.scrub(whole=True)

    assert left_behind > 0
    assert found_in_files(path, GONE) == 0
    assert found_in_files(path, STAYS) > 0
    assert await store[THINGS].count({"owner": {"$in": STAYS}}) > 1_000


async def test_the_log_is_emptied_in_between(store: SqliteStore, path: Path) -> None:
    await store[THINGS].insert({"_id": "1", "owner": GONE[0], "tags": []})
    await store[THINGS].delete_one({"_id": "1"})
    log = path.with_name("test.db-wal")
    before = log.stat().st_size

    await store.scrub()

    assert before > 0
    assert log.stat().st_size == 0
    assert found_in_files(path, GONE) == 0


async def test_others_read_and_write_meanwhile(store: SqliteStore, path: Path) -> None:
    await live_a_while(store)
    second = SqliteStore(path)
    await second.open([THINGS])
    try:
        await store.scrub(whole=True)
        await second[THINGS].insert({"_id": "new", "owner": STAYS[0], "tags": []})
    finally:
        await second.close()

    assert await store[THINGS].get("new") is not None


async def test_scrubbing_leaves_documents_as_they_are(open_store: Opener) -> None:
    store = await open_store(THINGS)
    await store[THINGS].insert({"_id": "1", "owner": "a", "tags": ["b"]})

    await store.scrub()
    await store.scrub(whole=True)

    assert await store[THINGS].find({}) == [{"_id": "1", "owner": "a", "tags": ["b"]}]
