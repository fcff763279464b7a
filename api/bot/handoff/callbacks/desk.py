"""Whom the clerks of a desk are to call. Every reading and step is audited."""

from typing import Any

from api.accounts.caller import Caller
from api.accounts.errors import NotAllowed
from api.bot.handoff.callbacks.errors import CallbackNotFound
from api.bot.handoff.callbacks.records import Callback, CallbackState
from api.bot.handoff.callbacks.repository import CallbackRepository
from api.bot.handoff.desk import clerk_at, right_at, works_at_a_desk
from api.bot.handoff.hours import DESKS, HandoffDesk
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency

LISTED_AT_MOST = 100
TRIES_AT_MOST = 3


class CallbackDesk:
    def __init__(
        self,
        callbacks: CallbackRepository,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._callbacks = callbacks
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def waiting(self, caller: Caller, desk: HandoffDesk) -> list[Callback]:
        """Return whom to call, the earliest time first. Raises NotSignedIn, NotAllowed."""
        clerk_id = clerk_at(caller, desk)
        found = await self._callbacks.waiting_at(desk, LISTED_AT_MOST)
        await self._note(clerk_id, desk, "callbacks", desk.value)
        return found

    async def close(
        self, caller: Caller, callback_id: str, key: str, *, was_reached: bool
    ) -> Callback:
        """Note a call, once per key; after the third that nobody answered it ends.

        Raises NotSignedIn, NotAllowed, CallbackNotFound, IdempotencyProblem.
        """
        clerk_id, callback = await self._at(caller, callback_id)

        async def work() -> dict[str, Any]:
            called = await self._called(callback_id, was_reached=was_reached)
            if called is None:
                raise CallbackNotFound
            action = "call" if was_reached else "call_unanswered"
            await self._note(clerk_id, callback.desk, action, callback_id)
            return {}

        asked = {"callback": callback_id, "reached": was_reached}
        await self._idempotency.once(clerk_id, "closeCallback", key, asked, work)
        closed = await self._callbacks.get(callback_id)
        if closed is None:
            raise CallbackNotFound
        return closed

    async def _called(self, callback_id: str, *, was_reached: bool) -> Callback | None:
        wanted, now = {"_id": callback_id}, self._clock()
        if was_reached:
            return await self._callbacks.end(wanted, CallbackState.REACHED, now)
        tried = await self._callbacks.tried(callback_id)
        if tried is not None and tried.tries >= TRIES_AT_MOST:
            return await self._callbacks.end(wanted, CallbackState.NOT_REACHED, now)
        return tried

    async def _at(self, caller: Caller, callback_id: str) -> tuple[str, Callback]:
        clerk_id = caller.person()
        if not works_at_a_desk(caller):
            raise NotAllowed
        callback = await self._callbacks.get(callback_id)
        right = right_at(callback.desk) if callback else None
        if callback is None or right is None or not caller.holds(right.role, right.scope):
            raise CallbackNotFound
        return clerk_id, callback

    async def _note(self, clerk_id: str, desk: HandoffDesk, action: str, subject: str) -> None:
        scope = f"agency:{DESKS[desk].agency}"
        await self._audit.append(AuditEntry(clerk_id, f"handoff.{action}", subject, scope, {}))
