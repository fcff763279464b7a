"""kill -9 at any moment, several times, and two workers at once: every device gets it once."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.collections import COLLECTIONS
from api.kit.clock import system_clock
from api.kit.geo import COARSE_RESOLUTION, cell_of
from api.kit.jobs import Jobs
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from notifications.device_repository import DEVICES
from notifications.outbox import Outbox, Progress
from notifications.outcomes import Outcome
from notifications.recordings import RECORDED_MESSAGES
from tests.notifications.factories import SA_PA, YEN_BAI, a_device, put
from tests.notifications.worker_process import FAN_OUT, HOME, NOTICE
from tests.processes import Running, started

pytestmark = pytest.mark.own_file

INSIDE = 600
RESIDENTS = 200
MEANT = INSIDE + RESIDENTS
HERE = cell_of(SA_PA, COARSE_RESOLUTION)


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    """A database with devices inside, residents who are away, strangers, and the job to warn."""
    file = tmp_path / "test.db"
    async with opened(file) as store:
        now = system_clock()
        async with store.transaction():
            await put(
                store,
                *(a_device(observed_at=now) for _ in range(INSIDE)),
                *(a_device(at=YEN_BAI, observed_at=now, homes=[HOME]) for _ in range(RESIDENTS)),
                *(a_device(at=YEN_BAI, observed_at=now) for _ in range(50)),
            )
            await Jobs(store, system_clock).enqueue(FAN_OUT, {})
    return file


@asynccontextmanager
async def opened(file: Path) -> AsyncGenerator[Store]:
    store = SqliteStore(file)
    await store.open(COLLECTIONS)
    try:
        yield store
    finally:
        await store.close()


async def start(database: Path, *arguments: str) -> Running:
    process = await started("tests.notifications.worker_process", str(database), *arguments)
    async with asyncio.timeout(60):
        assert await process.line() == b"ready\n"
    return process


async def recorded(store: Store) -> Counter[str]:
    """Count the recordings of each device."""
    return Counter(await store[RECORDED_MESSAGES].count_by("device_id", {}))


async def until_more_than(store: Store, messages: int) -> None:
    """Wait for so many recordings, or for all there can be."""
    enough = min(messages + 1, MEANT)
    async with asyncio.timeout(60):
        while await store[RECORDED_MESSAGES].count({}) < enough:  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def finished(store: Store) -> Progress:
    """Wait until nothing is open any more, and return the final count."""
    outbox = Outbox(store, system_clock)
    async with asyncio.timeout(60):
        while True:
            progress = await outbox.progress(NOTICE)
            jobs = await Jobs(store, system_clock).count_by_state()
            if progress.is_finished and jobs == {"done": 1}:
                return progress
            await asyncio.sleep(0.05)


async def kill_some_times(store: Store, database: Path, times: int) -> None:
    """Start a worker, kill it somewhere in its work, and again; the last one may finish."""
    dice = random.Random(11)  # noqa: S311 - no secret
    for _ in range(times):
        sent = await store[RECORDED_MESSAGES].count({})
        worker = await start(database)
        if dice.random() < 0.5:
            await until_more_than(store, sent + dice.randrange(60))
        else:
            await asyncio.sleep(dice.uniform(0, 0.1))
        await worker.kill()


async def test_a_worker_killed_again_and_again_loses_and_doubles_nobody(database: Path) -> None:
    async with opened(database) as store:
        await kill_some_times(store, database, 6)

        worker = await start(database)
        progress = await finished(store)
        await worker.kill()

        counts = await recorded(store)
        meant = await store[DEVICES].find({"$or": [{"home_communes": HOME}, {"cell": HERE}]})
        assert progress == Progress(MEANT, {Outcome.ACCEPTED: MEANT})
        assert counts == Counter(device["_id"] for device in meant)


@pytest.mark.parametrize(
    ("words", "is_doubled"),
    [
        pytest.param([], False, id="guarded"),
        pytest.param(["unguarded"], True, id="control: every message is taken for a new one"),
    ],
)
async def test_what_was_sent_and_not_noted_is_doubled_without_the_guard_only(
    database: Path, words: list[str], is_doubled: bool
) -> None:
    dying = await start(database, *words, "dies")
    async with asyncio.timeout(60):
        await dying.rest()

    async with opened(database) as store:
        worker = await start(database, *words)
        await finished(store)
        await worker.kill()

        counts = await recorded(store)
        assert len(counts) == MEANT
        assert (max(counts.values()) > 1) is is_doubled


async def test_two_workers_one_of_them_killed_share_the_work(database: Path) -> None:
    async with opened(database) as store:
        first, second = await asyncio.gather(start(database), start(database))
        await until_more_than(store, 30)
        await first.kill()

        progress = await finished(store)
        await second.kill()

        assert progress == Progress(MEANT, {Outcome.ACCEPTED: MEANT})
        assert set((await recorded(store)).values()) == {1}
        assert len(await recorded(store)) == MEANT
