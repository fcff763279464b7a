"""A warning through everything that can go wrong: who got it, and who was bothered twice?

20,000 phones near Sa Pa (4,000 and a shorter outage with `--short`: under four minutes), the product's own workers, and an FCM that refuses, throttles, delivers and then says 503, resets
streams, cuts connections and is away for a minute; and workers killed (SIGKILL) six times on the way. Run
with one worker at a time and with two. `python -m bench.push_chaos`.
"""

import asyncio
import os
import random
import sys
import tempfile
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from api.alerts.sample import sample_message
from api.context import Services
from api.kit.clock import system_clock
from api.settings import Settings
from api.wiring import wired
from bench.machine import described_machine
from bench.races import ROOT
from notifications.fan_outs import FAN_OUTS
from notifications.outbox import Outbox, Progress
from notifications.outcomes import Outcome
from tests.notifications.factories import SA_PA, a_device, put
from tests.notifications.fake_fcm import OK, UNREGISTERED, FakeFcm, Reply, write_credentials

KILLS = 6
ENDS_WITHIN_SECONDS = 900.0
DEAD, THROTTLED, UNAVAILABLE, DELIVERED, RESET = 0.05, 0.02, 0.02, 0.005, 0.002
CUT_EVERY = 4_000
"""Requests after which all connections are cut."""


@dataclass(frozen=True, slots=True)
class Size:
    phones: int
    outage_seconds: float


WHOLE = Size(20_000, 60.0)
SHORT = Size(4_000, 15.0)


class Phones:
    """What lies in the tray of each phone: a message with the tag of another takes its place."""

    def __init__(self) -> None:
        self.trays: dict[str, set[str]] = defaultdict(set)
        self.deliveries = 0

    def show(self, message: dict[str, Any]) -> None:
        self.deliveries += 1
        android, apple = message.get("android"), message.get("apns")
        tag = (
            android["notification"]["tag"]
            if android
            else apple["headers"]["apns-collapse-id"]
            if apple
            else message["webpush"]["notification"]["tag"]
        )
        self.trays[_registration(message)].add(str(tag))


@dataclass(frozen=True, slots=True)
class Result:
    """`lost`: phones that are there and show nothing; `doubled`: that show more than one; `open`: without an outcome."""

    outcomes: dict[Outcome, int]
    lost: int
    doubled: int
    open: int
    deliveries: int
    seconds: float

    def holds(self, phones: int, alive: int) -> bool:
        expected = {Outcome.ACCEPTED: alive, Outcome.RETIRED: phones - alive}
        return (self.lost, self.doubled, self.open) == (0, 0, 0) and self.outcomes == expected


class Trouble:
    """An FCM with the troubles above, the same each time."""

    def __init__(self, fcm: FakeFcm, registrations: list[str]) -> None:
        self._dice = random.Random(11)
        self._fcm = fcm
        self.dead = {one for one in registrations if self._dice.random() < DEAD}
        self.phones = Phones()
        self._asked = 0
        fcm.script = self._reply

    def _reply(self, registration: str) -> Reply:
        self._asked += 1
        if self._asked % CUT_EVERY == 0:
            asyncio.get_running_loop().call_soon(self._fcm.cut)
        if registration in self.dead:
            return UNREGISTERED
        reply = self._thrown()
        if reply.status == 200 or reply.delivered:
            self.phones.show(self._fcm.requests[-1])
        return reply

    def _thrown(self) -> Reply:
        thrown = self._dice.random()
        for share, reply in (
            (THROTTLED, Reply(429, "QUOTA_EXCEEDED", {"Retry-After": "2"})),
            (UNAVAILABLE, Reply(503, "UNAVAILABLE")),
            (DELIVERED, Reply(503, "UNAVAILABLE", delivered=True)),
            (RESET, Reply(503, reset=True)),
        ):
            if thrown < share:
                return reply
            thrown -= share
        return OK

    async def be_away(self, seconds: float) -> None:
        self._fcm.is_away = True
        self._fcm.cut()
        await asyncio.sleep(seconds)
        self._fcm.is_away = False


class Workers:
    """So many workers of the product, each killed and started anew."""

    def __init__(self, environment: dict[str, str], count: int) -> None:
        self._environment = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        self._count = count
        self._processes: list[Process] = []

    async def start(self) -> None:
        while len(self._processes) < self._count:
            command = (sys.executable, "-c", "from api.cli import main; main()", "worker")
            self._processes.append(
                await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self._environment)
            )

    async def kill_one(self) -> None:
        process = self._processes.pop(0)
        process.kill()
        await process.wait()

    async def end(self) -> None:
        while self._processes:
            await self.kill_one()


