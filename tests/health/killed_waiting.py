"""A product that is killed while it passes places on: `python -m tests.health.killed_waiting FOLDER TASK [unguarded]`.

FOLDER holds `left.db` and the keys. For each write in turn a process begins the task and kills itself (SIGKILL)
just before that write; another one looks at what is there, and later one more brings it to its end. Prints, for
each kill, what was found and how it ended, as JSON.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.health.appointments.records import AppointmentStatus
from api.health.appointments.repository import ALIVE, HEALTH_APPOINTMENTS
from api.health.moving.cancelled_session import CancellationReason
from api.health.slots.repository import HEALTH_SLOTS
from api.health.waitlist.repository import HEALTH_KEPT_PLACES
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from notifications.outbox import OUTBOX
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.erasing_process import Task, in_a_child, kill_before, run
from tests.conftest import NOW, MovableClock
from tests.health.places import FACILITY, MONDAY
from tests.tourism.editing.killed_editor import without_transactions

CLERK = "the-clerk-of-a-killed-product"
A_DAY_BEFORE_BOTH = MONDAY - timedelta(hours=23, minutes=45)
_WRITES_AT_MOST = 200
_DESK = Caller(CLERK, grants=frozenset({Grant(Role.CLERK, Scope(ScopeKind.FACILITY, FACILITY))}))


async def nothing(_: Store, __: Services) -> None:
    """What is asked for is in the store already: the worker does the rest."""


async def free(store: Store, services: Services) -> None:
    """Let who has the place cancel."""
    booked = AppointmentStatus.BOOKED.value
    if found := await store[HEALTH_APPOINTMENTS].find_one({"status": booked}):
        caller = Caller(found["booker_id"])
        cancelling = services.health.booking.cancelling
        await cancelling.cancel(caller, found["_id"], "key-of-a-killed-holder")


async def cancel_session(store: Store, services: Services) -> None:
    found = await store[HEALTH_SLOTS].find_one({})
    assert found is not None
    cancelling, away = services.health.waiting.cancelling, CancellationReason.PRACTITIONER_AWAY
    await cancelling.cancel_session(_DESK, found["session_id"], away, "key-of-a-killed-desk")


@dataclass(frozen=True, slots=True)
class Begun:
    """A task, and when it is done."""

    task: Task
    now: datetime


TASKS: Mapping[str, Begun] = {
    "pass on": Begun(free, NOW),
    "expire": Begun(nothing, NOW + timedelta(minutes=15)),
    "cancel session": Begun(cancel_session, NOW),
    "remind": Begun(nothing, A_DAY_BEFORE_BOTH),
}


async def look(store: Store, _: Services) -> dict[str, Any]:
    """Return whose the places are, and how much was said."""
    slots = await store[HEALTH_SLOTS].find({})
    appointments = await store[HEALTH_APPOINTMENTS].find({})
    alive = [it for it in appointments if it["status"] in ALIVE]
    batches = await store[OUTBOX].find({})
    return {
        "capacity": sum(slot["capacity"] for slot in slots),
        "room": sum(slot["room"] for slot in slots),
        "alive": len(alive),
        "kept": await store[HEALTH_KEPT_PLACES].count({}),
        "offered": sorted(it["booker_id"] for it in alive if it["status"] == "pending"),
        "told": sum(len(batch["device_ids"]) for batch in batches),
        "texts": await store[TEXT_OUTBOX].count({}),
    }


def is_whole(found: Mapping[str, Any]) -> bool:
    """Tell whether every room of the places is somebody's, everybody's, or kept back: once."""
    return bool(found["room"] + found["alive"] + found["kept"] == found["capacity"])


def whole(begun: Begun, now: MovableClock) -> Task:
    """Return the task with what the worker does after it."""

    async def work(store: Store, services: Services) -> None:
        await begun.task(store, services)
        await JobRunner(store, now, services.health.handlers()).run_due()

    return work


def brought_to_its_end(begun: Begun, later: MovableClock) -> Task:
    """Return what looks, does the rest, and looks again."""

    async def bring(store: Store, services: Services) -> dict[str, Any]:
        found = await look(store, services)
        await whole(begun, later)(store, services)
        return {"found": found, "done": await look(store, services)}

    return bring


async def merely_found(store: Store, services: Services) -> dict[str, Any]:
    return {"found": await look(store, services)}


def main(folder: Path, name: str, *, guarded: bool) -> None:
    if not guarded:
        without_transactions()
    begun = TASKS[name]
    # A lease that a killed worker held has ended.
    now, later = MovableClock(begun.now), MovableClock(begun.now + timedelta(minutes=1))
    results: list[dict[str, Any]] = []
    for number in range(1, _WRITES_AT_MOST):
        for file in folder.glob("erasing.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "erasing.db")

        def killed_work(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, now, whole(begun, now)))

        if not in_a_child(killed_work):
            break
        after = brought_to_its_end(begun, later) if guarded else merely_found
        results.append(asyncio.run(run(folder, later, after)))
        if not guarded and not is_whole(results[-1]["found"]):
            break  # the control has shown it
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], guarded="unguarded" not in sys.argv[3:])
