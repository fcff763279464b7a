"""An Extreme alert while a bulk of a million is being sent: how long until its phones have it?

The product's outbox, worker and quota (600,000 a minute), and a local FCM. The bulk is 1,000 batches of the
same 1,000 phones; when it is under way, an EXTREME notice to 1,000 others is queued. `python -m bench.push_overtaking`.
"""

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from rich.console import Console

from api.collections import COLLECTIONS
from api.kit.clock import system_clock
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from bench.local_fcm import LocalFcm, local_fcm
from bench.machine import described_machine
from bench.push import A_BATCH, MILLION, QUOTA_A_MINUTE
from notifications.fan_outs import FanOuts
from notifications.notice import Priority
from notifications.outbox import Outbox, Progress
from notifications.outcomes import Outcome
from notifications.worker import OutboxWorker
from tests.notifications.factories import a_device, a_notice, put

SECONDS_AT_MOST = 2.0
UNDER_WAY = 5_000
"""So many of the bulk are out before the alert is queued."""

LOOK_EVERY_SECONDS = 0.02
BULK, EXTREME = "the-bulk", "the-alert"


async def registered(store: Store) -> list[str]:
    """Register a batch of phones, and return their ids."""
    devices = [a_device() for _ in range(A_BATCH)]
    async with store.transaction():
        await put(store, *devices)
    return [device.id for device in devices]


async def queue(
    store: Store, notice_id: str, priority: Priority, phones: list[str], batches: int
) -> None:
    """Queue a notice: so many batches of the same phones."""
    fan_outs, now = FanOuts(store), system_clock()
    notice = a_notice(notice_id, priority=priority, expires_at=now + timedelta(hours=6))
    fan_out = await fan_outs.begin(notice, now)
    for _ in range(batches):
        added = await fan_outs.add(fan_out, phones, (), now)
        assert added is not None
        fan_out = added


async def until(store: Store, notice_id: str, accepted: int) -> Progress:
    outbox = Outbox(store, system_clock)
    while True:
        progress = await outbox.progress(notice_id)
        if progress.by_outcome.get(Outcome.ACCEPTED, 0) >= accepted:
            return progress
        await asyncio.sleep(LOOK_EVERY_SECONDS)


@asynccontextmanager
async def working(store: Store, fcm: LocalFcm) -> AsyncGenerator[None]:
    """Run the product's worker until the end of the block."""
    os.environ["REQUESTS_CA_BUNDLE"] = fcm.certificates  # of firebase-admin's token requests
    from notifications.senders.fcm import FcmSender
    from notifications.senders.token_bucket import TokenBucket

    sender = FcmSender(
        fcm.credentials,
        system_clock,
        url=fcm.url,
        quota=TokenBucket(QUOTA_A_MINUTE),
        certificates=fcm.certificates,
    )
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(OutboxWorker(store, system_clock, sender).run(stop))
        try:
            yield
        finally:
            stop.set()
    await sender.close()


async def measured(folder: Path, fcm: LocalFcm) -> float:
    """Return the seconds from queueing the alert to its last phone."""
    store, loop = SqliteStore(folder / "bench.db"), asyncio.get_running_loop()
    await store.open(COLLECTIONS)
    try:
        some, others = await registered(store), await registered(store)
        await queue(store, BULK, Priority.NORMAL, some, MILLION // A_BATCH)
        async with working(store, fcm):
            await until(store, BULK, UNDER_WAY)
            began = loop.time()
            await queue(store, EXTREME, Priority.EXTREME, others, 1)
            await until(store, EXTREME, A_BATCH)
            return loop.time() - began
    finally:
        await store.close()


async def main() -> int:
    """Print the seconds; return 1 when they are too many."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name, local_fcm(Path(name)) as fcm:
        seconds = await measured(Path(name), fcm)
    Console(width=110).print(
        described_machine(),
        f"an EXTREME notice to {A_BATCH:,} phones, queued while {MILLION:,} are being sent, was with all of "
        f"them after {seconds:.2f} s (at most {SECONDS_AT_MOST})",
    )
    return 0 if seconds <= SECONDS_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
