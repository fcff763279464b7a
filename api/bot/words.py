"""What somebody wants written down, such as what is wrong at a place, until it is sent on.

The bot keeps no words. What a report will say lies here, sealed, for an hour at most, and only the
conversation that it was said in can read it.
"""

from dataclasses import dataclass
from datetime import timedelta

from api.bot.errors import NotInConversation
from api.bot.message_text import message_text
from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Index, Store
from api.kit.tickets import Ticket

CHAT_WORDS = CollectionSpec(
    "chat_words",
    (Index(("conversation_id",)), Index(("kept_until",), expire_after_seconds=0)),
)
KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    id: str
    text: str


class ChatWords:
    """Each conversation has its own: that of the ticket, never one that a client names."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._words = store[CHAT_WORDS]
        self._sealer = sealer
        self._clock = clock

    async def keep(self, ticket: Ticket | None, text: str) -> Words:
        """Keep words of the message under way. Raises NotInConversation, EmptyMessage, MessageTooLong."""
        conversation_id = _conversation(ticket)
        words = Words(new_id(), message_text(text))
        await self._words.insert(
            {
                "_id": words.id,
                "conversation_id": conversation_id,
                "sealed": self._sealer.seal(words.text, _place(words.id)),
                "kept_until": self._clock() + KEPT_FOR,
            }
        )
        return words

    async def get(self, ticket: Ticket | None, words_id: str) -> Words | None:
        """Return words of the ticket's own conversation, None when they are gone or another's."""
        found = await self._words.get(words_id) if ticket else None
        if found is None or ticket is None or found["conversation_id"] != ticket.subject:
            return None
        if found["kept_until"] <= self._clock():
            return None
        return Words(words_id, self._sealer.open(found["sealed"], _place(words_id)))

    async def of_conversation(self, conversation_id: str) -> list[str]:
        """Return the texts that are kept of a conversation."""
        found = await self._words.find({"conversation_id": conversation_id})
        return [self._sealer.open(one["sealed"], _place(one["_id"])) for one in found]

    async def forget(self, conversation_id: str) -> None:
        """Remove the words of a conversation."""
        await self._words.delete_many({"conversation_id": conversation_id})


def _conversation(ticket: Ticket | None) -> str:
    if ticket is None:
        raise NotInConversation
    return ticket.subject


def _place(words_id: str) -> str:
    return f"chat words {words_id}"
