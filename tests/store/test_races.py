"""The last of N is sold N times, however many ask; and reading first would sell more."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from api.kit.store import Collection, WriteConflict
from api.kit.store.sqlite import SqliteStore
from api.kit.transactions import transact
from tests.store.conftest import ROOT, Opener
from tests.store.last_seats import EVENT, EVENTS, take_after_reading, take_conditionally

SEATS = 7
TASKS = 200


@pytest.fixture
async def events(open_store: Opener) -> Collection:
    collection = (await open_store(EVENTS))[EVENTS]
    await collection.insert({"_id": EVENT, "seats": SEATS})
    return collection


async def test_tasks_never_oversell_by_a_conditional_write(events: Collection) -> None:
    sold = sum(await asyncio.gather(*(take_conditionally(events) for _ in range(TASKS))))

    assert sold == SEATS
    assert await events.get(EVENT) == {"_id": EVENT, "seats": 0}


async def test_control_tasks_that_read_first_oversell(events: Collection) -> None:
    sold = sum(await asyncio.gather(*(take_after_reading(events) for _ in range(TASKS))))

    assert sold > SEATS


async def test_tasks_never_oversell_by_a_transaction(open_store: Opener, engine: str) -> None:
    if engine.startswith("mongo-"):
        pytest.skip("mongoeco takes one transaction at a time: after a lost race none commits")
    store = await open_store(EVENTS)
    await store[EVENTS].insert({"_id": EVENT, "seats": SEATS})

    async def take() -> bool:
        async def attempt() -> bool:
            event = await store[EVENTS].get(EVENT)
            assert event is not None
            if event["seats"] <= 0:
                return False
            await store[EVENTS].update_one({"_id": EVENT}, {"$set": {"seats": event["seats"] - 1}})
            return True

        while True:
            try:
                return await transact(store, attempt)
            except WriteConflict:
                continue

    sold = sum(await asyncio.gather(*(take() for _ in range(TASKS))))

    assert sold == SEATS
    assert await store[EVENTS].get(EVENT) == {"_id": EVENT, "seats": 0}


async def sold_by_processes(path: Path, way: str) -> tuple[list[int], int]:
    """Return what each of two processes sold, and the seats that are left."""
    store = SqliteStore(path)
    await store.open([EVENTS])
    await store[EVENTS].insert({"_id": EVENT, "seats": SEATS})
    command = [sys.executable, "-m", "tests.store.last_seats", str(path), str(TASKS // 2), way]
    processes = [
        await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    replies = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    event = await store[EVENTS].get(EVENT)
    await store.close()
    assert event is not None
    return [int(output) for output, _ in replies], event["seats"]


async def test_processes_never_oversell_by_a_conditional_write(tmp_path: Path) -> None:
    sold, left = await sold_by_processes(tmp_path / "seats.db", "conditional")

    assert (sum(sold), left) == (SEATS, 0)


async def test_control_processes_that_read_first_oversell(tmp_path: Path) -> None:
    sold, left = await sold_by_processes(tmp_path / "seats.db", "read_first")

    assert sum(sold) > SEATS
    assert left < 0
