"""How far each migration has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.kit.clock import Clock
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Store
from api.migrations.errors import MigrationRunning

MIGRATIONS = CollectionSpec("migrations")
LEASE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """`after`: the id of the last document that was looked at. `changed`: how many were changed."""

    id: str
    after: str
    changed: int
    finished_at: datetime | None


class MigrationRepository:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._migrations = store[MIGRATIONS]
        self._clock = clock

    async def standing(self, migration_id: str) -> Standing | None:
        """Return how far it has come, None when it was never begun."""
        document = await self._migrations.get(migration_id)
        return None if document is None else _standing(document)

    async def take(self, migration_id: str, lease: str) -> Standing:
        """Take it into these hands for LEASE. Raises MigrationRunning while it is in others'."""
        now = self._clock()
        new = {"_id": migration_id, "after": "", "changed": 0, "finished_at": None}
        try:
            await self._migrations.insert({**new, "lease": lease, "leased_until": now + LEASE})
            return _standing(new)
        except DuplicateKey:
            free: Filter = {"_id": migration_id, "leased_until": {"$lte": now}}
            mine = {"$set": {"lease": lease, "leased_until": now + LEASE}}
            taken = await self._migrations.update_one(free, mine)
        if taken is None:
            raise MigrationRunning(migration=migration_id)
        return _standing(taken)

    async def advance(self, migration_id: str, lease: str, after: str, changed: int) -> None:
        """Note, in the transaction that changed them, how far it has come. Raises MigrationRunning."""
        now = self._clock()
        await self._noted(
            migration_id,
            lease,
            {
                "$set": {"after": after, "leased_until": now + LEASE},
                "$inc": {"changed": changed},
            },
        )

    async def finish(self, migration_id: str, lease: str) -> None:
        """Note that nothing is left to do, and let go. Raises MigrationRunning."""
        now = self._clock()
        await self._noted(
            migration_id, lease, {"$set": {"finished_at": now, "after": "", "leased_until": now}}
        )

    async def _noted(
        self, migration_id: str, lease: str, update: dict[str, dict[str, object]]
    ) -> None:
        held: Filter = {"_id": migration_id, "lease": lease}
        if await self._migrations.update_one(held, update) is None:
            raise MigrationRunning(migration=migration_id)


def _standing(document: Document) -> Standing:
    return Standing(
        document["_id"], document["after"], document["changed"], document["finished_at"]
    )
