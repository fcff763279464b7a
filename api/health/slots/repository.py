"""Places as documents. Whoever searches reads partial indexes that hold only what can be had."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from api.health.slots.errors import SlotNotFound, SlotTaken
from api.health.slots.records import Slot
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

FREE: Final = {"is_open": True, "room": {"$gt": 0}}
"""What can be had."""

HEALTH_SLOTS = CollectionSpec(
    "health_slots",
    (
        Index(("specialty", "is_remote", "start"), partial=FREE),
        Index(("facility_id", "specialty", "is_remote", "start"), partial=FREE),
        Index(("practitioner_id", "start"), partial=FREE),
        Index(("session_id", "start")),
        Index(("schedule_id", "start")),
    ),
)


def slot_id_of(schedule_id: str, start: datetime) -> str:
    """Return the id of the place of a schedule that begins at a moment."""
    return derived_id("health slot", schedule_id, start.isoformat())


class SlotRepository:
    """All queries on places. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._slots = store[HEALTH_SLOTS]

    async def get(self, slot_id: str) -> Slot | None:
        document = await self._slots.get(slot_id)
        return _slot(document) if document else None

    async def get_many(self, slot_ids: Sequence[str]) -> dict[str, Slot]:
        found = await self._slots.get_many(sorted(set(slot_ids)))
        return {slot_id: _slot(document) for slot_id, document in found.items()}

    async def take(self, slot_id: str) -> Slot:
        """Take one patient's room of a place in one conditional write; returns it as it is after.

        Raises SlotTaken when nothing is left of it, SlotNotFound when it is closed or not there.
        """
        taken = await self._slots.update_one({"_id": slot_id, **FREE}, {"$inc": {"room": -1}})
        if taken is not None:
            return _slot(taken)
        there = await self._slots.get(slot_id)
        raise SlotTaken if there is not None and there["is_open"] else SlotNotFound

    async def give_back(self, slot_id: str) -> Slot | None:
        """Give one patient's room back, to a closed place too; None when the place is gone.

        To be called once for each `take`, in the transaction that ends the appointment.
        """
        given = await self._slots.update_one({"_id": slot_id}, {"$inc": {"room": 1}})
        return _slot(given) if given else None

    async def of_session(self, session_id: str) -> list[Slot]:
        """Return the places of a session by time, closed ones too."""
        found = await self._slots.find({"session_id": session_id}, sort=[("start", 1)])
        return list(map(_slot, found))

    async def of_schedule(self, schedule_id: str, since: datetime, until: datetime) -> list[Slot]:
        """Return the places of a schedule that begin from `since` to before `until`, by time."""
        between = {"schedule_id": schedule_id, "start": {"$gte": since, "$lt": until}}
        return list(map(_slot, await self._slots.find(between, sort=[("start", 1)])))

    async def make(self, slots: Sequence[Slot]) -> int:
        """Add the places that are not there yet; return how many. What is there stays as it is."""
        there = await self._slots.get_many([slot.id for slot in slots])
        missing = [_document(slot) for slot in slots if slot.id not in there]
        await self._slots.insert_many(missing)
        return len(missing)

    async def close(self, slot_ids: Sequence[str]) -> int:
        """Offer places no more; who has one keeps it. Returns how many were open."""
        open_ones = {"_id": {"$in": list(slot_ids)}, "is_open": True}
        return await self._slots.update_many(open_ones, {"$set": {"is_open": False}})

    async def reopen(self, slot_ids: Sequence[str]) -> int:
        """Offer closed places again; return how many were closed."""
        closed = {"_id": {"$in": list(slot_ids)}, "is_open": False}
        return await self._slots.update_many(closed, {"$set": {"is_open": True}})

    async def close_session(self, session_id: str) -> int:
        """Offer no place of a session any more; return how many were open."""
        open_ones = {"session_id": session_id, "is_open": True}
        return await self._slots.update_many(open_ones, {"$set": {"is_open": False}})

    async def change_capacity(self, slot_id: str, was: int, capacity: int) -> Slot | None:
        """Let `capacity` patients have a place for which it `was` another number.

        One conditional write; None when more patients have it already, or somebody was faster.
        """
        more = capacity - was
        wanted = {"_id": slot_id, "capacity": was, "room": {"$gte": -more}}
        changed = await self._slots.update_one(wanted, {"$inc": {"capacity": more, "room": more}})
        return _slot(changed) if changed else None

    async def reshape(self, slot: Slot, capacity: int) -> Slot | None:
        """Put `slot` in place of the one of its id; None unless that is of `capacity`, and nobody's."""
        untouched = {"_id": slot.id, "capacity": capacity, "room": capacity}
        fields = {name: value for name, value in _document(slot).items() if name != "_id"}
        changed = await self._slots.update_one(untouched, {"$set": fields})
        return _slot(changed) if changed else None

    async def free(
        self,
        stream: Mapping[str, Any],
        since: datetime,
        until: datetime,
        *,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[Slot]:
        """Return places that can be had and begin from `since` to before `until`, by time, then id.

        `stream` names fields by value, or by the operators of a filter; `after`: the start and id of
        the last place of the page before. Quick when the fields are those of an index.
        """
        asked = {**stream, **FREE, "start": {"$gte": since, "$lt": until}}
        found = await self._slots.find(asked, sort=[("start", 1)], limit=limit, after=after)
        return list(map(_slot, found))

    async def matching(
        self, asked: Filter, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Slot]:
        """Return places that a filter matches, closed and full ones too, by time, then id."""
        found = await self._slots.find(asked, sort=[("start", 1)], limit=limit, after=after)
        return list(map(_slot, found))

    async def forget(self, schedule_id: str, before: datetime) -> int:
        """Remove the places of a schedule that began before a moment."""
        return await self._slots.delete_many({"schedule_id": schedule_id, "start": {"$lt": before}})


def _document(slot: Slot) -> Document:
    return {
        "_id": slot.id,
        "facility_id": slot.facility_id,
        "service_id": slot.service_id,
        "schedule_id": slot.schedule_id,
        "session_id": slot.session_id,
        "practitioner_id": slot.practitioner_id,
        "specialty": slot.specialty,
        "is_remote": slot.is_remote,
        "languages": list(slot.languages),
        "start": slot.start,
        "end": slot.end,
        "capacity": slot.capacity,
        "room": slot.room,
        "is_open": slot.is_open,
    }


def _slot(document: Document) -> Slot:
    fields = {name: value for name, value in document.items() if name not in {"_id", "languages"}}
    return Slot(id=document["_id"], languages=tuple(document["languages"]), **fields)
