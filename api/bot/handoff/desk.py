"""What the clerks of a desk do with hand-offs. Every reading and step is audited."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.bot.handoff.errors import HandoffNotFound, HandoffTaken
from api.bot.handoff.hours import DESKS, HandoffDesk
from api.bot.handoff.records import Entry, Handoff, HandoffState, LaterKind
from api.bot.handoff.repository import CHANGES, HandoffRepository, in_states
from api.bot.message_text import message_text
from api.bot.repository import ChatRepository
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.kit.transactions import transact

LISTED_AT_MOST = 100
_OPEN = in_states([HandoffState.OPEN])
_WAITING = in_states([HandoffState.WAITING])


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """What the clerk who has it sees. `answers`: the assistant's, with the person's consent only."""

    handoff: Handoff
    entries: tuple[Entry, ...] = ()
    answers: tuple[str, ...] = ()


class HandoffDesks:
    def __init__(
        self,
        store: Store,
        chats: ChatRepository,
        handoffs: HandoffRepository,
        events: Events,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._grants = Grants(store)
        self._chats = chats
        self._handoffs = handoffs
        self._events = events
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def queue(self, caller: Caller, desk: HandoffDesk) -> list[Handoff]:
        """Return who waits, behind the clerk's own. Raises NotSignedIn, NotAllowed."""
        clerk_id = clerk_at(caller, desk)
        found = await self._handoffs.queue(desk, clerk_id, LISTED_AT_MOST)
        await self._note(clerk_id, desk, "queue", desk.value)
        return found

    async def changes(self, caller: Caller, desk: HandoffDesk) -> AsyncGenerator[list[Handoff]]:
        """Yield the queue now and whenever it changes. Raises as `queue` does, each time."""
        clerk_id = clerk_at(caller, desk)
        async with self._events.listening(CHANGES) as payloads:
            yield await self.queue(caller, desk)
            async for payload in payloads:
                if payload["desk"] != desk.value:
                    continue
                await self._hold(clerk_id, desk)
                yield await self._handoffs.queue(desk, clerk_id, LISTED_AT_MOST)

    async def take(self, caller: Caller, handoff_id: str) -> Shown:
        """Take one that waits; again by who has it: the same.

        Raises NotSignedIn, NotAllowed, HandoffNotFound, HandoffTaken, ClerkBusy.
        """
        clerk_id, handoff = await self._at(caller, handoff_id)

        async def work() -> Handoff:
            await self._hold(clerk_id, handoff.desk)
            return await self._taken(clerk_id, handoff)

        return await self._shown(await transact(self._store, work))

    async def _taken(self, clerk_id: str, handoff: Handoff) -> Handoff:
        now = self._clock()
        fields: dict[str, Any] = {
            "state": HandoffState.OPEN.value,
            "clerk_id": clerk_id,
            "clerk_key": clerk_id,
            "clerk_at": now,
        }
        if not handoff.was_taken:
            fields["first_taken_at"] = now
        taken = await self._handoffs.change(handoff.id, _WAITING, fields)
        if taken is None:
            return await self._own(clerk_id, handoff.id)
        await self._handoffs.add(taken, LaterKind.ANSWERED, None, now)
        await self._note(clerk_id, taken.desk, "take", taken.id)
        return taken

    async def say(self, caller: Caller, handoff_id: str, text: str, key: str) -> Shown:
        """Write to the person, once per key. Raises as `take` does, EmptyMessage, MessageTooLong."""
        clerk_id, handoff = await self._at(caller, handoff_id)
        said = message_text(text)

        async def work() -> dict[str, Any]:
            await self._hold(clerk_id, handoff.desk)
            own = {**_OPEN, "clerk_id": clerk_id}
            now = self._clock()
            if not await self._handoffs.add(handoff, LaterKind.AGENT, said, now, guard=own):
                raise HandoffTaken
            await self._handoffs.change(handoff.id, own, {"clerk_at": now})
            await self._note(clerk_id, handoff.desk, "say", handoff.id)
            return {}

        asked = {"handoff": handoff_id, "text": said}
        await self._idempotency.once(clerk_id, "sendHandoffMessage", key, asked, work)
        return await self._shown(await self._own(clerk_id, handoff_id))

    async def end(self, caller: Caller, handoff_id: str, action: str) -> Handoff:
        """End it: from then on the assistant answers. `action` goes into the audit log.

        Raises as `take` does.
        """
        clerk_id, handoff = await self._at(caller, handoff_id)

        async def work() -> Handoff:
            await self._hold(clerk_id, handoff.desk)
            own = {**_OPEN, "clerk_id": clerk_id}
            ended = await self._handoffs.end(handoff, own, self._clock())
            if ended is None:
                raise HandoffTaken
            await self._note(clerk_id, handoff.desk, action, handoff.id)
            return ended

        return await transact(self._store, work)

    async def _shown(self, handoff: Handoff) -> Shown:
        entries = await self._handoffs.entries({"handoff_id": handoff.id})
        answers: list[str] = []
        if handoff.shares:
            for answer in await self._chats.answers_in(handoff.conversation_id):
                answers += [reply["text"] for reply in answer["replies"]]
        return Shown(handoff, tuple(entries), tuple(answers))

    async def _own(self, clerk_id: str, handoff_id: str) -> Handoff:
        handoff = await self._handoffs.get(handoff_id)
        if handoff is None or handoff.clerk_id != clerk_id:
            raise HandoffTaken
        return handoff

    async def _at(self, caller: Caller, handoff_id: str) -> tuple[str, Handoff]:
        caller.person()
        if not works_at_a_desk(caller):
            raise NotAllowed
        handoff = await self._handoffs.get(handoff_id)
        right = right_at(handoff.desk) if handoff else None
        if handoff is None or right is None or not caller.holds(right.role, right.scope):
            raise HandoffNotFound
        return caller.person(), handoff

    async def _hold(self, clerk_id: str, desk: HandoffDesk) -> None:
        if not await self._grants.is_held(clerk_id, right_at(desk)):
            raise NotAllowed

    async def _note(self, clerk_id: str, desk: HandoffDesk, action: str, subject: str) -> None:
        scope = f"agency:{DESKS[desk].agency}"
        await self._audit.append(AuditEntry(clerk_id, f"handoff.{action}", subject, scope, {}))


def clerk_at(caller: Caller, desk: HandoffDesk) -> str:
    """Return who it is. Raises NotSignedIn, NotAllowed."""
    return caller.require(right_at(desk).role, right_at(desk).scope)


def works_at_a_desk(caller: Caller) -> bool:
    return any(caller.holds(right_at(desk).role, right_at(desk).scope) for desk in DESKS)


def right_at(desk: HandoffDesk) -> Grant:
    return Grant(Role.CLERK, Scope(ScopeKind.AGENCY, DESKS[desk].agency))
