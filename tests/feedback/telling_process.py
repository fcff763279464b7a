"""A worker that is killed while it tells, warns and closes: `python -m tests.feedback.telling_process FOLDER [unguarded]`.

FOLDER holds `left.db`, a store with reports of which much is due, and the keys. For every thirteenth write in turn a
process of its own does what is due and kills itself (SIGKILL) just before that write; then another one goes on.
Prints, for each kill, in what the end differs from what it is without a kill, as JSON.
"""

import asyncio
import json
import shutil
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from api.collections import COLLECTIONS
from api.context import Services
from api.feedback.clocks import escalating
from api.feedback.following import telling
from api.feedback.life import closing
from api.feedback.life.steps import STEPS
from api.feedback.reports.repository import REPORTS
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from notifications.fan_outs import FAN_OUTS
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.erasing_process import in_a_child, kill_before
from tests.conftest import NOW, ROOT, MovableClock

DUE = NOW + timedelta(days=15)
WRITES_AT_MOST = 200
GUARDED = range(1, WRITES_AT_MOST, 13)
CONTROL = range(10, WRITES_AT_MOST)
"""What comes before are reads of what is due, and writes that are one by themselves."""
Task = Callable[[Services], Awaitable[Any]]
Ended = dict[str, dict[str, int]]


async def run(folder: Path, now: MovableClock, task: Task) -> Any:  # noqa: ANN401
    store = SqliteStore(folder / "telling.db", now)
    settings = Settings(
        data_folder=folder,
        contract_folder=ROOT / "graphql",
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )
    await store.open(COLLECTIONS)
    async with services_on(store, settings, now) as services:
        result = await task(services)
    await store.close()
    return result


async def work(services: Services, *, now: MovableClock) -> None:
    await JobRunner(services.store, now, services.feedback.handlers()).run_due()


async def ended(services: Services) -> Ended:
    """Count what was done: states, steps, and what was said to whom."""
    store = services.store
    reports = await store[REPORTS].find({})
    steps = await store[STEPS].find({})
    texts = await store[TEXT_OUTBOX].find({})
    notices = await store[FAN_OUTS].find({})
    return {
        "states": Counter(f"{one['state']} {one['level']} {one['steps']}" for one in reports),
        "steps": Counter(one["move"] for one in steps),
        "texts": Counter(str(one.get("person_id")) for one in texts),
        "notices": {"all": len(notices)},
    }


async def in_pieces(_: Store, work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Do what `transact` must not: write one thing after the other."""
    return await work()


def afresh(folder: Path) -> None:
    for file in folder.glob("telling.db*"):
        file.unlink()
    shutil.copy(folder / "left.db", folder / "telling.db")


def main(folder: Path, *, guarded: bool) -> None:
    due = MovableClock(DUE)
    later = MovableClock(DUE + timedelta(minutes=5))
    afresh(folder)
    asyncio.run(run(folder, due, partial(work, now=due)))
    whole = asyncio.run(run(folder, later, ended))
    if not guarded:
        for module in (telling, escalating, closing):
            setattr(module, "transact", in_pieces)  # noqa: B010 - the control
    results: list[dict[str, Any]] = []
    for number in GUARDED if guarded else CONTROL:
        afresh(folder)

        def killed_work(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, due, partial(work, now=due)))

        if not in_a_child(killed_work):
            break
        in_a_child(lambda: asyncio.run(run(folder, later, partial(work, now=later))))
        after = asyncio.run(run(folder, later, ended))
        results.append({name: after[name] for name in whole if after[name] != whole[name]})
        if not guarded and results[-1]:
            break  # the control has shown what it is there for
    print(json.dumps([{"whole": whole}, *results]))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