async def measured(size: Size, workers_at_once: int) -> tuple[Result, int]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with FakeFcm().serving(folder) as fcm, wired(_settings(folder)) as services:
            registrations = await _registered(services, size.phones)
            trouble = Trouble(fcm, registrations)
            xml = sample_message("bench-of-chaos", system_clock())
            await services.alerts.import_cap(xml.encode(), "bench")
            workers = Workers(_environment(folder, fcm), workers_at_once)
            async with _at_the_end(workers):
                began = asyncio.get_running_loop().time()
                progress = await _through_trouble(services, trouble, workers, size)
                seconds = asyncio.get_running_loop().time() - began
            alive = set(registrations) - trouble.dead
            trays = trouble.phones.trays
            result = Result(
                outcomes={it: n for it, n in progress.by_outcome.items() if n},
                lost=len(alive - trays.keys()),
                doubled=sum(len(tray) > 1 for tray in trays.values()),
                open=size.phones - sum(progress.by_outcome.values()),
                deliveries=trouble.phones.deliveries,
                seconds=seconds,
            )
            return result, len(alive)


async def _through_trouble(
    services: Services, trouble: Trouble, workers: Workers, size: Size
) -> Progress:
    """Kill and restart on the way, with an outage in the middle, until every phone has its outcome."""
    settled_at = [size.phones * (number + 1) // (KILLS + 2) for number in range(KILLS)]
    away: asyncio.Task[None] | None = None
    await workers.start()
    async with asyncio.timeout(ENDS_WITHIN_SECONDS):
        while True:
            progress = await _progress(services)
            settled = progress.devices - progress.by_outcome.get(Outcome.QUEUED, 0)
            if settled_at and settled >= settled_at[0]:
                settled_at.pop(0)
                await workers.kill_one()
                await workers.start()
                if away is None and len(settled_at) == KILLS // 2:
                    away = asyncio.create_task(trouble.be_away(size.outage_seconds))
            if not settled_at and progress.devices == size.phones and progress.is_finished:
                return progress
            await asyncio.sleep(0.1)


async def _progress(services: Services) -> Progress:
    # The warning itself began first; who is looked for as a newcomer later gets a notice of its own.
    notices = await services.store[FAN_OUTS].find({}, sort=[("began_at", 1)], limit=1)
    if not notices:
        return Progress(0, {})
    return await Outbox(services.store, system_clock).progress(notices[0]["_id"])


async def _registered(services: Services, phones: int) -> list[str]:
    now = system_clock()
    devices = [a_device(at=SA_PA, observed_at=now, updated_at=now) for _ in range(phones)]
    for start in range(0, phones, 1_000):
        async with services.store.transaction():
            await put(services.store, *devices[start : start + 1_000])
    return [device.profile.registration.value for device in devices]


def _settings(folder: Path) -> Settings:
    return Settings(data_folder=folder)


def _environment(folder: Path, fcm: FakeFcm) -> dict[str, str]:
    return {
        "LAOCAI_DATA_FOLDER": str(folder),
        "LAOCAI_FCM_URL": fcm.url,
        "LAOCAI_FCM_CREDENTIALS_FILE": str(write_credentials(folder, fcm.token_url)),
        "LAOCAI_LOG_LEVEL": "error",
        "SSL_CERT_FILE": fcm.certificates,
    }


@asynccontextmanager
async def _at_the_end(workers: Workers) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await workers.end()


def _registration(message: dict[str, Any]) -> str:
    return str(message.get("token") or message["fid"])


async def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 when anybody was lost, bothered twice or left without an outcome."""
    table = Table(
        "workers",
        "phones",
        "accepted",
        "retired",
        "lost",
        "doubled",
        "open",
        "deliveries",
        "seconds",
    )
    is_right, size = True, SHORT if "--short" in arguments else WHOLE
    for workers in (1, 2):
        result, alive = await measured(size, workers)
        is_right &= result.holds(size.phones, alive)
        ends = (result.outcomes.get(it, 0) for it in (Outcome.ACCEPTED, Outcome.RETIRED))
        counts = (workers, size.phones, *ends, result.lost, result.doubled, result.open)
        table.add_row(*map(str, (*counts, result.deliveries)), f"{result.seconds:.0f}")
    Console(width=110).print(described_machine(), table)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
