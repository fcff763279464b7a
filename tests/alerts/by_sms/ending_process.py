"""A worker that is killed while it ends a warning by SMS: `python -m tests.alerts.by_sms.ending_process FOLDER [unguarded]`.

FOLDER holds `warned.db`, a store in which people got a warning by SMS that has just been cancelled, and the keys.
For each write in turn a process of its own begins to run what is due and kills itself (SIGKILL) just before that
write; then another process goes on. Prints, for each kill, what was queued and counted, as JSON.
"""

import asyncio
import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from api.alerts.by_sms.spending import WARNING_SMS_COSTS
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from api.worker import handlers_of
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.erasing_process import Task, in_a_child, kill_before
from tests.alerts.composing.issuing_process import without_transactions
from tests.conftest import NOW, ROOT, MovableClock

WRITES_AT_MOST = 200
PEOPLE = 2
AFTER_THE_WARNING = timedelta(minutes=5)
AFTER_THE_KILL = timedelta(minutes=2)


async def run(folder: Path, clock: MovableClock, task: Task) -> Any:  # noqa: ANN401
    store = SqliteStore(folder / "ending.db", clock)
    settings = Settings(
        data_folder=folder,
        contract_folder=ROOT / "graphql",
        bot_url="http://127.0.0.1:9",
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )
    await store.open(COLLECTIONS)
    async with services_on(store, settings, clock) as services:
        result = await task(store, services)
    await store.close()
    return result


def worker(clock: MovableClock) -> Task:
    async def work(store: Store, services: Services) -> dict[str, int]:
        await JobRunner(store, clock, handlers_of(services)).run_due()
        return await left(store)

    return work


async def left(store: Store) -> dict[str, int]:
    """Return the ends that are queued, the people who got several, and the messages counted."""
    queued = await store[TEXT_OUTBOX].find({"channel": "sms", "state": "queued"})
    costs = await store[WARNING_SMS_COSTS].find({})
    people = [one["person_id"] for one in queued]
    return {
        "queued": len(people),
        "doubled": len(people) - len(set(people)),
        "counted": sum(one["messages"] for one in costs if one["ends"]),
    }


def main(folder: Path, *, guarded: bool) -> None:
    due = MovableClock(NOW + AFTER_THE_WARNING)
    later = MovableClock(due() + AFTER_THE_KILL)
    results: list[dict[str, int]] = []
    for number in range(1, WRITES_AT_MOST):
        for file in folder.glob("ending.db*"):
            file.unlink()
        shutil.copy(folder / "warned.db", folder / "ending.db")

        def killed_work(number: int = number) -> None:
            if not guarded:
                without_transactions()
            kill_before(number)
            asyncio.run(run(folder, due, worker(due)))

        if not in_a_child(killed_work):
            break
        results.append(asyncio.run(run(folder, later, worker(later))))
        if not guarded and results[-1]["queued"] < PEOPLE:
            break  # the control has shown it
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
