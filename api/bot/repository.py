"""Conversations, and the turns in them. Neither holds what a person wrote.

An answer may quote it, though, when a report is read back: answers are sealed. A conversation is of the first signed-in person who says something in it, else of nobody.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.kit.ids import is_id, new_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store
from api.kit.transactions import transact

CONVERSATIONS = CollectionSpec(
    "chat_conversations",
    (Index(("person_id",)), Index(("kept_until",), expire_after_seconds=0)),
)
TURNS = CollectionSpec(
    "chat_turns",
    (
        Index(("conversation_id",)),
        Index(("kept_until",), expire_after_seconds=0),
        Index(("ticket_id",)),
    ),
)

CONVERSATION_KEPT_FOR = timedelta(days=30)
TURN_KEPT_FOR = timedelta(hours=24)
_FREE = datetime.fromtimestamp(0, UTC)
_RENEWED_AFTER = timedelta(seconds=0.25)
"""Who has waited longer than that for the floor begins their lease anew."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message and, once there is one, its answer.

    `id` follows from the idempotency key. `owner` is who answers it now, until `leased_until`: after
    that whoever asks again may take over, since the owner has died.
    """

    id: str
    fingerprint: str
    conversation_id: str
    owner: str
    leased_until: datetime
    answer: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Floor:
    """The right to answer in a conversation. `bot_knew`: the bot may have heard of it before."""

    bot_knew: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """`busy_until`: nobody answers in it after that; `bot_knows`: a tracker of the bot's may hold it."""

    id: str
    created_at: datetime
    kept_until: datetime
    busy_until: datetime
    bot_knows: bool


