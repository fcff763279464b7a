"""Runs migrations in batches, each with its progress in one transaction: a kill loses and doubles nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.store import Document, Filter, Store
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
    is_finished: bool


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
            found.append(Outlook(migration, left, changed, left == 0))
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
        while batch := await self._batch(migration, after):
            after = batch[-1]["_id"]
            changed += await self._change(migration, batch, lease)
            progress(migration, standing.changed + changed)
        await self._repository.finish(migration.id, lease)
        return changed

    async def _batch(self, migration: Migration, after: str) -> list[Document]:
        """Return the next documents of the old shape, by their ids."""
        collection = self._store[migration.collection]
        later: Filter = {"$and": [migration.old, {"_id": {"$gt": after}}]}
        return await collection.find(later, sort=[("_id", 1)], limit=BATCH)

    async def _change(self, migration: Migration, batch: Sequence[Document], lease: str) -> int:
        async def work() -> int:
            changed = [await self._change_one(migration, document) for document in batch]
            count = sum(changed)
            await self._repository.advance(migration.id, lease, batch[-1]["_id"], count)
            return count

        return await transact(self._store, work)

    async def _change_one(self, migration: Migration, document: Document) -> bool:
        """Change a document unless somebody was faster; return whether it was changed.

        It is read again: since the batch was read, the product may have changed or removed it.
        """
        collection = self._store[migration.collection]
        same: Filter = {"$and": [migration.old, {"_id": document["_id"]}]}
        now = await collection.find_one(same)
        return now is not None and (
            await collection.update_one(same, migration.change(now)) is not None
        )
