"""A delivery that is killed: `python -m tests.conditions.observing_process FOLDER [unguarded]`.

FOLDER holds `before.db`, a store with a rule, and the keys. For each write in turn a process of its own takes in
a value that meets the rule, works off the jobs, and kills itself (SIGKILL) just before that write. Then the
delivery is sent again and the jobs are run again; the control stops where something was lost. Prints, for each kill, as JSON, what was left by the
kill (values, episodes, jobs) and what there is in the end (values, episodes, jobs, drafts).
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from api.alerts.composing.repository import ALERT_DRAFTS
from api.collections import COLLECTIONS
from api.conditions.intake.agency_keys import StationAgency
from api.conditions.intake.items import SentItem
from api.conditions.readings.repository import OBSERVATIONS
from api.conditions.thresholds.repository import EPISODES
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from tests.accounts.erasing_process import in_a_child, kill_before
from tests.alerts.composing.issuing_process import without_transactions
from tests.conditions.stations import RIVER
from tests.conftest import NOW, ROOT, MovableClock

WRITES_AT_MOST = 60
WHOLE = [1, 1, 1, 1]
Task = Callable[[Store, Services], Awaitable[Any]]


async def run(folder: Path, task: Task) -> Any:  # noqa: ANN401
    clock = MovableClock(NOW)
    store = SqliteStore(folder / "observing.db", clock)
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


async def observe(store: Store, services: Services) -> None:
    agency = StationAgency("key", "Đài KTTV", ("thuy-van.",), NOW, None)
    item = SentItem(RIVER, "water_level", 83.0, None, NOW.isoformat())
    await services.conditions.intake.take(agency, [item])
    for job in await store[JOBS].find({"kind": "conditions.draft"}):
        await services.conditions.handlers()["conditions.draft"](job["payload"])


async def left(store: Store) -> list[int]:
    drafting = {"kind": "conditions.draft"}
    return [
        await store[OBSERVATIONS].count({}),
        await store[EPISODES].count({}),
        await store[JOBS].count(drafting),
    ]


async def again(store: Store, services: Services) -> dict[str, list[int]]:
    by_kill = await left(store)
    await observe(store, services)
    in_the_end = [*await left(store), await store[ALERT_DRAFTS].count({})]
    return {"left": by_kill, "in_the_end": in_the_end}


def main(folder: Path, *, guarded: bool) -> None:
    results: list[dict[str, Any]] = []
    for number in range(1, WRITES_AT_MOST):
        for file in folder.glob("observing.db*"):
            file.unlink()
        shutil.copy(folder / "before.db", folder / "observing.db")

        def killed_work(number: int = number) -> None:
            if not guarded:
                without_transactions()
            kill_before(number)
            asyncio.run(run(folder, observe))

        was_killed = in_a_child(killed_work)
        found = asyncio.run(run(folder, again))
        results.append(found)
        if not was_killed or (not guarded and found["in_the_end"] != WHOLE):
            break
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
