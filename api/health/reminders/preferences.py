"""Which reminders somebody does not want."""

from enum import StrEnum, auto

from api.kit.store import CollectionSpec, Store

HEALTH_REMINDER_WISHES = CollectionSpec("health_reminder_wishes")


class ReminderKind(StrEnum):
    DAY_BEFORE = auto()
    TWO_HOURS_BEFORE = auto()
    TURN_NEAR = auto()
    """Three or fewer are before you."""


class ReminderWishes:
    """All queries on them, one document for each person who does not want every kind."""

    def __init__(self, store: Store) -> None:
        self._wishes = store[HEALTH_REMINDER_WISHES]

    async def off(self, person_id: str) -> frozenset[ReminderKind]:
        """Return what a person wants to hear nothing of; at first none."""
        document = await self._wishes.get(person_id)
        return frozenset(map(ReminderKind, document["off"])) if document else frozenset()

    async def put(self, person_id: str, off: frozenset[ReminderKind]) -> None:
        await self._wishes.upsert({"_id": person_id, "off": sorted(off)})

    async def remove(self, person_id: str) -> None:
        await self._wishes.delete_one({"_id": person_id})
