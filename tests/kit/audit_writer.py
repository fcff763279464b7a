"""A process that appends to the audit log until it is killed: `audit_writer.py FILE`.

Prints the number of each row after it was acknowledged.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS, AuditEntry, AuditLog
from api.kit.clock import system_clock
from api.kit.store import CollectionSpec, Store
from api.kit.store.sqlite import SqliteStore
from api.kit.transactions import transact

KEY = bytes(range(32))
CHANGES = CollectionSpec("changes")
TASKS = 10


async def change(store: Store, log: AuditLog, task: int) -> None:
    """Write something and its row in one transaction, over and over."""
    for number in count():
        name = f"change-{task}-{number}"

        async def work(name: str = name) -> int:
            await store[CHANGES].insert({"_id": name})
            return await log.append(AuditEntry("staff-1", "change.made", name, "all", {}))

        row = await transact(store, work)
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()


async def main(path: Path) -> None:
    store = SqliteStore(path)
    await store.open([AUDIT_ROWS, AUDIT_HEAD, CHANGES])
    log = AuditLog(store, KEY, system_clock)
    await asyncio.gather(*(change(store, log, task) for task in range(TASKS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
