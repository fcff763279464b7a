"""A lost race is tried again as a whole, by the outermost block."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.kit import transactions
from api.kit.store import CollectionSpec, Store, WriteConflict
from api.kit.store.sqlite import SqliteStore
from api.kit.transactions import ATTEMPTS_AT_MOST, transact

NOTES = CollectionSpec("notes")


class Racer:
    """Writes a note, and loses its first races."""

    def __init__(self, store: Store, *, losses: int) -> None:
        self._notes = store[NOTES]
        self._losses = losses
        self.runs = 0

    async def write(self) -> str:
        self.runs += 1
        await self._notes.insert({"_id": f"run-{self.runs}"})
        if self.runs <= self._losses:
            raise WriteConflict("lost")
        return "won"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "notes.db")
    await opened.open([NOTES])
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "_FIRST_PAUSE_SECONDS", 0.0)


async def notes(store: Store) -> list[str]:
    return [document["_id"] for document in await store[NOTES].find({})]


async def test_a_lost_race_is_tried_again_and_leaves_no_trace(store: Store) -> None:
    racer = Racer(store, losses=2)

    assert await transact(store, racer.write) == "won"

    assert await notes(store) == ["run-3"]


async def test_what_is_lost_every_time_is_given_up(store: Store) -> None:
    racer = Racer(store, losses=ATTEMPTS_AT_MOST)

    with pytest.raises(WriteConflict):
        await transact(store, racer.write)

    assert racer.runs == ATTEMPTS_AT_MOST
    assert await notes(store) == []


async def test_a_race_lost_inside_is_tried_again_from_the_outermost_block(store: Store) -> None:
    racer = Racer(store, losses=1)
    outer_runs = 0

    async def outer() -> None:
        nonlocal outer_runs
        outer_runs += 1
        await store[NOTES].insert({"_id": "outer"})
        await transact(store, racer.write)

    await transact(store, outer)

    assert (outer_runs, racer.runs) == (2, 2)
    assert await notes(store) == ["outer", "run-2"]


async def test_a_task_that_outlives_the_block_that_started_it_tries_again_itself(
    store: Store,
) -> None:
    racer = Racer(store, losses=1)
    may_start = asyncio.Event()
    started: list[asyncio.Task[str]] = []

    async def later() -> str:
        await may_start.wait()
        return await transact(store, racer.write)

    async def block() -> None:
        started.append(asyncio.create_task(later()))

    await transact(store, block)
    may_start.set()

    assert await started[0] == "won"
    assert await notes(store) == ["run-2"]
