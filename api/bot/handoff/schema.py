"""Hand-offs in the contract: for whoever chats, and for the desks."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Self

import strawberry

from api.bot.handoff.desk import Shown
from api.bot.handoff.hours import DESKS, HandoffDesk
from api.bot.handoff.records import Entry, Handoff, HandoffState, LaterKind, Place
from api.bot.handoff.service import Asked, Standing
from api.bot.handoff.sharing import ReadConsent
from api.bot.message_text import CHARACTERS_AT_MOST
from api.bot.schema import ChatError
from api.context import Info

strawberry.enum(HandoffDesk)
strawberry.enum(HandoffState)
strawberry.enum(
    LaterKind,
    name="HandoffEntryKind",
    description="AGENT: the desk wrote. PERSON: whoever chats wrote; only desks are shown it.",
)
_CURSOR_DIGITS_AT_MOST = 16


@strawberry.type(description="Your conversation with a person at a desk.")
class ChatHandoff:
    id: strawberry.ID
    desk: HandoffDesk
    desk_name: str = strawberry.field(description="In the reader's language.")
    state: HandoffState
    place: int | None = strawberry.field(description="In the queue, from 1; null: not waiting.")
    wait_minutes: int | None = strawberry.field(
        description="As long as the last ones waited; null: unknown."
    )
    grade: int | None

    @classmethod
    def of(cls, standing: Standing, language: str) -> "ChatHandoff":
        handoff, place = standing.handoff, standing.place
        return cls(
            id=strawberry.ID(handoff.id),
            desk=handoff.desk,
            desk_name=DESKS[handoff.desk].name_in(language),
            state=handoff.state,
            place=place.number if place else None,
            wait_minutes=place.wait_minutes if place else None,
            grade=handoff.grade,
        )


@strawberry.type(description="What came from a desk after the answer to a message.")
class ChatLaterReply:
    cursor: str = strawberry.field(description="Send the last one as `after` to miss nothing.")
    kind: LaterKind
    text: str | None
    desk_name: str
    place: int | None = strawberry.field(description="As it is now, in QUEUED.")
    wait_minutes: int | None
    at: datetime

    @classmethod
    def of(cls, entry: Entry, place: Place | None, language: str) -> "ChatLaterReply":
        return cls(
            cursor=str(entry.number),
            kind=entry.kind,
            text=entry.text,
            desk_name=DESKS[entry.desk].name_in(language),
            place=place.number if place else None,
            wait_minutes=place.wait_minutes if place else None,
            at=entry.at,
        )


@strawberry.type(description="A hand-off as its desk sees it.")
class DeskHandoff:
    id: strawberry.ID
    state: HandoffState
    language: str
    waiting_since: datetime
    is_mine: bool

    @classmethod
    def of(cls, record: Handoff, person_id: str | None) -> "DeskHandoff":
        return cls(
            id=strawberry.ID(record.id),
            state=record.state,
            language=record.language,
            waiting_since=record.waiting_since,
            is_mine=record.clerk_id is not None and record.clerk_id == person_id,
        )


@strawberry.type(description="Your own hand-off first, then who waits, the first one first.")
class DeskHandoffList:
    handoffs: list[DeskHandoff]


@strawberry.type
class HandoffMessage:
    kind: LaterKind
    text: str | None
    at: datetime


@strawberry.input
class TalkToPersonInput:
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The assistant leaves it out: its ticket names the conversation."
    )
    desk: HandoffDesk | None = strawberry.field(
        default=None, description="Absent: 1022 for Vietnamese, else the tourist help centre."
    )
    share_conversation: bool = strawberry.field(
        description="The desk may see what the assistant answered in the last 24 hours. It needs the"
        " consent CHAT_HANDOFF."
    )
    consent_version: int | None = strawberry.field(
        default=None,
        description="Of the text of CHAT_HANDOFF that was read and agreed to with this; it is written"
        " down. Absent: the consent was given before.",
    )
    idempotency_key: str


@strawberry.input
class RateHandoffInput:
    conversation_id: strawberry.ID
    grade: int = strawberry.field(description="1 to 5, 5 is best.")


@strawberry.input
class TakeHandoffInput:
    id: strawberry.ID


@strawberry.input
class SendHandoffMessageInput:
    id: strawberry.ID
    text: str = strawberry.field(description=f"1 to {CHARACTERS_AT_MOST} characters.")
    idempotency_key: str


@strawberry.input
class ReturnHandoffToBotInput:
    id: strawberry.ID


@strawberry.input
class EndHandoffInput:
    id: strawberry.ID


@strawberry.type
class TalkToPersonSuccess:
    handoff: ChatHandoff


@strawberry.type
class RateHandoffSuccess:
    grade: int


@strawberry.interface
class HeldHandoff:
    handoff: DeskHandoff
    messages: list[HandoffMessage] = strawberry.field(description="The first one first.")
    assistant_answers: list[str] = strawberry.field(
        description="Of the last 24 hours; empty when the person does not share them."
    )

    @classmethod
    def of(cls, shown: Shown, person_id: str | None) -> Self:
        return cls(
            handoff=DeskHandoff.of(shown.handoff, person_id),
            messages=[
                HandoffMessage(kind=one.kind, text=one.text, at=one.at) for one in shown.entries
            ],
            assistant_answers=list(shown.answers),
        )


@strawberry.type
class TakeHandoffSuccess(HeldHandoff):
    pass


@strawberry.type
class SendHandoffMessageSuccess(HeldHandoff):
    pass


@strawberry.type
class ReturnHandoffToBotSuccess:
    handoff: DeskHandoff


@strawberry.type
class EndHandoffSuccess:
    handoff: DeskHandoff


TalkToPersonResult = Annotated[
    TalkToPersonSuccess | ChatError, strawberry.union("TalkToPersonResult")
]
RateHandoffResult = Annotated[RateHandoffSuccess | ChatError, strawberry.union("RateHandoffResult")]
TakeHandoffResult = Annotated[TakeHandoffSuccess | ChatError, strawberry.union("TakeHandoffResult")]
SendHandoffMessageResult = Annotated[
    SendHandoffMessageSuccess | ChatError, strawberry.union("SendHandoffMessageResult")
]
ReturnHandoffToBotResult = Annotated[
    ReturnHandoffToBotSuccess | ChatError, strawberry.union("ReturnHandoffToBotResult")
]
EndHandoffResult = Annotated[EndHandoffSuccess | ChatError, strawberry.union("EndHandoffResult")]


@strawberry.type
class HandoffQuery:
    @strawberry.field(description="The newest hand-off of a conversation; null: there is none.")
    async def chat_handoff(self, info: Info, conversation_id: strawberry.ID) -> ChatHandoff | None:
        context = info.context
        standing = await context.services.handoffs.current(conversation_id)
        return ChatHandoff.of(standing, context.language) if standing else None

    @strawberry.field(description="Who waits at a desk of yours; the reading is audited.")
    async def handoff_queue(self, info: Info, desk: HandoffDesk) -> DeskHandoffList:
        caller = info.context.caller
        found = await info.context.services.handoff_desks.queue(caller, desk)
        return DeskHandoffList(handoffs=[DeskHandoff.of(one, caller.person_id) for one in found])


@strawberry.type
class HandoffMutation:
    @strawberry.mutation(
        description="Ask for a person. While one is asked for, this answers the same hand-off."
    )
    async def talk_to_person(self, info: Info, input: TalkToPersonInput) -> TalkToPersonResult:
        context = info.context
        ticket = context.ticket
        asked = Asked(
            ticket.subject if ticket else input.conversation_id,
            input.desk,
            context.language,
            input.share_conversation,
            ReadConsent(input.consent_version, context.language),
            input.idempotency_key,
            context.caller,
        )
        standing = await context.services.handoffs.ask(asked)
        return TalkToPersonSuccess(handoff=ChatHandoff.of(standing, context.language))

    @strawberry.mutation(description="Grade the help of a desk, once it has ended.")
    async def rate_handoff(self, info: Info, input: RateHandoffInput) -> RateHandoffResult:
        handoffs = info.context.services.handoffs
        await handoffs.rate(input.conversation_id, input.grade)
        return RateHandoffSuccess(grade=input.grade)

    @strawberry.mutation(description="Take who waits; one at a time.")
    async def take_handoff(self, info: Info, input: TakeHandoffInput) -> TakeHandoffResult:
        caller = info.context.caller
        shown = await info.context.services.handoff_desks.take(caller, input.id)
        return TakeHandoffSuccess.of(shown, caller.person_id)

    @strawberry.mutation(description="Write to whoever chats.")
    async def send_handoff_message(
        self, info: Info, input: SendHandoffMessageInput
    ) -> SendHandoffMessageResult:
        caller, desks = info.context.caller, info.context.services.handoff_desks
        shown = await desks.say(caller, input.id, input.text, input.idempotency_key)
        return SendHandoffMessageSuccess.of(shown, caller.person_id)

    @strawberry.mutation(description="Let the assistant answer again.")
    async def return_handoff_to_bot(
        self, info: Info, input: ReturnHandoffToBotInput
    ) -> ReturnHandoffToBotResult:
        caller = info.context.caller
        ended = await info.context.services.handoff_desks.end(caller, input.id, "return")
        return ReturnHandoffToBotSuccess(handoff=DeskHandoff.of(ended, caller.person_id))

    @strawberry.mutation(description="End it; what was written is forgotten 24 hours later.")
    async def end_handoff(self, info: Info, input: EndHandoffInput) -> EndHandoffResult:
        caller = info.context.caller
        ended = await info.context.services.handoff_desks.end(caller, input.id, "end")
        return EndHandoffSuccess(handoff=DeskHandoff.of(ended, caller.person_id))


@strawberry.type
class HandoffSubscription:
    @strawberry.subscription(
        description="What a desk writes and does, after a cursor and from now."
    )
    async def chat_replies(
        self, info: Info, conversation_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[ChatLaterReply]:
        language = info.context.language
        later = info.context.services.handoffs.later(conversation_id, _number(after))
        async for entry, place in later:
            yield ChatLaterReply.of(entry, place, language)

    @strawberry.subscription(description="The queue of a desk, now and whenever it changes.")
    async def handoff_queue_changed(
        self, info: Info, desk: HandoffDesk
    ) -> AsyncGenerator[list[DeskHandoff]]:
        caller = info.context.caller
        async for queue in info.context.services.handoff_desks.changes(caller, desk):
            yield [DeskHandoff.of(one, caller.person_id) for one in queue]


def _number(cursor: str | None) -> int:
    """Return the entry that a cursor names; what is none begins at the first."""
    is_cursor = cursor is not None and cursor.isascii() and cursor.isdigit()
    return int(cursor) if cursor and is_cursor and len(cursor) <= _CURSOR_DIGITS_AT_MOST else 0
