"""A product that is killed while it counts: `python -m tests.feedback.killed_rater FOLDER TASK [unguarded]`.

FOLDER holds `left.db` and the keys; TICKET, SCANNED, DEVICE and SECRET say what is rated. For each write in turn a
process begins the task and kills itself (SIGKILL) just before that write; another one looks at what is there, and
one more does it again. Prints, for each kill, what was found and how it ended, as JSON.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from api.accounts.caller import Caller
from api.context import Services
from api.feedback.reports.reporters import ShownDevice
from api.feedback.satisfaction.office_codes.rating_offices import Visitor
from api.feedback.satisfaction.rating import Said
from api.feedback.satisfaction.records import Grade, Reason
from api.feedback.satisfaction.repository import RATINGS
from api.feedback.satisfaction.tallies import TALLIES
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from notifications.outbox import OUTBOX
from tests.accounts.erasing_process import Task, in_a_child, kill_before, run
from tests.conftest import NOW, MovableClock
from tests.tourism.editing.killed_editor import without_transactions

SAID = Said(Grade.NEUTRAL, (Reason.WAITING,), "Chờ lâu.", "vi")
_WRITES_AT_MOST = 200


async def tap(_: Store, services: Services) -> None:
    await services.feedback.satisfaction.giving.give_by_ticket(os.environ["TICKET"], SAID)


async def scan(_: Store, services: Services) -> None:
    device = ShownDevice(os.environ["DEVICE"], os.environ["SECRET"])
    visitor = Visitor(Caller(), device, "", "vi")
    offices = services.feedback.satisfaction.rating_offices
    await offices.rate(visitor, os.environ["SCANNED"], SAID, "key-of-a-killed-device")


async def ask(store: Store, services: Services) -> None:
    handlers = services.feedback.handlers()
    await JobRunner(store, services.feedback.satisfaction.clock, handlers).run_due()


TASKS: Mapping[str, Task] = {"tap": tap, "scan": scan, "ask": ask}


async def look(store: Store, services: Services) -> dict[str, int]:
    """Return how many ratings were given, how many are counted, and how many phones were told."""
    tallies = await store[TALLIES].find({})
    batches = await store[OUTBOX].find({})
    return {
        "given": await store[RATINGS].count({"grade": SAID.grade.value}),
        "counted": sum(tally["total"] for tally in tallies),
        "differences": len((await services.feedback.satisfaction.recounting.run()).differences),
        "told": sum(len(batch["device_ids"]) for batch in batches),
    }


async def merely_look(store: Store, services: Services) -> dict[str, Any]:
    return {"found": await look(store, services)}


def look_and_do_again(task: Task) -> Task:
    async def work(store: Store, services: Services) -> dict[str, Any]:
        found = await look(store, services)
        await task(store, services)
        return {"found": found, "done": await look(store, services)}

    return work


def main(folder: Path, name: str, *, guarded: bool) -> None:
    if not guarded:
        without_transactions()
    task = TASKS[name]
    # A lease that a killed worker held has ended.
    now, later = MovableClock(NOW), MovableClock(NOW + timedelta(minutes=1))
    after = look_and_do_again(task) if guarded else merely_look
    results: list[dict[str, Any]] = []
    for number in range(1, _WRITES_AT_MOST):
        for file in folder.glob("erasing.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "erasing.db")

        def killed_work(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, now, task))

        if not in_a_child(killed_work):
            break
        results.append(asyncio.run(run(folder, later, after)))
        if not guarded and results[-1]["found"]["differences"]:
            break  # the control has shown it
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], guarded="unguarded" not in sys.argv[3:])
