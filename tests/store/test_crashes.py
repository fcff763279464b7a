"""What was acknowledged survives kill -9 of the process that wrote it."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path

import pytest

from api.kit.store.sqlite import SqliteStore
from tests.store.conftest import ROOT
from tests.store.crashing_writer import ACCOUNTS, NOTES


async def acknowledged_before_kill(path: Path, lines: int) -> set[str]:
    """Run a writer, kill it after that many lines, and return every id it had printed."""
    command = [sys.executable, "-m", "tests.store.crashing_writer", str(path)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    printed = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    printed += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    return {line.decode().strip() for line in printed if line.endswith(b"\n")}


@pytest.mark.parametrize("lines", [1, 150, 700])
async def test_every_acknowledged_write_survives_and_no_half_transaction(
    tmp_path: Path, lines: int
) -> None:
    path = tmp_path / "crash.db"

    acknowledged = await acknowledged_before_kill(path, lines)

    store = SqliteStore(path)
    await store.open([NOTES, ACCOUNTS])
    kept = {document["_id"] for document in await store[NOTES].find({})}
    tagged = {
        document["_id"] for document in await store[NOTES].find({"tags": {"$in": ["all", "moves"]}})
    }
    units = {document["_id"]: document["units"] for document in await store[ACCOUNTS].find({})}
    await store.close()
    moves = sum(1 for document_id in kept if document_id.startswith("move"))
    assert len(acknowledged) >= lines
    assert acknowledged <= kept
    assert tagged == kept
    assert units == {"from": -moves, "to": moves}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "crash.db"
    await acknowledged_before_kill(path, 50)

    store = SqliteStore(path)
    await store.open([NOTES, ACCOUNTS])
    async with asyncio.timeout(60), store.transaction():
        await store[NOTES].insert({"_id": "after", "tags": []})

    assert await store[NOTES].get("after") == {"_id": "after", "tags": []}
    await store.close()
