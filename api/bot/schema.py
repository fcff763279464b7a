from typing import Annotated

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.caller import Caller
from api.accounts.errors import NotAllowed, NotSignedIn
from api.bot.errors import ChatErrorCode, ChatProblem, UnknownLanguage
from api.bot.message_text import CHARACTERS_AT_MOST
from api.bot.replies import AnsweredBy, Step
from api.bot.replies import Link as LinkRecord
from api.bot.replies import Point as PointRecord
from api.bot.replies import Reply as ReplyRecord
from api.bot.service import ChatAnswer, ChatMessage
from api.bot.words import Words
from api.context import Info
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.kit.schema_types import Position, PositionInput
from locales import AVAILABLE, language_of

strawberry.enum(ChatErrorCode)
strawberry.enum(
    AnsweredBy,
    name="ChatAnsweredBy",
    description="FALLBACK: the bot was silent; the answer holds the emergency numbers and links."
    " PERSON: it was passed on to a desk; what comes later is in chatReplies.",
)


strawberry.enum(Step, name="ChatStep", description="What an app can do for who chats.")


@strawberry.type(description="Something to tap under a reply.")
class ChatLink:
    title: str
    url: str = strawberry.field(description="A tel:, geo: (RFC 5870), https: or http: address.")

    @classmethod
    def of(cls, record: LinkRecord) -> "ChatLink":
        return cls(title=record.title, url=record.url)


@strawberry.type(description="An answer to tap: send its title as the next message.")
class ChatChoice:
    title: str


@strawberry.type(description="Something to show on a map under a reply.")
class ChatPoint:
    name: str
    position: Position

    @classmethod
    def of(cls, record: PointRecord) -> "ChatPoint":
        return cls(name=record.name, position=Position.of(record.position))


@strawberry.type
class ChatReply:
    text: str = strawberry.field(
        description="Plain text, lines parted by line feeds: enough without what stands beside it."
    )
    language: str = strawberry.field(description="BCP 47 tag of the language of the message.")
    links: list[ChatLink]
    choices: list[ChatChoice]
    steps: list[Step] = strawberry.field(description="What the app can offer to do at this point.")
    points: list[ChatPoint]

    @classmethod
    def of(cls, record: ReplyRecord, language: str) -> "ChatReply":
        return cls(
            text=record.text,
            language=language,
            links=list(map(ChatLink.of, record.links)),
            choices=[ChatChoice(title=title) for title in record.choices],
            steps=list(record.steps),
            points=list(map(ChatPoint.of, record.points)),
        )


@strawberry.type(description="Forgotten 30 days after its last message.")
class ChatConversation:
    id: strawberry.ID = strawberry.field(
        description="Send it with the next message. Whoever has it can go on with the conversation."
    )


@strawberry.input
class SendChatMessageInput:
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Absent on the first message."
    )
    text: str = strawberry.field(
        description=f"1 to {CHARACTERS_AT_MOST} characters. Leading slashes are dropped."
    )
    position: PositionInput | None = strawberry.field(
        default=None, description="Where the person is, for this message only; it is not kept."
    )
    language: str | None = strawberry.field(
        default=None, description="BCP 47 tag of the answer's language; absent: Accept-Language."
    )
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each message."
    )

    def message(self, accepted_language: str, caller: Caller) -> ChatMessage:
        """Return it checked. Raises UnknownLanguage or InvalidPosition."""
        language = accepted_language
        if self.language is not None:
            language = language_of(self.language[:35]) or ""
        if not language:
            raise UnknownLanguage(languages=", ".join(AVAILABLE))
        return ChatMessage(
            conversation_id=self.conversation_id,
            text=self.text,
            language=language,
            position=self.position.position() if self.position else None,
            idempotency_key=self.idempotency_key,
            person_id=caller.person_id,
            session_id=caller.session_id,
        )


@strawberry.type
class ChatError(Problem):
    code: ChatErrorCode


@strawberry.type
class SendChatMessageSuccess:
    conversation: ChatConversation
    replies: list[ChatReply] = strawberry.field(description="At least one.")
    answered_by: AnsweredBy

    @classmethod
    def of(cls, answer: ChatAnswer) -> "SendChatMessageSuccess":
        return cls(
            conversation=ChatConversation(id=strawberry.ID(answer.conversation_id)),
            replies=[ChatReply.of(reply, answer.language) for reply in answer.replies],
            answered_by=answer.answered_by,
        )


SendChatMessageResult = Annotated[
    SendChatMessageSuccess | ChatError, strawberry.union("SendChatMessageResult")
]


@strawberry.input
class KeepChatWordsInput:
    text: str = strawberry.field(description=f"1 to {CHARACTERS_AT_MOST} characters.")


@strawberry.type(description="What somebody dictated in a conversation, kept for an hour.")
class ChatWords:
    id: strawberry.ID
    text: str

    @classmethod
    def of(cls, words: Words) -> "ChatWords":
        return cls(id=strawberry.ID(words.id), text=words.text)


@strawberry.type
class KeepChatWordsSuccess:
    words: ChatWords


KeepChatWordsResult = Annotated[
    KeepChatWordsSuccess | ChatError, strawberry.union("KeepChatWordsResult")
]


@strawberry.type
class ChatQuery:
    @strawberry.field(
        description="For the assistant: words of the conversation it is answering in; null when they"
        " are gone, or another's."
    )
    async def chat_words(self, info: Info, id: strawberry.ID) -> ChatWords | None:
        context = info.context
        words = await context.services.chat_words.get(context.ticket, id)
        return ChatWords.of(words) if words else None


@strawberry.type
class ChatMutation:
    @strawberry.mutation(
        description="For the assistant: keep what somebody dictates, until it is sent or for an hour."
    )
    async def keep_chat_words(self, info: Info, input: KeepChatWordsInput) -> KeepChatWordsResult:
        context = info.context
        words = await context.services.chat_words.keep(context.ticket, input.text)
        return KeepChatWordsSuccess(words=ChatWords.of(words))

    @strawberry.mutation(
        description="Say something to the assistant. Messages of one conversation are answered one"
        " after the other. The same key and message again get the same answer for 24 hours."
    )
    async def send_chat_message(
        self, info: Info, input: SendChatMessageInput
    ) -> SendChatMessageResult:
        context = info.context
        message = input.message(context.language, context.caller)
        answer = await context.services.chat.send(message)
        return SendChatMessageSuccess.of(answer)


Refusal = ChatProblem | IdempotencyProblem | InvalidPosition | NotSignedIn | NotAllowed


class ChatErrors(strawberry.ExceptionHandler[Refusal, ChatError]):
    """Turns every refusal of the slice into ChatError, in the reader's language."""

    @override
    def handle(
        self,
        exception: Refusal,
        *,
        field: StrawberryField,
        info: Info,
    ) -> ChatError:
        return ChatError(
            message=exception.localized(info.context.translate),
            code=ChatErrorCode[exception.code.name],
        )