class ChatRepository:
    """All queries of the slice. `lease` is how long an owner may take."""

    def __init__(self, store: Store, lease: timedelta, sealer: Sealer) -> None:
        self._store = store
        self._conversations = store[CONVERSATIONS]
        self._turns = store[TURNS]
        self._lease = lease
        self._sealer = sealer

    async def exists(self, conversation_id: str, now: datetime) -> bool:
        """Tell whether somebody can go on with it; what has not the shape of an id is not looked up."""
        if not is_id(conversation_id):
            return False
        found = await self._conversations.get(conversation_id)
        return found is not None and found["kept_until"] > now and not found.get("closed_at")

    async def begin(
        self, turn_id: str, fingerprint: str, conversation_id: str | None, now: datetime
    ) -> tuple[Turn, bool]:
        """Return the turn, and whether it is new and the caller's.

        A new turn's conversation is made with it when `conversation_id` is None.
        """
        if conversation_id is not None:
            # Mostly the key is new: one write, which shares its commit with those of other conversations.
            document = self._new_turn(turn_id, fingerprint, conversation_id, now)
            with suppress(DuplicateKey):
                await self._turns.insert(document)
                return self._turn(document), True

        async def work() -> tuple[Turn, bool]:
            kept = await self._turns.get(turn_id)
            if kept and kept["kept_until"] > now:
                return self._turn(kept), False
            conversation = conversation_id or await self._new_conversation(now)
            document = self._new_turn(turn_id, fingerprint, conversation, now)
            if kept:
                await self._turns.delete_one({"_id": turn_id})
            await self._turns.insert(document)
            return self._turn(document), True

        try:
            return await transact(self._store, work)
        except DuplicateKey:  # somebody began this turn between our look and our insert
            return await transact(self._store, work)

    def _new_turn(
        self, turn_id: str, fingerprint: str, conversation_id: str, now: datetime
    ) -> Document:
        return {
            "_id": turn_id,
            "fingerprint": fingerprint,
            "conversation_id": conversation_id,
            "owner": new_id(),
            "leased_until": now + self._lease,
            "answer": None,
            "kept_until": now + TURN_KEPT_FOR,
        }

    async def _new_conversation(self, now: datetime) -> str:
        conversation_id = new_id()
        await self._conversations.insert(
            {
                "_id": conversation_id,
                "created_at": now,
                "busy_with": None,
                "busy_until": _FREE,
                "kept_until": now + CONVERSATION_KEPT_FOR,
                "person_id": None,
                "bot_knows": False,
                "closed_at": None,
            }
        )
        return conversation_id

    async def turn(self, turn_id: str) -> Turn | None:
        found = await self._turns.get(turn_id)
        return self._turn(found) if found else None

    async def take_over(self, turn: Turn, now: datetime) -> Turn | None:
        """Return the turn as the caller's if its owner's lease has ended, else None."""
        taken = await self._turns.update_one(
            {
                "_id": turn.id,
                "owner": turn.owner,
                "answer": None,
                "leased_until": {"$lte": now},
            },
            {"$set": {"owner": new_id(), "leased_until": now + self._lease}},
        )
        return self._turn(taken) if taken else None

    async def take_floor(self, turn: Turn, person_id: str | None, now: datetime) -> Floor | None:
        """Make `turn` the one that its conversation is busy with; None while it is another.

        The conversation becomes that of `person_id` unless it is somebody's, and is noted as one
        that the bot may know: whoever dies while asking must not leave a tracker unknown here.
        Step by step, for most are not needed: who has taken the floor is alone until it is left.
        """
        taken = await self._conversations.update_one(
            {"_id": turn.conversation_id, "busy_until": {"$lte": now}, "closed_at": None},
            {
                "$set": {
                    "busy_with": turn.owner,
                    "busy_until": now + self._lease,
                    "kept_until": now + CONVERSATION_KEPT_FOR,
                }
            },
        )
        if taken is None:
            return None
        if person_id is not None and taken["person_id"] is None:
            await self._conversations.update_one(
                {"_id": turn.conversation_id, "person_id": None}, {"$set": {"person_id": person_id}}
            )
        if turn.leased_until < now + self._lease - _RENEWED_AFTER:
            await self._turns.update_one(
                {"_id": turn.id, "owner": turn.owner},
                {"$set": {"leased_until": now + self._lease}},
            )
        return Floor(bot_knew=await self._bot_knew(taken))

    async def _bot_knew(self, conversation: Document) -> bool:
        if conversation.get("bot_knows", True):
            return True
        noted = await self._conversations.update_one(
            {"_id": conversation["_id"], "bot_knows": False}, {"$set": {"bot_knows": True}}
        )
        return noted is None

    async def bot_was_away(self, turn: Turn) -> None:
        """Take back that the bot may know the conversation: nothing has ever reached it."""
        await self._conversations.update_one(
            {"_id": turn.conversation_id, "busy_with": turn.owner}, {"$set": {"bot_knows": False}}
        )

    async def delegate(self, turn: Turn, ticket_id: str, session_id: str, person_id: str) -> bool:
        """Let a ticket stand for the person of a turn under way; False: the conversation is another's."""
        conversation = await self._conversations.get(turn.conversation_id)
        if conversation is None or conversation["person_id"] != person_id:
            return False
        noted = await self._turns.update_one(
            {"_id": turn.id, "owner": turn.owner, "answer": None},
            {"$set": {"ticket_id": ticket_id, "session_id": session_id}},
        )
        return noted is not None

    async def session_behind(self, ticket_id: str, now: datetime) -> str | None:
        """Return the session of the message that a ticket belongs to, while that is being answered."""
        turn = await self._turns.find_one({"ticket_id": ticket_id})
        if turn is None or turn["answer"] is not None or turn["leased_until"] <= now:
            return None
        session_id: str = turn["session_id"]
        return session_id

    async def of_person(self, person_id: str) -> list[Conversation]:
        """Return a person's conversations, the oldest first."""
        found = await self._conversations.find({"person_id": person_id}, sort=[("created_at", 1)])
        return [_conversation(document) for document in found]

    async def owner_of(self, conversation_id: str) -> str | None:
        """Return whose conversation it is; None: nobody's."""
        found = await self._conversations.get(conversation_id)
        owner_id: str | None = found["person_id"] if found else None
        return owner_id

    async def answers_in(self, conversation_id: str) -> list[dict[str, Any]]:
        """Return the answers that are kept, as `finish` was given them."""
        found = await self._turns.find({"conversation_id": conversation_id})
        answers = (self._turn(turn).answer for turn in found)
        return [answer for answer in answers if answer]

    async def close(self, conversation_id: str, now: datetime) -> Conversation | None:
        """Let nothing more be said in it, and keep it until it is removed; None without it."""
        closed = await self._conversations.update_one(
            {"_id": conversation_id},
            {"$set": {"closed_at": now, "kept_until": now + CONVERSATION_KEPT_FOR}},
        )
        return _conversation(closed) if closed else None

    async def remove(self, conversation_id: str) -> None:
        """Remove a conversation with its turns."""

        async def work() -> None:
            await self._turns.delete_many({"conversation_id": conversation_id})
            await self._conversations.delete_one({"_id": conversation_id})

        await transact(self._store, work)

    async def finish(self, turn: Turn, answer: dict[str, Any]) -> bool:
        """Keep the answer and free the conversation; False when somebody took the turn over."""
        sealed = self._sealer.seal(json.dumps(answer, ensure_ascii=False), _place(turn.id))
        # One commit for both; where only one is done before we die, the lease's end makes up for the other.
        kept, _ = await asyncio.gather(
            self._turns.update_one(
                {"_id": turn.id, "owner": turn.owner, "answer": None},
                {"$set": {"answer": sealed, "ticket_id": None, "session_id": None}},
            ),
            self._leave_floor(turn),
        )
        return kept is not None

    async def seal_anew(self) -> int:
        """Seal some answers anew, as Resealed has it."""
        return await seal_anew(self._turns, self._sealer, "answer", _place)

    def _turn(self, document: Document) -> Turn:
        answer = document["answer"]
        if isinstance(answer, str):
            answer = json.loads(self._sealer.open(answer, _place(document["_id"])))
        return Turn(
            id=document["_id"],
            fingerprint=document["fingerprint"],
            conversation_id=document["conversation_id"],
            owner=document["owner"],
            leased_until=document["leased_until"],
            answer=answer,
        )

    async def abandon(self, turn: Turn) -> None:
        """Forget an unanswered turn of the caller's: its key is free again."""

        async def work() -> None:
            await self._turns.delete_one({"_id": turn.id, "owner": turn.owner, "answer": None})
            await self._leave_floor(turn)

        await transact(self._store, work)

    async def _leave_floor(self, turn: Turn) -> None:
        await self._conversations.update_one(
            {"_id": turn.conversation_id, "busy_with": turn.owner},
            {"$set": {"busy_with": None, "busy_until": _FREE}},
        )


def _place(turn_id: str) -> str:
    return f"chat answer {turn_id}"


def _conversation(document: dict[str, Any]) -> Conversation:
    return Conversation(
        id=document["_id"],
        created_at=document["created_at"],
        kept_until=document["kept_until"],
        busy_until=document["busy_until"],
        bot_knows=document.get("bot_knows", True),
    )
