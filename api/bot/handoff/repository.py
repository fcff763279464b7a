"""Hand-offs, and what is said in them, sealed. All of it goes 24 hours after the end."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from api.bot.handoff.errors import ClerkBusy
from api.bot.handoff.hours import HandoffDesk
from api.bot.handoff.records import Entry, Handoff, HandoffState, LaterKind, Place
from api.kit.events import Events
from api.kit.ids import new_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store
from api.kit.transactions import transact

HANDOFFS = CollectionSpec(
    "chat_handoffs",
    (
        Index(("open_key",), unique=True),
        Index(("clerk_key",), unique=True),
        Index(("conversation_id",)),
        Index(("desk", "state", "waiting_since")),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
HANDOFF_MESSAGES = CollectionSpec(
    "chat_handoff_messages",
    (
        Index(("conversation_id", "number")),
        Index(("handoff_id",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
CHANGES = "chat.handoff"
KEPT_AFTER_END = timedelta(hours=24)
LIVES_AT_MOST = timedelta(days=2)
"""The job ends each long before; this holds when no worker runs."""
LIVE = frozenset({HandoffState.WAITING, HandoffState.OPEN})
_WAITS_LOOKED_AT = 10
_WAITS_NEEDED = 3


class HandoffRepository:
    def __init__(self, store: Store, sealer: Sealer, events: Events) -> None:
        self._store = store
        self._handoffs = store[HANDOFFS]
        self._messages = store[HANDOFF_MESSAGES]
        self._sealer = sealer
        self._events = events

    async def begin(
        self, conversation_id: str, desk: HandoffDesk, language: str, now: datetime
    ) -> Handoff:
        """Queue a conversation. Raises DuplicateKey while it is with a person already."""
        handoff_id = new_id()
        document = {
            "_id": handoff_id,
            "conversation_id": conversation_id,
            "open_key": conversation_id,
            "clerk_key": handoff_id,
            "clerk_id": None,
            "desk": desk.value,
            "language": language,
            "shares": False,
            "consent_version": None,
            "state": HandoffState.WAITING.value,
            "waiting_since": now,
            "first_taken_at": None,
            "moved_at": now,
            # Numbers go on growing over the hand-offs of a conversation, also when earlier ones are gone.
            "last": int(now.timestamp() * 1000),
            "grade": None,
            "kept_until": now + LIVES_AT_MOST,
        }
        await self._handoffs.insert(document)
        return _handoff(document)

    async def get(self, handoff_id: str) -> Handoff | None:
        found = await self._handoffs.get(handoff_id)
        return _handoff(found) if found else None

    async def newest_of(self, conversation_id: str) -> Handoff | None:
        wanted = {"conversation_id": conversation_id}
        found = await self._handoffs.find_one(wanted, sort=[("waiting_since", -1)])
        return _handoff(found) if found else None

    async def live_of(self, conversation_id: str) -> Handoff | None:
        found = await self._handoffs.find_one({"open_key": conversation_id})
        return _handoff(found) if found else None

    async def queue(self, desk: HandoffDesk, clerk_id: str, most: int) -> list[Handoff]:
        """Return who waits, the first one first, behind what the clerk has."""
        own = await self._handoffs.find({"clerk_key": clerk_id, "desk": desk.value})
        waiting = await self._handoffs.find(
            {"desk": desk.value, "state": HandoffState.WAITING.value},
            sort=[("waiting_since", 1)],
            limit=most,
        )
        return [_handoff(one) for one in (*own, *waiting)]

    async def place_of(self, handoff: Handoff) -> Place:
        before = await self._handoffs.count(
            {
                "desk": handoff.desk.value,
                "state": HandoffState.WAITING.value,
                "waiting_since": {"$lt": handoff.waiting_since},
            }
        )
        return Place(before + 1, await self._wait_minutes(handoff.desk))

    async def _wait_minutes(self, desk: HandoffDesk) -> int | None:
        answered = await self._handoffs.find(
            {"desk": desk.value, "first_taken_at": {"$ne": None}},
            sort=[("first_taken_at", -1)],
            limit=_WAITS_LOOKED_AT,
        )
        if len(answered) < _WAITS_NEEDED:
            return None
        waits: list[float] = [
            (one["first_taken_at"] - one["waiting_since"]).total_seconds() for one in answered
        ]
        return max(1, round(median(waits) / 60))

    async def change(
        self, handoff_id: str, guard: Filter, fields: Mapping[str, Any]
    ) -> Handoff | None:
        """Write in one step while `guard` holds; None: nothing was written. Raises ClerkBusy."""
        try:
            changed = await self._handoffs.update_one(
                {"_id": handoff_id, **guard}, {"$set": fields}
            )
        except DuplicateKey as error:
            raise ClerkBusy from error
        return _handoff(changed) if changed else None

    async def share(self, handoff_id: str, consent_version: int) -> None:
        """Let the desk see the assistant's answers; the version of the consent is kept beside it."""
        fields = {"shares": True, "consent_version": consent_version}
        await self.change(handoff_id, in_states(LIVE), fields)

    async def share_no_more(self, conversation_id: str) -> None:
        await self._handoffs.update_many(
            {"conversation_id": conversation_id}, {"$set": {"shares": False}}
        )

    async def end(self, handoff: Handoff, guard: Filter, now: datetime) -> Handoff | None:
        """End it while `guard` holds, in the open transaction; its words go a day later."""
        kept_until = now + KEPT_AFTER_END
        fields = {
            "state": HandoffState.ENDED.value,
            "open_key": handoff.id,
            "clerk_key": handoff.id,
            "clerk_id": None,
            "kept_until": kept_until,
        }
        live = {"state": {"$in": sorted(state.value for state in LIVE)}}
        ended = await self.change(handoff.id, {**live, **guard}, fields)
        if ended is None:
            return None
        await self.add(ended, LaterKind.ENDED, None, now)
        await self._messages.update_many(
            {"handoff_id": handoff.id}, {"$set": {"kept_until": kept_until}}
        )
        return ended

    async def add(
        self,
        handoff: Handoff,
        kind: LaterKind,
        text: str | None,
        now: datetime,
        entry_id: str | None = None,
        guard: Filter | None = None,
    ) -> bool:
        """Keep what happened, and tell who listens: both or neither. False: `guard` does not hold."""
        entry_id = entry_id or new_id()

        async def work() -> bool:
            if await self._messages.get(entry_id) is not None:
                return True
            moved = await self._handoffs.update_one(
                {"_id": handoff.id, **(guard or {})},
                {"$inc": {"last": 1}, "$set": {"moved_at": now}},
            )
            if moved is None:
                return False
            await self._messages.insert(
                {
                    "_id": entry_id,
                    "handoff_id": handoff.id,
                    "conversation_id": handoff.conversation_id,
                    "number": moved["last"],
                    "kind": kind.value,
                    "desk": handoff.desk.value,
                    "sealed": None if text is None else self._sealer.seal(text, _place(entry_id)),
                    "at": now,
                    "kept_until": moved["kept_until"],
                }
            )
            await self._told(handoff)
            return True

        return await transact(self._store, work)

    async def _told(self, handoff: Handoff) -> None:
        told_as = self.told_as(handoff.conversation_id)
        payload = {"conversation": told_as, "desk": handoff.desk.value}
        await self._events.publish(CHANGES, payload)

    def told_as(self, conversation_id: str) -> str:
        """Return what events call a conversation: whoever has its id could go on with it."""
        return self._sealer.digest("events of a conversation", conversation_id)

    async def entries(self, wanted: Filter, after: int = 0, most: int = 500) -> list[Entry]:
        found = await self._messages.find(
            {**wanted, "number": {"$gt": after}}, sort=[("number", 1)], limit=most
        )
        return [self._entry(one) for one in found]

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._messages, self._sealer, "sealed", _place)

    async def forget(self, conversation_id: str) -> None:
        """Remove the hand-offs of a conversation and what was said in them."""

        async def work() -> None:
            await self._messages.delete_many({"conversation_id": conversation_id})
            await self._handoffs.delete_many({"conversation_id": conversation_id})

        await transact(self._store, work)
        await self._events.forget("conversation", self.told_as(conversation_id))

    def _entry(self, document: Document) -> Entry:
        sealed = document["sealed"]
        return Entry(
            document["number"],
            LaterKind(document["kind"]),
            None if sealed is None else self._sealer.open(sealed, _place(document["_id"])),
            document["at"],
            HandoffDesk(document["desk"]),
        )


def in_states(states: Iterable[HandoffState]) -> Filter:
    return {"state": {"$in": sorted(state.value for state in states)}}


def _handoff(document: Document) -> Handoff:
    return Handoff(
        id=document["_id"],
        conversation_id=document["conversation_id"],
        desk=HandoffDesk(document["desk"]),
        language=document["language"],
        shares=document["shares"],
        state=HandoffState(document["state"]),
        clerk_id=document["clerk_id"],
        waiting_since=document["waiting_since"],
        moved_at=document["moved_at"],
        last=document["last"],
        grade=document["grade"],
        was_taken=document["first_taken_at"] is not None,
    )


def _place(entry_id: str) -> str:
    return f"chat_handoff_messages/{entry_id}/sealed"
