"""Runs migrations in batches, each with its progress in one transaction: a kill loses and doubles nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.store import Filter, Store
from api.kit.transactions import transact
from api.migrations.migration import Migration
from api.migrations.repository import MigrationRepository

BATCH: Final = 200

Progress = Callable[[Migration, int], None]
"""Told of a migration and how many documents it has changed so far."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """`left`: how many documents have the old shape now; `changed`: how many were changed, ever."""

    migration: Migration
    left: int
    changed: int

    @property
    def is_finished(self) -> bool:
        return self.left == 0


class Migrations:
    def __init__(self, store: Store, clock: Clock, every: Sequence[Migration]) -> None:
        self._store = store
        self._repository = MigrationRepository(store, clock)
        self._every = every

    async def outlook(self) -> list[Outlook]:
        """Return where each stands, and change nothing."""
        found: list[Outlook] = []
        for migration in self._every:
            standing = await self._repository.standing(migration.id)
            left = await self._store[migration.collection].count(migration.old)
            changed = 0 if standing is None else standing.changed
            found.append(Outlook(migration, left, changed))
        return found

    async def run(self, progress: Progress) -> int:
        """Run what is not finished, in order, and return how many documents were changed.

        Goes on where a run before was killed. Raises MigrationRunning when another process is at it.
        """
        return sum([await self._run(migration, progress) for migration in self._every])

    async def _run(self, migration: Migration, progress: Progress) -> int:
        if await self._store[migration.collection].count(migration.old) == 0:
            return 0
        lease = new_id()
        standing = await self._repository.take(migration.id, lease)
        after, changed = standing.after, 0
        while batch := await self._change_next(migration, after, lease):
            after, changed = batch[-1], changed + len(batch)
            progress(migration, standing.changed + changed)
        await self._repository.finish(migration.id, lease)
        return changed

    async def _change_next(self, migration: Migration, after: str, lease: str) -> list[str]:
        """Change the next documents of the old shape, with the progress; return their ids."""
        collection = self._store[migration.collection]
        later: Filter = {"$and": [migration.old, {"_id": {"$gt": after}}]}

        async def work() -> list[str]:
            found = await collection.find(later, sort=[("_id", 1)], limit=BATCH)
            for document in found:
                await collection.update_one({"_id": document["_id"]}, migration.change(document))
            ids = [document["_id"] for document in found]
            if ids:
                await self._repository.advance(migration.id, lease, ids[-1], len(ids))
            return ids

        return await transact(self._store, work)
