"""Who wants to be called: asks, changes their mind, and sees what became of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.bot.errors import ConversationNotFound
from api.bot.handoff.callbacks.errors import CallbackNotFound, WindowGone
from api.bot.handoff.callbacks.records import Callback, CallbackState, phone_of
from api.bot.handoff.callbacks.repository import CallbackRepository
from api.bot.handoff.hours import DESKS, HandoffDesk, Window, desk_for
from api.bot.handoff.service import scope_of
from api.bot.repository import ChatRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency, check_key
from api.kit.store import DuplicateKey


@dataclass(frozen=True, slots=True, repr=False)
class WantedCall:
    """`starts`: of a window that the desk offers; `desk` None: by the language."""

    conversation_id: str | None
    desk: HandoffDesk | None
    language: str
    phone: str
    starts: datetime
    idempotency_key: str


class Callbacks:
    def __init__(
        self,
        chats: ChatRepository,
        callbacks: CallbackRepository,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._chats = chats
        self._callbacks = callbacks
        self._idempotency = idempotency
        self._clock = clock

    def now(self) -> datetime:
        """Return the moment by which desks are open or closed."""
        return self._clock()

    async def ask(self, wanted: WantedCall) -> Callback:
        """Keep that somebody wants to be called; a conversation has one such wish, the newest.

        Raises ConversationNotFound, InvalidPhone, WindowGone, IdempotencyProblem, and
        CallbackNotFound when what the key asked for is forgotten.
        """
        check_key(wanted.idempotency_key)
        conversation_id = await self._conversation(wanted.conversation_id)
        phone = phone_of(wanted.phone)
        try:
            callback_id = await self._asked_once(conversation_id, wanted, phone)
        except DuplicateKey:  # somebody asked between our look and our insert
            callback_id = await self._asked_once(conversation_id, wanted, phone)
        callback = await self._callbacks.get(callback_id)
        if callback is None:
            raise CallbackNotFound
        return callback

    async def _asked_once(self, conversation_id: str, wanted: WantedCall, phone: str) -> str:
        async def work() -> dict[str, Any]:
            desk, now = wanted.desk or desk_for(wanted.language), self._clock()
            window = _offered(desk, wanted.starts, now)
            callback_id = await self._callbacks.put(
                conversation_id, desk, wanted.language, phone, window, now
            )
            return {"callback_id": callback_id}

        request = {
            "desk": wanted.desk.value if wanted.desk else None,
            "phone": phone,
            "starts": wanted.starts.astimezone(UTC).isoformat(),
        }
        kept = await self._idempotency.once(
            scope_of(conversation_id), "requestCallback", wanted.idempotency_key, request, work
        )
        return str(kept["callback_id"])

    async def current(self, conversation_id: str) -> Callback | None:
        """Return what was asked for last, ended ones too. Raises ConversationNotFound."""
        return await self._callbacks.newest_of(await self._conversation(conversation_id))

    async def withdraw(self, conversation_id: str) -> Callback:
        """Take the wish back. Raises ConversationNotFound, CallbackNotFound."""
        wanted = {"conversation_id": await self._conversation(conversation_id)}
        ended = await self._callbacks.end(wanted, CallbackState.WITHDRAWN, self._clock())
        if ended is None:
            raise CallbackNotFound
        return ended

    async def _conversation(self, conversation_id: str | None) -> str:
        is_there = conversation_id and await self._chats.exists(conversation_id, self._clock())
        if not conversation_id or not is_there:
            raise ConversationNotFound
        return conversation_id


def _offered(desk: HandoffDesk, starts: datetime, now: datetime) -> Window:
    for window in DESKS[desk].call_windows(now):
        if window.start == starts:
            return window
    raise WindowGone
