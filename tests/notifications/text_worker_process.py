"""A worker of texts to be killed: `python -m tests.notifications.text_worker_process DATABASE URL [SECONDS]`.

It sends SMS through SNS at URL, under leases of so many seconds.
"""

import asyncio
import sys
from pathlib import Path

from api.collections import COLLECTIONS
from api.kit.clock import system_clock
from api.kit.sealing import KeyFile, Sealer
from api.kit.store.sqlite import SqliteStore
from notifications import text_outbox
from notifications.senders.sns import SnsSender
from notifications.text_worker import TextWorker
from notifications.texts import Channel

REGION = "ap-southeast-1"


async def main(database: Path, url: str, lease_seconds: float) -> None:
    text_outbox.LEASE_SECONDS = lease_seconds
    store = SqliteStore(database)
    await store.open(COLLECTIONS)
    sealer = Sealer(KeyFile(database.with_name("keys.json")))
    sns = SnsSender(system_clock, sender_id=None, region=REGION, url=url)
    worker = TextWorker(store, sealer, system_clock, {Channel.SMS: sns})
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    await worker.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
