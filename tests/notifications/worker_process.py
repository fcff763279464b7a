"""A worker to be killed: `python -m tests.notifications.worker_process DATABASE [unguarded] [dies]`.

It fans one notice out and sends it to the recorder, in small steps and under short leases, so that
a kill finds it in the middle of something. One that `dies` kills itself between sending and noting.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from typing_extensions import override

from api.collections import COLLECTIONS
from api.kit.area import Area, Circle
from api.kit.clock import system_clock
from api.kit.ids import new_id
from api.kit.job_runner import JobRunner
from api.kit.store.sqlite import SqliteStore
from notifications import audience, outbox, recordings
from notifications.notice import Audience
from notifications.recordings import Recording, Recordings
from notifications.senders import recorder
from notifications.senders.recorder import Recorder
from notifications.service import Notifications
from notifications.worker import OutboxWorker
from tests.notifications.factories import SA_PA, a_notice

FAN_OUT = "test.fan_out"
NOTICE = "flood-1"
HOME = "02683"
SECONDS_OF_LEASE = 0.5
RECORDED_BEFORE_DEATH = 100


def any_id(*_: str) -> str:
    return new_id()


class LastRecordings(Recordings):
    """Kills its process when so many are recorded: of the last ones nobody has been told."""

    _recorded = 0

    @override
    async def add(self, recordings: Sequence[Recording]) -> None:
        await super().add(recordings)
        self._recorded += len(recordings)
        if self._recorded >= RECORDED_BEFORE_DEATH:
            os.kill(os.getpid(), signal.SIGKILL)


async def main(database: Path, *, guarded: bool, dies: bool) -> None:
    store = SqliteStore(database)
    await store.open(COLLECTIONS)
    notifications = Notifications(store, system_clock)
    notice = a_notice(NOTICE, expires_at=system_clock() + timedelta(days=365))

    async def fan_out(_: Mapping[str, Any]) -> None:
        area = Area.of([], [Circle(SA_PA, 5_000)])
        await notifications.fan_out(notice, Audience(area, frozenset({HOME})))

    audience.PAGE_SIZE = 150
    outbox.LEASE_SECONDS = SECONDS_OF_LEASE
    recorder.MESSAGES_AT_ONCE = 5
    if not guarded:
        setattr(recordings, "derived_id", any_id)  # noqa: B010 - a name it imports, not its own
    stop = asyncio.Event()
    jobs = JobRunner(store, system_clock, {FAN_OUT: fan_out}, lease_seconds=SECONDS_OF_LEASE)
    sender = Recorder(LastRecordings(store) if dies else Recordings(store), system_clock)
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    await asyncio.gather(jobs.run(stop), OutboxWorker(store, system_clock, sender).run(stop))


if __name__ == "__main__":
    words = sys.argv[2:]
    asyncio.run(main(Path(sys.argv[1]), guarded="unguarded" not in words, dies="dies" in words))
