"""How long a transaction holds the one writer while its event loop is busy with requests.

Run: `python -m bench.held_writer`. All ways take turns in one run, so that what else the machine does meets them
alike.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.table import Table

from api.kit.serving_loop import SWITCH_SECONDS, ServingLoop
from api.kit.store import CollectionSpec
from api.kit.store.sqlite import SqliteStore
from bench.day.tables import marks
from bench.machine import described_machine

SEATS = CollectionSpec("seats")
STEPS, TRANSACTIONS, ROUNDS = 12, 5, 2
BUSY_SECONDS = 0.001
"""So long each request keeps the loop before it lets others go on."""
REQUESTS = (0, 10, 40)
LoopFactory = Callable[[], asyncio.AbstractEventLoop]
WAYS: Mapping[str, tuple[LoopFactory, float]] = {
    "asyncio's loop": (asyncio.SelectorEventLoop, 0.005),
    "ours": (ServingLoop, 0.005),
    "ours, and short turns of threads": (ServingLoop, SWITCH_SECONDS),
}


async def request() -> None:
    """Work in short pieces for ever."""
    while True:
        until = time.perf_counter() + BUSY_SECONDS
        while time.perf_counter() < until:
            pass
        await asyncio.sleep(0)


async def held(path: Path, requests: int) -> list[float]:
    """Return for how many milliseconds each transaction was open."""
    store = SqliteStore(path)
    await store.open([SEATS])
    busy = [asyncio.create_task(request()) for _ in range(requests)]
    found: list[float] = []
    for number in range(TRANSACTIONS):
        async with store.transaction():
            began = time.perf_counter()
            for step in range(STEPS):
                await store[SEATS].upsert({"_id": f"{number}-{step}"})
            found.append((time.perf_counter() - began) * 1000)
    for task in busy:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await store.close()
    return found


def measured(factory: LoopFactory, switch_seconds: float, requests: int) -> list[float]:
    sys.setswitchinterval(switch_seconds)
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=factory) as runner,
    ):
        return runner.run(held(Path(folder) / "seats.db", requests))


def main() -> None:
    console = Console(width=132)
    console.print(described_machine())
    table = Table(title=f"Milliseconds that a transaction of {STEPS} steps holds the writer")
    for column in ("way", "requests under way", "p50", "p95", "p99"):
        table.add_column(column, justify="left" if column == "way" else "right")
    for requests in REQUESTS:
        found: dict[str, list[float]] = {name: [] for name in WAYS}
        for _ in range(ROUNDS):
            for name, (factory, switch_seconds) in WAYS.items():
                found[name] += measured(factory, switch_seconds, requests)
        for name, values in found.items():
            table.add_row(name, str(requests), *(f"{it:.1f}" for it in marks(values)))
    console.print(table)


if __name__ == "__main__":
    main()
