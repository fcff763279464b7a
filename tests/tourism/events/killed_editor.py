"""An API that is killed while it changes an event or loads: `python -m tests.tourism.events.killed_editor FOLDER TASK [unguarded]`.

FOLDER holds `left.db` with the shipped festivals, and the keys; TASK is change or load. For each write in turn a
process begins and kills itself (SIGKILL) just before that write; then another one looks at what is there, and
does it again. Prints, for each kill, both as JSON.
"""

import asyncio
import json
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.context import Services
from api.kit.store import Store
from api.tourism.events.records import EventStatus
from api.tourism.events.repository import (
    PROVINCE_EVENTS,
    PROVINCE_EVENTS_EDITION,
)
from api.tourism.events.seeding import seed_events
from api.tourism.events.writing import Said
from tests.accounts.erasing_process import in_a_child, kill_before, run
from tests.conftest import NOW, MovableClock
from tests.tourism.editing.killed_editor import without_transactions

_WRITES_AT_MOST = 100
_EDITOR = Caller(
    "the-editor-who-is-killed", grants=frozenset({Grant(Role.CONTENT_EDITOR, PROVINCE)})
)
_FLOOD = Said(date(2026, 8, 29), EventStatus.CANCELLED, reasons={"vi": "Lũ"})


async def change(_: Store, services: Services) -> None:
    await services.tourism.event_editing.change_occurrence(
        _EDITOR, "E002", 1, _FLOOD, "key-of-a-killed-editor"
    )


async def load(store: Store, _: Services) -> None:
    await seed_events(store, Path(sys.argv[1]) / "content", MovableClock(NOW))


TASKS = {"change": change, "load": load}


async def look(store: Store, services: Services) -> dict[str, Any]:
    festival = await store[PROVINCE_EVENTS].get("E002") or {}
    edition = await store[PROVINCE_EVENTS_EDITION].get("current") or {}
    rows = (await services.audit.entries(100, None)).items
    return {
        "events": await store[PROVINCE_EVENTS].count({}),
        "name": festival["row"]["names"]["en"],
        "version": festival["version"],
        "said": sorted(festival["changes"]),
        "edition": edition["number"],
        "noted": sum(row.entry is not None for row in rows),
    }


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
