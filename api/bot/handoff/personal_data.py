"""What is kept of a conversation with people: told with it, and forgotten with it."""

from typing import Any

from api.bot.handoff.callbacks.repository import CallbackRepository
from api.bot.handoff.repository import HandoffRepository
from api.bot.handoff.service import scope_of
from api.kit.idempotency import Idempotency


class ChatsWithPeople:
    def __init__(
        self, handoffs: HandoffRepository, callbacks: CallbackRepository, idempotency: Idempotency
    ) -> None:
        self._handoffs = handoffs
        self._callbacks = callbacks
        self._idempotency = idempotency

    async def entries_in(self, conversation_id: str) -> list[dict[str, Any]]:
        """Return what both sides wrote, as JSON. Who works at a desk is not told."""
        return [
            {"kind": entry.kind.name, "text": entry.text, "at": entry.at.isoformat()}
            for entry in await self._handoffs.entries({"conversation_id": conversation_id})
        ]

    async def calls_in(self, conversation_id: str) -> list[dict[str, Any]]:
        """Return the calls that were asked for, as JSON."""
        return [
            {
                "phone": call.phone,
                "from": call.window.start.isoformat(),
                "until": call.window.end.isoformat(),
                "state": call.state.name,
            }
            for call in await self._callbacks.of_conversation(conversation_id)
        ]

    async def forget(self, conversation_id: str) -> None:
        """Forget all of it, and what the keys of the conversation were answered."""
        await self._idempotency.forget(scope_of(conversation_id))
        await self._callbacks.forget(conversation_id)
        await self._handoffs.forget(conversation_id)
