"""Calls that desks are to make, the numbers sealed. They go with the conversation, or by themselves."""

from datetime import datetime, timedelta
from typing import Any

from api.bot.handoff.callbacks.records import Callback, CallbackState
from api.bot.handoff.hours import HandoffDesk, Window
from api.kit.ids import new_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

CALLBACKS = CollectionSpec(
    "chat_callbacks",
    (
        Index(("waiting_key",), unique=True),
        Index(("conversation_id",)),
        Index(("desk", "state", "from")),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
KEPT_AFTER_WINDOW = timedelta(days=7)
KEPT_AFTER_END = timedelta(hours=24)
_IS_WAITING: Filter = {"state": CallbackState.WAITING.value}


class CallbackRepository:
    """A conversation has one call to be made at most: `waiting_key` is its id until the call is made."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._callbacks = store[CALLBACKS]
        self._sealer = sealer

    async def put(
        self,
        conversation_id: str,
        desk: HandoffDesk,
        language: str,
        phone: str,
        window: Window,
        now: datetime,
    ) -> str:
        """Keep what is asked for, in place of what was asked for before; return its id.

        Raises DuplicateKey when another one is put at this moment.
        """
        waiting = await self._callbacks.find_one({"waiting_key": conversation_id})
        callback_id = waiting["_id"] if waiting else new_id()
        fields: Document = {
            "desk": desk.value,
            "language": language,
            "phone": self._sealer.seal(phone, _place(callback_id)),
            "from": window.start,
            "until": window.end,
            "tries": 0,
            "asked_at": now,
            "kept_until": window.end + KEPT_AFTER_WINDOW,
        }
        if waiting:
            await self._callbacks.update_one({"_id": callback_id, **_IS_WAITING}, {"$set": fields})
            return callback_id
        own = {"conversation_id": conversation_id, "waiting_key": conversation_id, **_IS_WAITING}
        await self._callbacks.insert({"_id": callback_id, **own, **fields})
        return callback_id

    async def get(self, callback_id: str) -> Callback | None:
        found = await self._callbacks.get(callback_id)
        return self._callback(found) if found else None

    async def newest_of(self, conversation_id: str) -> Callback | None:
        wanted = {"conversation_id": conversation_id}
        found = await self._callbacks.find_one(wanted, sort=[("asked_at", -1)])
        return self._callback(found) if found else None

    async def of_conversation(self, conversation_id: str) -> list[Callback]:
        found = await self._callbacks.find({"conversation_id": conversation_id})
        return [self._callback(one) for one in found]

    async def waiting_at(self, desk: HandoffDesk, most: int) -> list[Callback]:
        """Return whom a desk is to call, the earliest time first."""
        found = await self._callbacks.find(
            {"desk": desk.value, **_IS_WAITING}, sort=[("from", 1), ("asked_at", 1)], limit=most
        )
        return [self._callback(one) for one in found]

    async def tried(self, callback_id: str) -> Callback | None:
        """Count a call that nobody answered; None: it is not waiting any more."""
        tried = await self._callbacks.update_one(
            {"_id": callback_id, **_IS_WAITING}, {"$inc": {"tries": 1}}
        )
        return self._callback(tried) if tried else None

    async def end(self, wanted: Filter, state: CallbackState, now: datetime) -> Callback | None:
        """End the one that waits; None: none does. Its number goes a day later."""
        waiting = await self._callbacks.find_one({**wanted, **_IS_WAITING})
        if waiting is None:
            return None
        fields: dict[str, Any] = {
            "state": state.value,
            "waiting_key": waiting["_id"],
            "kept_until": now + KEPT_AFTER_END,
        }
        ended = await self._callbacks.update_one(
            {"_id": waiting["_id"], **_IS_WAITING}, {"$set": fields}
        )
        return self._callback(ended) if ended else None

    async def forget(self, conversation_id: str) -> None:
        await self._callbacks.delete_many({"conversation_id": conversation_id})

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._callbacks, self._sealer, "phone", _place)

    def _callback(self, document: Document) -> Callback:
        return Callback(
            id=document["_id"],
            desk=HandoffDesk(document["desk"]),
            language=document["language"],
            phone=self._sealer.open(document["phone"], _place(document["_id"])),
            window=Window(document["from"], document["until"]),
            state=CallbackState(document["state"]),
            tries=document["tries"],
            asked_at=document["asked_at"],
        )


def _place(callback_id: str) -> str:
    return f"chat_callbacks/{callback_id}/phone"
