"""An API that is killed while it publishes or loads: `python -m tests.tourism.editing.killed_editor FOLDER TASK [unguarded]`.

FOLDER holds `left.db` with a draft of P055 by DRAFT_OF, and the keys; TASK is publish or load. For each write in
turn a process begins and kills itself (SIGKILL) just before that write; then another one looks at what is
there, and does it again. Prints, for each kill, both as JSON.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.context import Services
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.tourism.editing.repository import PLACE_DRAFTS, PLACE_EDITS, PLACE_VERSIONS
from api.tourism.repository import PLACES
from api.tourism.seeding import seed
from tests.accounts.erasing_process import in_a_child, kill_before, run
from tests.conftest import NOW, MovableClock

PLACE = "P055"
DRAFT_OF = "the-editor-who-is-killed"
_WRITES_AT_MOST = 300
_EDITOR = Caller(DRAFT_OF, grants=frozenset({Grant(Role.CONTENT_EDITOR, PROVINCE)}))


async def publish(store: Store, services: Services) -> None:
    if draft := await store[PLACE_DRAFTS].find_one({"editor": DRAFT_OF}):
        key = "key-of-a-killed-editor"
        await services.tourism.editing.publishing.publish(_EDITOR, draft["_id"], key)


async def load(store: Store, services: Services) -> None:
    await seed(store, lambda _done, _total: None, Path(sys.argv[1]) / "content", MovableClock(NOW))


TASKS = {"publish": publish, "load": load}


async def look(store: Store, services: Services) -> dict[str, Any]:
    place = await store[PLACES].get(PLACE)
    edit = await store[PLACE_EDITS].get(PLACE)
    rows = (await services.audit.entries(100, None)).items
    return {
        "places": await store[PLACES].count({}),
        "altitude": place["altitude_metres"] if place else None,
        "category": place["category"] if place else None,
        "kept": edit["version"] if edit else 0,
        "versions": await store[PLACE_VERSIONS].count({}),
        "drafts": await store[PLACE_DRAFTS].count({}),
        "noted": sum(row.entry is not None for row in rows),
    }


def without_transactions() -> None:
    """The control: every write stands for itself."""

    @asynccontextmanager
    async def nothing(_: SqliteStore) -> AsyncGenerator[None]:
        yield

    setattr(SqliteStore, "transaction", nothing)  # noqa: B010 - a method of its own for this process


def main(folder: Path, name: str, *, guarded: bool) -> None:
    if not guarded:
        without_transactions()
    results: list[dict[str, Any]] = []
    for number in range(1, _WRITES_AT_MOST):
        for file in folder.glob("erasing.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "erasing.db")

        def killed_work(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, MovableClock(NOW), TASKS[name]))

        if not in_a_child(killed_work):
            break
        found = asyncio.run(run(folder, MovableClock(NOW), look))
        if guarded:
            in_a_child(lambda: asyncio.run(run(folder, MovableClock(NOW), TASKS[name])))
        done = asyncio.run(run(folder, MovableClock(NOW), look))
        results.append({"found": found, "done": done})
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], guarded="unguarded" not in sys.argv[3:])
