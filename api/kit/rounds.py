"""What one process is to do every so often, whichever of them that is: whose round it is."""

from datetime import timedelta

from api.kit.clock import Clock
from api.kit.store import CollectionSpec, DuplicateKey, Store

ROUNDS = CollectionSpec("rounds")


class Rounds:
    """A round is taken, not held: who dies in one leaves the next to whoever asks then."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._rounds = store[ROUNDS]
        self._clock = clock

    async def take(self, name: str, every: timedelta) -> bool:
        """Take the round; False where another has taken it less than `every` ago."""
        now = self._clock()
        # One that is further away than that was taken by a clock that was wrong.
        is_due = {"$or": [{"next_at": {"$lte": now}}, {"next_at": {"$gt": now + every}}]}
        following = {"next_at": now + every}
        if await self._rounds.update_one({"_id": name, **is_due}, {"$set": following}) is not None:
            return True
        if await self._rounds.get(name) is not None:
            return False
        try:
            await self._rounds.insert({"_id": name, **following})
        except DuplicateKey:
            return False
        return True
