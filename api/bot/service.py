import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Protocol

from api.bot.answer_meters import AnswerMeters
from api.bot.errors import ConversationBusy, ConversationNotFound, MessageInProgress
from api.bot.message_text import message_text
from api.bot.rasa import BotAway, BotMessage, Rasa
from api.bot.replies import PASSED_ON, AnsweredBy, Reply, fallback
from api.bot.repository import ChatRepository, Floor, Turn
from api.kit.clock import Clock
from api.kit.geo import COARSE_RESOLUTION, Position, cell_of
from api.kit.idempotency import IdempotencyKeyReused, check_key, fingerprint_of
from api.kit.ids import derived_id, new_id
from api.kit.resealing import Resealed
from api.kit.tickets import Tickets
from locales import translator

TICKET_LIFETIME = timedelta(minutes=2)
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True, repr=False)
class ChatMessage:
    """`language` is one of locales.AVAILABLE; without a conversation a new one begins.

    `person_id` and `session_id`: who says it and where they signed in, None for somebody who is not.
    """

    conversation_id: str | None
    text: str
    language: str
    position: Position | None
    idempotency_key: str
    person_id: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ChatAnswer:
    """`language` is that of the first time this message came."""

    conversation_id: str
    replies: tuple[Reply, ...]
    language: str
    answered_by: AnsweredBy


class PassesOn(Protocol):
    async def passed_on(self, conversation_id: str, message_id: str, text: str) -> bool:
        """Keep a message for the person who answers, once per id; False when nobody does."""
        ...


class ChatService:
    """Puts messages to the bot, one at a time in a conversation, and answers for it when it cannot.

    `patience` bounds each wait for somebody else: for the turn before, or for the first of two
    messages with one key. It is the lease of the repository, so that who waits outlives who died.
    """

    def __init__(
        self,
        repository: ChatRepository,
        rasa: Rasa,
        tickets: Tickets,
        clock: Clock,
        patience: timedelta,
        handoffs: PassesOn,
        meters: AnswerMeters,
    ) -> None:
        self._meters = meters
        self._repository = repository
        self.resealed: tuple[Resealed, ...] = (repository,)
        self._rasa = rasa
        self._tickets = tickets
        self._clock = clock
        self._handoffs = handoffs
        self._patience_seconds = patience.total_seconds()

    async def send(self, message: ChatMessage) -> ChatAnswer:
        """Return the answer; the same one for the same key and message, for 24 hours.

        Raises ChatProblem and IdempotencyProblem; then nothing was kept and the key is free.
        """
        text = message_text(message.text)
        check_key(message.idempotency_key)
        await self._check_conversation(message.conversation_id)
        turn_id = _turn_id(message)
        fingerprint = _fingerprint(message, text)
        turn, is_ours = await self._repository.begin(
            turn_id, fingerprint, message.conversation_id, self._clock()
        )
        if turn.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        if not is_ours:
            turn = await self._answered_or_ours(turn)
        if turn.answer is not None:
            return _kept_answer(turn)
        return await self._answer(turn, message, text)

    async def _check_conversation(self, conversation_id: str | None) -> None:
        if conversation_id is None:
            return
        if not await self._repository.exists(conversation_id, self._clock()):
            raise ConversationNotFound

    async def _answered_or_ours(self, turn: Turn) -> Turn:
        """Wait for another's turn to be answered, or take it over. Raises MessageInProgress."""
        async for _ in _attempts(self._patience_seconds):
            seen = await self._repository.turn(turn.id)
            if seen is None:
                break
            if seen.answer is not None:
                return seen
            if taken := await self._repository.take_over(seen, self._clock()):
                return taken
        raise MessageInProgress

    async def _answer(self, turn: Turn, message: ChatMessage, text: str) -> ChatAnswer:
        began = perf_counter()
        try:
            floor = await self._floor(turn, message.person_id)
            answer = await self._asked(turn, floor, message, text)
            is_kept = await self._repository.finish(turn, _document(answer))
        except BaseException:
            # Also when the phone hangs up: the next message must not wait for the lease's end.
            await asyncio.shield(self._repository.abandon(turn))
            raise
        if is_kept:
            self._meters.answered(answer.answered_by, perf_counter() - began)
            return answer
        kept = await self._repository.turn(turn.id)
        return _kept_answer(kept) if kept and kept.answer else answer

    async def _floor(self, turn: Turn, person_id: str | None) -> Floor:
        async for _ in _attempts(self._patience_seconds):
            if floor := await self._repository.take_floor(turn, person_id, self._clock()):
                return floor
        raise ConversationBusy

    async def _asked(self, turn: Turn, floor: Floor, message: ChatMessage, text: str) -> ChatAnswer:
        conversation_id, ticket_id = turn.conversation_id, new_id()
        # Kept before the bot is asked: nothing that fails afterwards loses it, and a repeat keeps one.
        with_person = await self._handoffs.passed_on(conversation_id, turn.id, text)
        is_delegated = await self._delegated(turn, message, ticket_id)
        replies = await self._replies(
            turn,
            floor,
            BotMessage(
                sender=conversation_id,
                text=text,
                language=message.language,
                ticket=self._tickets.issue(conversation_id, TICKET_LIFETIME, ticket_id),
                position=message.position,
                is_signed_in=is_delegated,
                with_person=with_person,
            ),
        )
        if with_person:
            passed_on = Reply(translator(message.language)(PASSED_ON))
            answers = (*replies, passed_on)  # what the bot says in an emergency comes first
            return ChatAnswer(conversation_id, answers, message.language, AnsweredBy.PERSON)
        if replies:
            return ChatAnswer(conversation_id, replies, message.language, AnsweredBy.BOT)
        honest = (fallback(translator(message.language)),)
        return ChatAnswer(conversation_id, honest, message.language, AnsweredBy.FALLBACK)

    async def _delegated(self, turn: Turn, message: ChatMessage, ticket_id: str) -> bool:
        """Let the ticket stand for who says the message; False for nobody, and in another's conversation."""
        if message.person_id is None or message.session_id is None:
            return False
        return await self._repository.delegate(
            turn, ticket_id, message.session_id, message.person_id
        )

    async def _replies(self, turn: Turn, floor: Floor, message: BotMessage) -> tuple[Reply, ...]:
        try:
            return await self._rasa.answer(message)
        except BotAway:
            if not floor.bot_knew:
                await self._repository.bot_was_away(turn)
            return ()


