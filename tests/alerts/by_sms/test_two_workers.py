"""Two workers at once, each over a connection of its own: nobody is told twice, and nobody of half of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.alerts.by_sms.ending import END_SMS
from api.alerts.by_sms.queueing import SmsQueue
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.job_runner import JobRunner
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from api.worker import handlers_of
from tests.alerts.by_sms.conftest import EXTREME, Texting, cancel, someone
from tests.alerts.conftest import Door
from tests.alerts.messages import alert
from tests.conftest import MovableClock

pytestmark = pytest.mark.own_file

NUMBERS = [f"+8491234567{digit}" for digit in range(6)]
WARNED, LIFTED = "Lũ quét", "Đã gỡ cảnh báo: Lũ quét"


@pytest.fixture
async def workers(
    store: Store, settings: Settings, clock: MovableClock, tmp_path: Path, services: Services
) -> AsyncIterator[list[Services]]:
    async with AsyncExitStack() as stack:
        other = SqliteStore(tmp_path / "test.db", clock)
        await other.open(COLLECTIONS)
        stack.push_async_callback(other.close)
        yield [services, await stack.enter_async_context(services_on(other, settings, clock))]


@pytest.fixture(autouse=True)
async def people(client: httpx.AsyncClient, services: Services) -> None:
    for number in NUMBERS:
        await someone(client, services, number)


async def run_jobs(worker: Services, clock: MovableClock) -> None:
    await JobRunner(worker.store, clock, handlers_of(worker)).run_due()


async def test_an_end_that_both_run_is_told_once(
    door: Door, texting: Texting, workers: list[Services], store: Store
) -> None:
    await door.accepts(alert(EXTREME))
    await texting.run()
    await texting.run(minutes=5)
    await door.accepts(cancel())
    await run_jobs(workers[0], texting.phones.clock)
    (job,) = await store[JOBS].find({"kind": END_SMS})

    await asyncio.gather(*(worker.by_sms.ends.end(job["payload"]) for worker in workers * 2))
    await texting.run(minutes=1)

    assert [texting.got(number) for number in NUMBERS] == [[WARNED, LIFTED]] * len(NUMBERS)


async def test_a_cancel_in_the_midst_of_the_sms_leaves_nobody_with_half_of_it(
    door: Door, texting: Texting, workers: list[Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, say = texting.phones.clock, SmsQueue.say
    some_are_queued, queued = asyncio.Event(), 0

    async def counted(queue: SmsQueue, *asked: Any) -> bool:  # noqa: ANN401 - handed through
        nonlocal queued
        is_told = await say(queue, *asked)
        queued += 1
        if queued == 2:
            await texting.worker.run_due()
            some_are_queued.set()
        return is_told

    async def cancelled() -> None:
        await some_are_queued.wait()
        await door.accepts(cancel())
        await run_jobs(workers[1], clock)

    monkeypatch.setattr(SmsQueue, "say", counted)
    await texting.run()
    await door.accepts(alert(EXTREME))
    await texting.run()
    clock.advance(minutes=5)

    await asyncio.gather(run_jobs(workers[0], clock), cancelled())
    for _ in range(3):
        await texting.run(minutes=1)

    got = [texting.got(number) for number in NUMBERS]
    assert got.count([WARNED, LIFTED]) >= 2
    assert all(one in ([], [WARNED, LIFTED]) for one in got), got
