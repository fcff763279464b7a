"""An approval that is killed: `python -m tests.alerts.composing.issuing_process FOLDER [unguarded]`.

FOLDER holds `waiting.db`, a store in which a draft waits, and the keys. For each write in turn a process of its
own begins to approve and kills itself (SIGKILL) just before that write. Prints, for each kill, what was
left, as JSON: the draft's state, the messages, the jobs and the rows of the audit log.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from api.accounts.caller import Caller, Grant
from api.alerts.composing.issuing import Seen
from api.alerts.composing.repository import ALERT_DRAFTS
from api.alerts.repository import ALERTS
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from tests.accounts.erasing_process import in_a_child, kill_before
from tests.conftest import NOW, ROOT, MovableClock

WRITES_AT_MOST = 60
Task = Callable[[Store, Services], Awaitable[Any]]


async def run(folder: Path, task: Task) -> Any:  # noqa: ANN401
    clock = MovableClock(NOW)
    store = SqliteStore(folder / "issuing.db", clock)
    settings = Settings(
        data_folder=folder,
        contract_folder=ROOT / "graphql",
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )
    await store.open(COLLECTIONS)
    async with services_on(store, settings, clock) as services:
        result = await task(store, services)
    await store.close()
    return result


async def approve(_: Store, services: Services) -> None:
    asked = json.loads(os.environ["ASKED"])
    caller = Caller(asked["person"], "session", frozenset(map(Grant.of, asked["grants"])))
    seen = Seen(asked["agency"], asked["draft"], asked["digest"])
    await services.composing.issuing.approve(caller, seen, asked["confirmation"])


async def left(store: Store, _: Services) -> dict[str, Any]:
    (draft,) = await store[ALERT_DRAFTS].find({})
    counts = [await store[spec].count({}) for spec in (ALERTS, JOBS, AUDIT_ROWS)]
    return {"state": draft["state"], "counts": counts}


def without_transactions() -> None:
    """The control: each write is kept by itself."""

    @asynccontextmanager
    async def nothing(_: SqliteStore) -> AsyncGenerator[None]:
        yield

    setattr(SqliteStore, "transaction", nothing)  # noqa: B010 - as above


def main(folder: Path, *, guarded: bool) -> None:
    results: list[dict[str, Any]] = []
    for number in range(1, WRITES_AT_MOST):
        for file in folder.glob("issuing.db*"):
            file.unlink()
        shutil.copy(folder / "waiting.db", folder / "issuing.db")

        def killed_work(number: int = number) -> None:
            if not guarded:
                without_transactions()
            kill_before(number)
            asyncio.run(run(folder, approve))

        was_killed = in_a_child(killed_work)
        results.append(asyncio.run(run(folder, left)))
        if not was_killed:
            break
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
