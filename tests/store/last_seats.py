"""A process of the race for the last seats: `last_seats.py FILE TRIES conditional|read_first`.

Waits for a line on standard input, then tries from many tasks at once, and prints what it sold.
"""

import asyncio
import sys
from pathlib import Path

from api.kit.store import Collection, CollectionSpec
from api.kit.store.sqlite import SqliteStore

EVENTS = CollectionSpec("events")
EVENT = "event"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def take_conditionally(events: Collection) -> bool:
    """Take a seat as the product does: one conditional write."""
    taken = await events.update_one({"_id": EVENT, "seats": {"$gt": 0}}, {"$inc": {"seats": -1}})
    return taken is not None


async def take_after_reading(events: Collection) -> bool:
    """Take a seat as the product must not: read, decide, write."""
    event = await events.get(EVENT)
    if event is None or event["seats"] <= 0:
        return False
    await asyncio.sleep(0)
    await events.update_one({"_id": EVENT}, {"$inc": {"seats": -1}})
    return True


WAYS = {"conditional": take_conditionally, "read_first": take_after_reading}


async def race(path: Path, tries: int, way: str) -> int:
    """Return how many seats this process sold."""
    store = SqliteStore(path)
    await store.open([EVENTS])
    say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    outcomes = await asyncio.gather(*(WAYS[way](store[EVENTS]) for _ in range(tries)))
    await store.close()
    return sum(outcomes)


if __name__ == "__main__":
    say(str(asyncio.run(race(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))))
