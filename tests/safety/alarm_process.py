"""Workers that alarm for a trip: `python -m tests.safety.alarm_process FOLDER [unguarded]`.

FOLDER holds `left.db`, a store with a trip of which every alarm is due, and the keys. For every seventh write in turn
a process of its own does what is due and kills itself (SIGKILL) just before that write; then two others go on at
once. Prints, for each kill, who was told how often in the end, as JSON. `unguarded`: what is noted and what is queued are
no transaction, and what is queued has no id that is the same each time.
"""

import asyncio
import json
import os
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
from api.kit.ids import new_id
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.safety.trips import alarms, texts
from api.settings import Settings
from api.wiring import services_on
from notifications.fan_outs import FAN_OUTS
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.erasing_process import in_a_child, kill_before
from tests.conftest import NOW, ROOT, MovableClock

DUE = NOW + timedelta(hours=12)
LATER = DUE + timedelta(minutes=5)
KILLED_AT = range(2, 400, 7)
DESK_TITLE = "A trip is overdue"
Task = Callable[[Services], Awaitable[Any]]
Told = dict[str, list[int]]


async def run(folder: Path, now: MovableClock, task: Task) -> Any:  # noqa: ANN401
    store = SqliteStore(folder / "alarm.db", now)
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
    await JobRunner(services.store, now, services.safety.handlers()).run_due()


async def told(services: Services) -> Told:
    """Count what each contact and each person at the desk was told of the trip."""
    of_trip = await services.store[TEXT_OUTBOX].find({"channel": "sms"})
    notices = await services.store[FAN_OUTS].find({})
    at_desk = [one["reader"] for one in notices if DESK_TITLE in str(one["texts"])]
    return {
        "contacts": sorted(Counter(one["address_index"] for one in of_trip).values()),
        "desk": sorted(Counter(at_desk).values()),
    }


async def in_pieces(_: Store, work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Do what `transact` must not: write one thing after the other."""
    return await work()


def another_id(*_: str) -> str:
    return new_id()


def take_the_guards_off() -> None:
    setattr(alarms, "transact", in_pieces)  # noqa: B010 - the control
    for module in (alarms, texts):
        setattr(module, "derived_id", another_id)  # noqa: B010 - the control


def killed_work(folder: Path, number: int) -> None:
    now = MovableClock(DUE)
    kill_before(number)
    asyncio.run(run(folder, now, partial(work, now=now)))


def two_go_on(folder: Path) -> None:
    """Let two workers do what is left, at once."""
    now = MovableClock(LATER)

    def go_on() -> None:
        asyncio.run(run(folder, now, partial(work, now=now)))

    other = os.fork()
    if other == 0:
        go_on()
        os._exit(0)
    in_a_child(go_on)
    os.waitpid(other, 0)


def main(folder: Path, *, guarded: bool) -> None:
    if not guarded:
        take_the_guards_off()
    results: list[Told] = []
    for number in KILLED_AT:
        for file in folder.glob("alarm.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "alarm.db")
        was_killed = in_a_child(partial(killed_work, folder, number))
        two_go_on(folder)
        results.append(asyncio.run(run(folder, MovableClock(LATER), told)))
        is_shown = not guarded and any(set(counts) != {1} for counts in results[-1].values())
        if not was_killed or is_shown:
            break
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
