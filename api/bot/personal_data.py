"""What the chat keeps of a person, here and in the bot's trackers."""

from typing import Any

from api.bot.handoff.personal_data import ChatsWithPeople
from api.bot.rasa import Rasa
from api.bot.repository import ChatRepository, Conversation
from api.bot.unanswered.repository import UnansweredRepository
from api.bot.words import ChatWords
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.personal_data import HolderUnavailable


class ChatData:
    """Conversations of signed-in people. What nobody signed in has said is nobody's."""

    name = "chat"
    explanation = N_(
        "Your conversations with the assistant, with its answers of the last day. What you write is"
        " not kept, but what you dictate for a report, for an hour, and what you write to a person at a"
        " desk, until a day after that has ended. Calls that you ask for are kept until a day after"
        " the desk has called."
    )

    def __init__(
        self,
        repository: ChatRepository,
        words: ChatWords,
        with_people: ChatsWithPeople,
        questions: UnansweredRepository,
        rasa: Rasa,
        clock: Clock,
    ) -> None:
        self._repository = repository
        self._words = words
        self._with_people = with_people
        self._questions = questions
        self._rasa = rasa
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [
            await self._told(conversation)
            for conversation in await self._repository.of_person(person_id)
        ]

    async def erase(self, person_id: str) -> None:
        """Remove every conversation. Raises HolderUnavailable while the bot cannot forget one."""
        for conversation in await self._repository.of_person(person_id):
            await self._erase(conversation.id)

    async def _erase(self, conversation_id: str) -> None:
        closed = await self._repository.close(conversation_id, self._clock())
        if closed is None:
            return
        if closed.busy_until > self._clock():
            raise HolderUnavailable  # the bot would keep what it is answering
        if closed.bot_knows:
            await self._rasa.forget(conversation_id)
        await self._words.forget(conversation_id)
        await self._with_people.forget(conversation_id)
        await self._questions.forget(conversation_id)
        await self._repository.remove(conversation_id)

    async def _told(self, conversation: Conversation) -> dict[str, Any]:
        return {
            "id": conversation.id,
            "startedAt": conversation.created_at.isoformat(),
            "keptUntil": conversation.kept_until.isoformat(),
            "answers": await self._repository.answers_in(conversation.id),
            "dictated": await self._words.of_conversation(conversation.id),
            "withPeople": await self._with_people.entries_in(conversation.id),
            "calls": await self._with_people.calls_in(conversation.id),
        }
