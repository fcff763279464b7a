"""What whoever chats does with a hand-off: ask for it, write in it, follow and rate it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.accounts.caller import Caller
from api.bot.errors import ConversationNotFound
from api.bot.handoff.errors import AlreadyRated, DeskClosed, HandoffNotFound, InvalidGrade
from api.bot.handoff.hours import DESKS, HandoffDesk, desk_for
from api.bot.handoff.records import Entry, Handoff, HandoffState, LaterKind, Place
from api.bot.handoff.repository import CHANGES, LIVE, HandoffRepository, in_states
from api.bot.handoff.sharing import ChatSharing, ReadConsent
from api.bot.repository import ChatRepository
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency, check_key
from api.kit.jobs import Jobs
from api.kit.store import DuplicateKey

LAPSE_JOB = "chat.handoff_lapse"
LAPSE_EVERY = timedelta(minutes=5)
_GRADES = range(1, 6)


@dataclass(frozen=True, slots=True)
class Asked:
    """`language` is one of locales.AVAILABLE; `desk` None: by the language.

    `consent`: what was read of sharing the conversation. `caller`: who asks, or for whom the bot does.
    """

    conversation_id: str | None
    desk: HandoffDesk | None
    language: str
    shares: bool
    consent: ReadConsent
    idempotency_key: str
    caller: Caller


@dataclass(frozen=True, slots=True)
class Standing:
    """A hand-off, and its place in the queue while it waits."""

    handoff: Handoff
    place: Place | None


class Handoffs:
    def __init__(
        self,
        chats: ChatRepository,
        handoffs: HandoffRepository,
        events: Events,
        jobs: Jobs,
        sharing: ChatSharing,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._chats = chats
        self._handoffs = handoffs
        self._events = events
        self._jobs = jobs
        self._sharing = sharing
        self._idempotency = idempotency
        self._clock = clock

    async def ask(self, asked: Asked) -> Standing:
        """Queue the conversation once; while it is with a person, this answers the same hand-off.

        A key answers what it answered first, also when that has ended since. Raises
        ConversationNotFound, DeskClosed, SharingConsentMissing, IdempotencyProblem, and
        HandoffNotFound when what the key began is forgotten.
        """
        check_key(asked.idempotency_key)
        conversation_id = await self._conversation(asked.conversation_id)
        try:
            handoff_id = await self._asked_once(conversation_id, asked)
        except DuplicateKey:  # somebody asked between our look and our insert
            handoff_id = await self._asked_once(conversation_id, asked)
        handoff = await self._handoffs.get(handoff_id)
        if handoff is None:
            raise HandoffNotFound
        return await self._standing(handoff)

    async def _asked_once(self, conversation_id: str, asked: Asked) -> str:
        async def work() -> dict[str, Any]:
            live = await self._handoffs.live_of(conversation_id)
            handoff = live or await self._begun(conversation_id, asked)
            if asked.shares and not handoff.shares:
                version = await self._sharing.agreed(
                    asked.caller, conversation_id, asked.consent, self._clock()
                )
                await self._handoffs.share(handoff.id, version)
            return {"handoff_id": handoff.id}

        request = {"desk": asked.desk.value if asked.desk else None, "shares": asked.shares}
        kept = await self._idempotency.once(
            scope_of(conversation_id), "talkToPerson", asked.idempotency_key, request, work
        )
        return str(kept["handoff_id"])

    async def _begun(self, conversation_id: str, asked: Asked) -> Handoff:
        desk = DESKS[asked.desk or desk_for(asked.language)]
        now = self._clock()
        if not desk.is_open(now):
            raise DeskClosed(opens=f"{desk.next_opening(now):%Y-%m-%d %H:%M}")
        handoff = await self._handoffs.begin(conversation_id, desk.desk, asked.language, now)
        await self._handoffs.add(handoff, LaterKind.QUEUED, None, now)
        payload = {"handoff_id": handoff.id, "round": 1}
        await self._jobs.enqueue(LAPSE_JOB, payload, run_at=now + LAPSE_EVERY)
        return handoff

    async def current(self, conversation_id: str) -> Standing | None:
        """Return the newest hand-off, ended ones too. Raises ConversationNotFound."""
        await self._conversation(conversation_id)
        newest = await self._handoffs.newest_of(conversation_id)
        return await self._standing(newest) if newest else None

    async def passed_on(self, conversation_id: str, message_id: str, text: str) -> bool:
        """Keep a message for the agent, once; False: the conversation is with nobody."""
        live = await self._handoffs.live_of(conversation_id)
        if live is None:
            return False
        return await self._handoffs.add(
            live, LaterKind.PERSON, text, self._clock(), message_id, in_states(LIVE)
        )

    async def later(
        self, conversation_id: str, after: int
    ) -> AsyncGenerator[tuple[Entry, Place | None]]:
        """Yield what came after a cursor, then what comes. Raises ConversationNotFound."""
        await self._conversation(conversation_id)
        told_as = self._handoffs.told_as(conversation_id)
        async with self._events.listening(CHANGES) as payloads:
            for one in await self._after(conversation_id, after):
                after = one[0].number
                yield one
            async for payload in payloads:
                if payload["conversation"] != told_as:
                    continue
                await self._conversation(conversation_id)
                for one in await self._after(conversation_id, after):
                    after = one[0].number
                    yield one

    async def _after(self, conversation_id: str, after: int) -> list[tuple[Entry, Place | None]]:
        found = await self._handoffs.entries({"conversation_id": conversation_id}, after)
        told = [entry for entry in found if entry.kind is not LaterKind.PERSON]
        live = await self._handoffs.live_of(conversation_id) if told else None
        is_waiting = live is not None and live.state is HandoffState.WAITING
        place = await self._handoffs.place_of(live) if live and is_waiting else None
        return [(entry, place if entry.kind is LaterKind.QUEUED else None) for entry in told]

    async def rate(self, conversation_id: str, grade: int) -> Handoff:
        """Grade the newest hand-off, once it has ended.

        Raises ConversationNotFound, InvalidGrade, HandoffNotFound, AlreadyRated.
        """
        await self._conversation(conversation_id)
        if grade not in _GRADES:
            raise InvalidGrade
        newest = await self._handoffs.newest_of(conversation_id)
        if newest is None or newest.state is not HandoffState.ENDED:
            raise HandoffNotFound
        guard = {"grade": None, **in_states([HandoffState.ENDED])}
        rated = await self._handoffs.change(newest.id, guard, {"grade": grade})
        if rated is None:
            raise AlreadyRated
        return rated

    async def _standing(self, handoff: Handoff) -> Standing:
        is_waiting = handoff.state is HandoffState.WAITING
        return Standing(handoff, await self._handoffs.place_of(handoff) if is_waiting else None)

    async def _conversation(self, conversation_id: str | None) -> str:
        is_there = conversation_id and await self._chats.exists(conversation_id, self._clock())
        if not conversation_id or not is_there:
            raise ConversationNotFound
        return conversation_id


def scope_of(conversation_id: str) -> str:
    """Return under whose name the keys of a conversation are remembered."""
    return f"chat conversation {conversation_id}"
