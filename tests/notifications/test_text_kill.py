"""kill -9 between sending a text and noting it: it may go twice, never zero times."""

import asyncio
import random
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from api.kit.clock import system_clock
from api.kit.sealing import Sealer
from api.kit.store import Store
from notifications.senders.sns import SnsSender
from notifications.text_outbox import LEASE_SECONDS, TEXT_OUTBOX
from notifications.text_worker import TextWorker
from notifications.texts import Channel, Texts
from tests.conftest import MovableClock
from tests.notifications.factories import a_text
from tests.notifications.fake_aws import HANGS, FakeAws, Reply
from tests.notifications.text_worker_process import REGION
from tests.processes import Running, started

NUMBER = "+84912345678"
SHORT, ENDLESS = 0.5, 1e7
pytestmark = [pytest.mark.usefixtures("aws_environment"), pytest.mark.own_file]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(system_clock())


@pytest.fixture
async def aws() -> AsyncGenerator[FakeAws]:
    async with FakeAws().serving() as fake:
        yield fake


@pytest.fixture
async def heir(
    store: Store, sealer: Sealer, clock: MovableClock, aws: FakeAws
) -> AsyncGenerator[TextWorker]:
    """A worker that lives on, and whose clock the test moves."""
    sns = SnsSender(clock, sender_id=None, region=REGION, url=aws.url)
    yield TextWorker(store, sealer, clock, {Channel.SMS: sns})
    await sns.close()


async def start(database: Path, url: str, lease_seconds: float) -> Running:
    process = await started(
        "tests.notifications.text_worker_process", str(database), url, str(lease_seconds)
    )
    async with asyncio.timeout(60):
        assert await process.line() == b"ready\n"
    return process


async def killed_while_sending(database: Path, aws: FakeAws, lease_seconds: float) -> None:
    process = await start(database, aws.url, lease_seconds)
    await asyncio.wait_for(aws.arrived.wait(), 60)
    await process.kill()


async def test_what_was_sent_and_not_noted_goes_again(
    store: Store, texts: Texts, tmp_path: Path, aws: FakeAws, clock: MovableClock, heir: TextWorker
) -> None:
    await texts.queue(a_text(to=NUMBER, expires_at=clock() + timedelta(hours=1)))
    aws.script = lambda _: HANGS if len(aws.requests) == 1 else Reply()
    await killed_while_sending(tmp_path / "test.db", aws, LEASE_SECONDS)

    clock.now = system_clock() + timedelta(seconds=LEASE_SECONDS)
    await heir.run_due()

    (document,) = await store[TEXT_OUTBOX].find({})
    assert aws.deliveries == {NUMBER: 2}
    assert (document["state"], document["attempts"]) == ("sent", 2)


@pytest.mark.parametrize(
    ("lease_seconds", "deliveries"),
    [(LEASE_SECONDS, 1), pytest.param(ENDLESS, 0, id="control: a lease that does not end")],
)
async def test_what_was_lost_with_its_worker_goes_all_the_same(
    texts: Texts,
    tmp_path: Path,
    aws: FakeAws,
    clock: MovableClock,
    heir: TextWorker,
    lease_seconds: float,
    deliveries: int,
) -> None:
    await texts.queue(a_text(to=NUMBER, expires_at=clock() + timedelta(hours=1)))
    lost = Reply(hangs=True, lost=True)
    aws.script = lambda _: lost if len(aws.requests) == 1 else Reply()
    await killed_while_sending(tmp_path / "test.db", aws, lease_seconds)

    clock.now = system_clock() + timedelta(seconds=LEASE_SECONDS)
    await heir.run_due()

    assert aws.deliveries[NUMBER] == deliveries


async def test_a_worker_killed_again_and_again_loses_nobody(
    store: Store, texts: Texts, tmp_path: Path, aws: FakeAws, clock: MovableClock
) -> None:
    numbers = [f"+849{number:08}" for number in range(60)]
    for number in numbers:
        await texts.queue(a_text(number, to=number, expires_at=clock() + timedelta(hours=1)))
    dice = random.Random(11)  # noqa: S311 - no secret
    for _ in range(3):
        enough = len(aws.requests) + dice.randrange(1, 10)
        process = await start(tmp_path / "test.db", aws.url, SHORT)
        async with asyncio.timeout(60):
            while len(aws.requests) < min(enough, len(numbers)):  # noqa: ASYNC110 - across processes
                await asyncio.sleep(0.002)
        await process.kill()

    process = await start(tmp_path / "test.db", aws.url, SHORT)
    async with asyncio.timeout(60):
        while await store[TEXT_OUTBOX].count_by("state", {}) != {"sent": len(numbers)}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await process.kill()

    assert set(aws.deliveries) == set(numbers)
