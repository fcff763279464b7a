"""The embedded engine as a file: groups of writes, several processes, time to live, its layout."""

import asyncio
import sqlite3
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import closing
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from api.kit.store import (
    CollectionSpec,
    Index,
    StoreError,
    StoreUnavailable,
    sqlite_connection,
)
from api.kit.store import sqlite as engine
from api.kit.store.sqlite import SqliteStore
from api.kit.store.sqlite_connection import connected
from tests.store.conftest import ROOT

THINGS = CollectionSpec(
    "things", (Index(("key",), unique=True), Index(("kept_until",), expire_after_seconds=60))
)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "test.db"


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[SqliteStore]:
    opened = SqliteStore(path, clock=lambda: NOON)
    await opened.open([THINGS])
    yield opened
    await opened.close()


async def test_writes_that_wait_together_share_a_commit_and_fail_alone(store: SqliteStore) -> None:
    things = store[THINGS]
    await things.insert({"_id": "taken", "key": "taken", "n": "text"})

    async def hold_the_writer() -> None:
        async with store.transaction():
            await asyncio.sleep(0.05)

    outcomes = await asyncio.gather(
        hold_the_writer(),
        *(things.insert({"_id": f"{n}", "key": n // 2}) for n in range(20)),
        things.insert_many([{"_id": "x", "key": "x"}, {"_id": "y", "key": "taken"}]),
        things.update_many({}, {"$inc": {"n": 1}}),
        things.update_one({"_id": "taken"}, {"$set": {"key": "free"}}),
        return_exceptions=True,
    )

    kinds = [type(outcome).__name__ for outcome in outcomes[1:]]
    assert kinds[:20] == ["NoneType", "DuplicateKey"] * 10
    assert kinds[20:] == ["DuplicateKey", "UnsupportedOperator", "dict"]
    assert await things.count({}) == 11
    assert await things.get("x") is None


async def test_a_cancelled_write_leaves_the_others_alone(store: SqliteStore) -> None:
    things = store[THINGS]
    tasks = [asyncio.create_task(things.insert({"_id": f"{n}", "key": n})) for n in range(40)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()

    await asyncio.wait(tasks)

    kept = await things.get_many([f"{n}" for n in range(1, 40, 2)])
    assert len(kept) == 20


async def test_readers_do_not_wait_for_the_writer(store: SqliteStore) -> None:
    things = store[THINGS]
    await things.insert({"_id": "a", "key": 1})

    async def read() -> tuple[object, int]:
        return await things.get("a"), await things.count({})

    async with store.transaction():
        await things.update_one({"_id": "a"}, {"$set": {"key": 2}})
        beside = asyncio.create_task(read(), context=Context())  # outside the block
        async with asyncio.timeout(60):
            assert await beside == ({"_id": "a", "key": 1}, 1)


async def test_an_idle_transaction_gives_the_writer_back(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.kit.store.sqlite_writer.IDLE_TRANSACTION_SECONDS", 0.05)
    things = store[THINGS]
    released = asyncio.Event()

    async def other() -> None:
        await things.insert({"_id": "other", "key": "other"})
        released.set()

    task = asyncio.create_task(other())
    with pytest.raises(StoreUnavailable):  # noqa: PT012
        async with store.transaction():
            await things.insert({"_id": "mine", "key": "mine"})
            await released.wait()
    await task

    assert [document["_id"] for document in await things.find({})] == ["other"]


async def test_what_is_too_old_is_removed(path: Path) -> None:
    now = NOON
    store = SqliteStore(path, clock=lambda: now)
    await store.open([THINGS])
    things = store[THINGS]
    ends: dict[str, object] = {
        "now": NOON,
        "later": NOON + timedelta(seconds=30),
        "text": "2020-01-01",
        "none": None,
    }
    for key, moment in ends.items():
        await things.insert({"_id": key, "key": key, "kept_until": moment})
    await things.insert({"_id": "missing", "key": "missing"})

    assert await store.remove_expired() == 0
    now = NOON + timedelta(seconds=60)
    assert await store.remove_expired() == 1
    now = NOON + timedelta(days=9999)
    assert await store.remove_expired() == 1

    assert [d["_id"] for d in await things.find({})] == ["missing", "none", "text"]
    await store.close()


async def test_more_than_a_handful_is_removed_in_parts(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "EXPIRED_AT_ONCE", 10)
    old = NOON - timedelta(days=1)
    await store[THINGS].insert_many(
        [{"_id": f"{n}", "key": n, "kept_until": old} for n in range(35)]
    )

    assert await store.remove_expired() == 35


async def test_expiry_runs_by_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "EXPIRY_SECONDS", 0.01)
    store = SqliteStore(path, clock=lambda: NOON)
    await store.open([THINGS])
    await store[THINGS].insert({"_id": "a", "kept_until": NOON - timedelta(days=1)})

    async with asyncio.timeout(60):
        while await store[THINGS].count({}):  # noqa: ASYNC110 - a condition in the file
            await asyncio.sleep(0.01)

    await store.close()


async def test_the_file_is_durable_and_private(store: SqliteStore, path: Path) -> None:
    synchronous = await store.write(
        lambda connection: connection.execute("PRAGMA synchronous").fetchone()
    )

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert synchronous == (2,)  # FULL
    assert stat.S_IMODE(path.stat().st_mode) == 0o600  # noqa: ASYNC240


async def test_what_was_stored_can_be_read_with_any_sqlite(store: SqliteStore, path: Path) -> None:
    await store[THINGS].insert({"_id": "a", "key": "Chợ", "kept_until": NOON})

    with closing(sqlite3.connect(path)) as connection:
        (text,) = connection.execute("SELECT document FROM things").fetchone()

    assert text == '{"_id":"a","key":"Chợ","kept_until":{"$date":"2026-05-01T12:00:00.000Z"}}'


async def test_a_new_index_covers_what_is_there(store: SqliteStore, path: Path) -> None:
    await store[THINGS].insert_many(
        [{"_id": "a", "key": 1, "tags": ["x", "y", "x"]}, {"_id": "b", "key": 2}]
    )
    grown = CollectionSpec("things", (*THINGS.indexes, Index(("tags",), many=True)))
    later = SqliteStore(path)

    await later.open([grown])

    assert [d["_id"] for d in await later[grown].find({"tags": "y"})] == ["a"]
    assert [d["_id"] for d in await later[grown].find({"tags": None})] == ["b"]
    await store[THINGS].insert({"_id": "c", "key": 3, "tags": ["y"]})
    assert [d["_id"] for d in await later[grown].find({"tags": "y"})] == ["a", "c"]
    await later.close()


async def test_a_unique_index_over_duplicates_is_refused(store: SqliteStore, path: Path) -> None:
    await store[THINGS].insert_many([{"_id": key, "key": key, "x": 1} for key in "ab"])
    later = SqliteStore(path)

    with pytest.raises(StoreError, match="duplicates"):
        await later.open([CollectionSpec("things", (Index(("x",), unique=True),))])

    await later.close()
    assert await store[THINGS].count({}) == 2


async def test_a_file_of_another_layout_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")

    with pytest.raises(StoreError, match="layout 99"):
        await SqliteStore(path).open([THINGS])


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("This is a letter, and a long one: " * 100)  # noqa: ASYNC240

    with pytest.raises(StoreUnavailable):
        await SqliteStore(path).open([THINGS])

    assert path.read_text().startswith("This is a letter")  # noqa: ASYNC240


async def test_a_collection_that_was_not_opened_is_a_clear_error(store: SqliteStore) -> None:
    with pytest.raises(StoreError, match="not opened with this collection"):
        await store[CollectionSpec("others")].count({})


async def test_a_foreign_lock_is_waited_for_and_then_unavailable(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.kit.store.sqlite_connection.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            await store[THINGS].insert({"_id": "a"})
        with pytest.raises(StoreUnavailable):
            async with store.transaction():
                await store[THINGS].insert({"_id": "a"})
        assert await store[THINGS].count({}) == 0
        monkeypatch.undo()
        waiting = asyncio.create_task(store[THINGS].insert({"_id": "a"}))
        await asyncio.wait([waiting], timeout=0.05)
        assert not waiting.done()
        other.execute("ROLLBACK")

    await waiting
    assert await store[THINGS].count({}) == 1


def opened_at_once(folder: Path) -> list[sqlite3.Error]:
    """Open new files, each by six at once, and return what went wrong."""
    errors: list[sqlite3.Error] = []

    def open_one(path: Path, together: Barrier) -> None:
        together.wait()
        try:
            connected(path).close()
        except sqlite3.Error as error:
            errors.append(error)

    for number in range(100):
        together = Barrier(6)
        arguments = (folder / f"{number}.db", together)
        threads = [Thread(target=open_one, args=arguments) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return errors


def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    assert opened_at_once(tmp_path) == []


def test_control_without_waiting_some_find_the_new_file_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def execute_at_once(connection: sqlite3.Connection, statement: str) -> None:
        connection.execute(statement)

    monkeypatch.setattr(sqlite_connection, "execute_when_free", execute_at_once)

    errors: list[sqlite3.Error] = []
    for attempt in range(20):  # as often as it takes: nobody can order threads to collide
        folder = tmp_path / str(attempt)
        folder.mkdir()
        errors += opened_at_once(folder)
        if errors:
            break

    assert "database is locked" in str(errors[0])


OPENING = """
import asyncio, sys
from pathlib import Path
from api.kit.store import DuplicateKey
from api.kit.store.sqlite import SqliteStore
from tests.store.test_sqlite_file import THINGS

async def main(path, name):
    store = SqliteStore(path)
    await store.open([THINGS])
    for number in range(40):
        await store[THINGS].insert({"_id": f"{name}-{number}", "key": f"{name}-{number}"})
        try:
            await store[THINGS].insert({"_id": f"x-{name}-{number}", "key": f"shared-{number}"})
        except DuplicateKey:
            pass
    await store.close()

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


async def test_processes_open_and_write_one_file_at_once(path: Path) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPENING, str(path), name, cwd=ROOT, stderr=PIPE
        )
        for name in "abc"
    ]

    for process in processes:
        _, errors = await process.communicate()
        assert (process.returncode, errors) == (0, b"")

    store = SqliteStore(path)
    await store.open([THINGS])
    assert await store[THINGS].count({"_id": {"$prefix": "x-"}}) == 40
    assert await store[THINGS].count({}) == 3 * 40 + 40
    await store.close()