async def _attempts(seconds: float) -> AsyncIterator[None]:
    """Yield at once, then again and again with pauses until `seconds` have passed."""
    end = asyncio.get_running_loop().time() + seconds
    yield
    while asyncio.get_running_loop().time() < end:
        await asyncio.sleep(random.uniform(_PAUSE_SECONDS / 2, _PAUSE_SECONDS))  # noqa: S311 - jitter
        yield


def _turn_id(message: ChatMessage) -> str:
    # What begins a conversation is its person's: another's key leads to none of their conversations.
    if message.conversation_id is None and message.person_id is not None:
        return derived_id("chat of person", message.person_id, message.idempotency_key)
    return derived_id("chat", message.conversation_id or "", message.idempotency_key)


def _fingerprint(message: ChatMessage, text: str) -> str:
    # Of a position only the cell: degrees could be computed back from the digest of a small area.
    cell = cell_of(message.position, COARSE_RESOLUTION) if message.position else None
    asked = {"text": text, "language": message.language, "cell": cell}
    return fingerprint_of(asked, message.idempotency_key)


def _document(answer: ChatAnswer) -> dict[str, object]:
    return {
        "replies": [reply.document() for reply in answer.replies],
        "language": answer.language,
        "answered_by": answer.answered_by.value,
    }


def _kept_answer(turn: Turn) -> ChatAnswer:
    kept = turn.answer or {}
    return ChatAnswer(
        conversation_id=turn.conversation_id,
        replies=tuple(Reply.of(reply) for reply in kept["replies"]),
        language=kept["language"],
        answered_by=AnsweredBy(kept["answered_by"]),
    )
