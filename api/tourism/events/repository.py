"""All questions that events ask of the store. Writes join the open transaction."""

from collections.abc import Collection

from api.kit.store import CollectionSpec, DuplicateKey, Index, Store, WriteConflict
from api.tourism.content_ids import is_content_id
from api.tourism.events.documents import EventState, Origin, document_of, state_of

PROVINCE_EVENTS = CollectionSpec("province_events", (Index(("changed_by",)),))
PROVINCE_EVENTS_EDITION = CollectionSpec("province_events_edition")
"""One document: how often anything was changed, and which version of the content file was loaded."""

_EDITION = "current"


class EventRepository:
    def __init__(self, store: Store) -> None:
        self._events = store[PROVINCE_EVENTS]
        self._editions = store[PROVINCE_EVENTS_EDITION]

    async def listed(self) -> list[EventState]:
        """Return every event that readers see."""
        return [state_of(it) for it in await self._events.find({"is_removed": False})]

    async def all(self) -> list[EventState]:
        return [state_of(it) for it in await self._events.find({})]

    async def get(self, event_id: str) -> EventState | None:
        """Return an event, also one that was removed."""
        document = await self._events.get(event_id) if is_content_id(event_id) else None
        return state_of(document) if document else None

    async def add(self, state: EventState) -> None:
        """Keep a new event. Raises WriteConflict when there is one of this id."""
        try:
            await self._events.insert(document_of(state))
        except DuplicateKey as error:
            raise WriteConflict(state.id) from error
        await self._count_edition()

    async def replace(self, state: EventState) -> EventState | None:
        """Keep what holds now, one version later; None when `state.version` is not the last one any more."""
        stored = await self._events.replace_if_version(document_of(state), state.version)
        if stored is None:
            return None
        await self._count_edition()
        return state_of(stored)

    async def note_base(self, state: EventState) -> None:
        """Keep what the file says now beside an event of which no field changes; the version stays."""
        held = {"_id": state.id, "version": state.version}
        changes = {"base": state.base, "origin": state.origin.value}
        if await self._events.update_one(held, {"$set": changes}) is None:
            raise WriteConflict(state.id)

    async def remove_shipped_but(self, event_ids: Collection[str]) -> None:
        """Remove what was shipped, was not edited, and is not among these."""
        await self._events.delete_many(
            {"origin": Origin.SHIPPED.value, "_id": {"$nin": sorted(event_ids)}}
        )
        await self._count_edition()

    async def changed_by(self, person_id: str) -> list[EventState]:
        return [state_of(it) for it in await self._events.find({"changed_by": person_id})]

    async def forget(self, person_id: str) -> None:
        """Let what a person changed last be nobody's."""
        await self._events.update_many({"changed_by": person_id}, {"$set": {"changed_by": None}})

    async def edition(self) -> int:
        """Return a number that every change makes higher."""
        document = await self._editions.get(_EDITION)
        return int(document["number"]) if document else 0

    async def shipped_version(self) -> str | None:
        """Return which version of the content file was loaded last."""
        document = await self._editions.get(_EDITION)
        return document["shipped"] if document else None

    async def note_shipped(self, version: str) -> None:
        await self._count_edition()
        await self._editions.update_one({"_id": _EDITION}, {"$set": {"shipped": version}})

    async def _count_edition(self) -> None:
        if await self._editions.update_one({"_id": _EDITION}, {"$inc": {"number": 1}}) is not None:
            return
        try:
            await self._editions.insert({"_id": _EDITION, "number": 1, "shipped": None})
        except DuplicateKey as error:
            raise WriteConflict(_EDITION) from error
