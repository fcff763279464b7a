"""A worker that is killed while it erases: `python -m tests.accounts.erasing_process FOLDER [unguarded]`.

FOLDER holds `left.db`, a store in which somebody has just left, and the keys. For each write in turn a
process of its own begins to erase and kills itself (SIGKILL) just before that write; then another process goes
on. Prints, for each kill, how many documents still name the person, as JSON.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from api.accounts.privacy.erasing import Erasing
from api.accounts.privacy.erasures import ERASURES, Erasure
from api.accounts.privacy.leaving import SETTLES_AFTER
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from api.worker import handlers_of
from tests.accounts.traces import documents_with
from tests.conftest import NOW, ROOT, MovableClock

WRITES_AT_MOST = 200
Task = Callable[[Store, Services], Awaitable[Any]]


async def run(folder: Path, now: MovableClock, task: Task) -> Any:  # noqa: ANN401
    store = SqliteStore(folder / "erasing.db", now)
    settings = Settings(
        data_folder=folder,
        contract_folder=ROOT / "graphql",
        bot_url="http://127.0.0.1:9",
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )
    await store.open(COLLECTIONS)
    async with services_on(store, settings, now) as services:
        result = await task(store, services)
    await store.close()
    return result


def worker(now: MovableClock) -> Task:
    async def work(store: Store, services: Services) -> None:
        await JobRunner(store, now, handlers_of(services)).run_due()

    return work


def kill_before(number: int) -> None:
    """Let this process end at its write of that number."""
    write, count = SqliteStore.write, 0

    async def counted(store: SqliteStore, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return await write(store, *arguments, **options)

    setattr(SqliteStore, "write", counted)  # noqa: B010 - a method of its own for this process


async def note_before_erasing(erasing: Any, erasure: Erasure, person_id: str) -> list[str]:  # noqa: ANN401
    """What `_ask_holders` must not do: a kill in between leaves what was noted as gone."""
    for holder in erasing._holders:
        if holder.name not in erasure.done:
            await erasing._erasures.mark_done(erasure.id, holder.name)
            await holder.erase(person_id)
    return []


async def traces(store: Store, _: Services) -> dict[str, int]:
    ids = json.loads(os.environ["IDS"])
    (erasure,) = await store[ERASURES].find({})
    left = await documents_with(store, ids)
    return {"left": sum(left.values()), "finished": int(erasure["finished_at"] is not None)}


def in_a_child(begin: Callable[[], None]) -> bool:
    """Do it in a process of its own; return whether that was killed."""
    child = os.fork()
    if child == 0:
        begin()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main(folder: Path, *, guarded: bool) -> None:
    if not guarded:
        setattr(Erasing, "_ask_holders", note_before_erasing)  # noqa: B010 - the control
    due = MovableClock(NOW + SETTLES_AFTER)
    later = MovableClock(due() + timedelta(minutes=5))
    results: list[dict[str, int]] = []
    for number in range(1, WRITES_AT_MOST):
        for file in folder.glob("erasing.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "erasing.db")

        def killed_work(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, due, worker(due)))

        was_killed = in_a_child(killed_work)
        if not was_killed:
            break
        in_a_child(lambda: asyncio.run(run(folder, later, worker(later))))
        results.append(asyncio.run(run(folder, later, traces)))
        if not guarded and results[-1]["left"]:
            break  # the control has shown it
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
