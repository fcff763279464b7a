"""The embedded engine beside bare aiosqlite: the same file settings, the same documents, one run.

Bare aiosqlite is the floor: one connection, WAL, `synchronous=FULL`, the JSON decoded, one commit a
write, in the fastest way it has for that: autocommit, so that a call is one statement and one hop.
Rounds alternate, so that what else the machine does meets both. Run: `python bench/store.py`.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosqlite
import orjson
from rich.console import Console
from rich.progress import track
from rich.table import Table
from typing_extensions import override

from api.kit.store import CollectionSpec, Document, Index
from api.kit.store.sqlite import SqliteStore
from bench.machine import described_machine

GOAL = 0.5
DOCUMENTS = 10_000
IN_GROUP = 50
AT_ONCE = (1, 16, 64)
ROUNDS = 5
THINGS = CollectionSpec("things", (Index(("group",)),))


def document(number: int) -> Document:
    return {
        "_id": f"thing-{number:06d}",
        "group": number // IN_GROUP,
        "name": f"Chợ phiên số {number}",
        "left": 1_000_000,
        "position": {"latitude": 22.3 + number / 1e6, "longitude": 103.8},
    }


class Engine(ABC):
    """The four operations that are compared. `number` says which document or group."""

    @abstractmethod
    async def get(self, number: int) -> None: ...

    @abstractmethod
    async def find(self, number: int) -> None: ...

    @abstractmethod
    async def insert(self, number: int) -> None: ...

    @abstractmethod
    async def take_one(self, number: int) -> None: ...


class Ours(Engine):
    def __init__(self, store: SqliteStore) -> None:
        self._things = store[THINGS]

    @override
    async def get(self, number: int) -> None:
        assert await self._things.get(f"thing-{number % DOCUMENTS:06d}")

    @override
    async def find(self, number: int) -> None:
        found = await self._things.find({"group": number % (DOCUMENTS // IN_GROUP)})
        assert len(found) == IN_GROUP

    @override
    async def insert(self, number: int) -> None:
        await self._things.insert(document(DOCUMENTS + number))

    @override
    async def take_one(self, number: int) -> None:
        taken = await self._things.update_one(
            {"_id": f"thing-{number % DOCUMENTS:06d}", "left": {"$gt": 0}}, {"$inc": {"left": -1}}
        )
        assert taken


class Bare(Engine):
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @override
    async def get(self, number: int) -> None:
        rows = await self._connection.execute_fetchall(
            "SELECT doc FROM things WHERE id = ?", (f"thing-{number % DOCUMENTS:06d}",)
        )
        assert [orjson.loads(row[0]) for row in rows]

    @override
    async def find(self, number: int) -> None:
        rows = await self._connection.execute_fetchall(
            "SELECT doc FROM things WHERE doc ->> '$.group' = ? ORDER BY id",
            (number % (DOCUMENTS // IN_GROUP),),
        )
        assert len([orjson.loads(row[0]) for row in rows]) == IN_GROUP

    @override
    async def insert(self, number: int) -> None:
        new = document(DOCUMENTS + number)
        row = (new["_id"], orjson.dumps(new).decode())
        await self._connection.execute_fetchall("INSERT INTO things VALUES (?, ?)", row)

    @override
    async def take_one(self, number: int) -> None:
        taken = await self._connection.execute_fetchall(
            "UPDATE things SET doc = json_set(doc, '$.left', (doc ->> '$.left') - 1)"
            " WHERE id = ? AND doc ->> '$.left' > 0 RETURNING doc",
            (f"thing-{number % DOCUMENTS:06d}",),
        )
        assert [orjson.loads(row[0]) for row in taken]


async def opened_store(folder: Path) -> SqliteStore:
    store = SqliteStore(folder / "ours.db")
    await store.open([THINGS])
    await store[THINGS].insert_many([document(number) for number in range(DOCUMENTS)])
    return store


async def opened_connection(folder: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(folder / "bare.db", isolation_level=None)
    await connection.execute("PRAGMA journal_mode=WAL")
    await connection.execute("PRAGMA synchronous=FULL")
    await connection.execute("CREATE TABLE things (id TEXT PRIMARY KEY, doc TEXT) WITHOUT ROWID")
    await connection.execute("CREATE INDEX by_group ON things (doc ->> '$.group', id)")
    await connection.execute("BEGIN")
    await connection.executemany(
        "INSERT INTO things VALUES (?, ?)",
        [
            (f"thing-{number:06d}", orjson.dumps(document(number)).decode())
            for number in range(DOCUMENTS)
        ],
    )
    await connection.commit()
    return connection


async def per_second(
    operation: Callable[[int], Awaitable[None]], first: int, count: int, at_once: int
) -> float:
    """Return operations a second with `at_once` tasks that each wait for their own answers."""
    numbers = iter(range(first, first + count))

    async def work() -> None:
        for number in numbers:
            await operation(number)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return count / (time.perf_counter() - began)


OPERATIONS: dict[str, tuple[Callable[[Engine], Callable[[int], Awaitable[None]]], int]] = {
    "get by id": (lambda engine: engine.get, 2_000),
    f"find {IN_GROUP} of {DOCUMENTS:,}": (lambda engine: engine.find, 400),
    "insert": (lambda engine: engine.insert, 300),
    "conditional update": (lambda engine: engine.take_one, 300),
}


async def measured(ours: Ours, bare: Bare, share: float) -> Table:
    table = Table("operation", "at once", "ours /s", "bare aiosqlite /s", "ratio", "goal")
    first = 0
    cases = [(name, at_once) for name in OPERATIONS for at_once in AT_ONCE]
    for name, at_once in track(cases, "Measuring", console=Console(stderr=True), transient=True):
        operation, count = OPERATIONS[name]
        count_now = max(int(count * share), at_once)
        rates: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(ROUNDS):
            rates["bare"].append(await per_second(operation(bare), first, count_now, at_once))
            rates["ours"].append(await per_second(operation(ours), first, count_now, at_once))
            first += count_now
        mine, floor = (statistics.median(rates[side]) for side in ("ours", "bare"))
        ratio = mine / floor
        verdict = "met" if ratio >= GOAL else "MISSED"
        table.add_row(name, str(at_once), f"{mine:,.0f}", f"{floor:,.0f}", f"{ratio:.2f}", verdict)
    return table


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of calls")
    share = parser.parse_args().share
    with tempfile.TemporaryDirectory() as folder:
        store = await opened_store(Path(folder))
        connection = await opened_connection(Path(folder))
        table = await measured(Ours(store), Bare(connection), share)
        await connection.close()
        await store.close()
    console = Console(width=110)
    console.print(described_machine())
    console.print(f"Median of {ROUNDS} rounds; both WAL, synchronous=FULL. Goal: {GOAL} of bare.")
    console.print(table)


if __name__ == "__main__":
    asyncio.run(main())
