"""An API that is killed while it passes a message on: `python -m tests.bot.killed_passing_on FOLDER CONVERSATION [unguarded]`.

FOLDER holds `left.db`, a store in which CONVERSATION waits for a person, and the keys. For each write in turn a
process begins and kills itself (SIGKILL) just before that write; another one looks at what is there, and gets the
same message again. Prints, for each kill, what was there before and after, as JSON.
"""

import asyncio
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from api.bot.handoff.repository import CHANGES, HANDOFF_MESSAGES
from api.context import Services
from api.kit.events import EVENTS
from api.kit.store import Store
from tests.accounts.erasing_process import Task, in_a_child, kill_before, run
from tests.conftest import NOW, MovableClock
from tests.tourism.editing.killed_editor import without_transactions

_WRITES_AT_MOST = 100


def passing_on(conversation_id: str) -> Task:
    async def pass_on(_: Store, services: Services) -> bool:
        return await services.handoffs.passed_on(conversation_id, "m" * 26, "My passport is gone.")

    return pass_on


async def look(store: Store, _: Services) -> dict[str, int]:
    """Return how many messages of the person are kept, and how many events the desk was told."""
    return {
        "kept": await store[HANDOFF_MESSAGES].count({"kind": "person"}),
        "told": await store[EVENTS].count({"topic": CHANGES}),
    }


def main(folder: Path, conversation_id: str, *, guarded: bool) -> None:
    if not guarded:
        without_transactions()
    now, pass_on = MovableClock(NOW), passing_on(conversation_id)

    async def again(store: Store, services: Services) -> dict[str, Any]:
        found = await look(store, services)
        if guarded:
            assert await pass_on(store, services)
        return {"found": found, "done": await look(store, services)}

    results: list[dict[str, Any]] = []
    for number in range(1, _WRITES_AT_MOST):
        for file in folder.glob("erasing.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "erasing.db")

        def killed_work(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, now, pass_on))

        if not in_a_child(killed_work):
            break
        results.append(asyncio.run(run(folder, now, again)))
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], guarded="unguarded" not in sys.argv[3:])
