"""A process that writes until it is killed: `crashing_writer.py FILE`.

Prints a line for each acknowledged write, after it was acknowledged. Single writes come from many
tasks at once; each transaction moves one unit from one account to another, and notes it.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

from api.kit.store import Collection, CollectionSpec, Index
from api.kit.store.sqlite import SqliteStore

NOTES = CollectionSpec("notes", (Index(("tags",), many=True),))
ACCOUNTS = CollectionSpec("accounts")
TASKS = 20


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def note(notes: Collection, task: int) -> None:
    for number in count():
        document_id = f"note-{task}-{number}"
        await notes.insert({"_id": document_id, "tags": [document_id, "all"]})
        say(document_id)


async def move(store: SqliteStore) -> None:
    accounts, notes = store[ACCOUNTS], store[NOTES]
    for number in count():
        document_id = f"move-{number}"
        async with store.transaction():
            await accounts.update_one({"_id": "from"}, {"$inc": {"units": -1}})
            await notes.insert({"_id": document_id, "tags": ["moves"]})
            await accounts.update_one({"_id": "to"}, {"$inc": {"units": 1}})
        say(document_id)


async def main(path: Path) -> None:
    store = SqliteStore(path)
    await store.open([NOTES, ACCOUNTS])
    await store[ACCOUNTS].insert_many([{"_id": "from", "units": 0}, {"_id": "to", "units": 0}])
    await asyncio.gather(move(store), *(note(store[NOTES], task) for task in range(TASKS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
