"""Calls of desks in the contract: for whoever chats, and for the desks."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry

from api.bot.handoff.callbacks.records import Callback, CallbackState
from api.bot.handoff.callbacks.service import WantedCall
from api.bot.handoff.hours import DESKS, Desk, HandoffDesk, Window, desk_for
from api.bot.schema import ChatError
from api.context import Info

strawberry.enum(CallbackState, name="ChatCallbackState")


@strawberry.type(description="When a desk can call.")
class CallWindow:
    starts: datetime
    ends: datetime

    @classmethod
    def of(cls, record: Window) -> "CallWindow":
        return cls(starts=record.start.astimezone(UTC), ends=record.end.astimezone(UTC))


@strawberry.type(description="A desk where people answer chats.")
class ChatDesk:
    desk: HandoffDesk
    name: str = strawberry.field(description="In the reader's language.")
    is_default: bool = strawberry.field(
        description="It is asked when none is named, by the reader's language."
    )
    is_open: bool
    opens_at: datetime = strawberry.field(description="The next time that it opens.")
    call_windows: list[CallWindow] = strawberry.field(
        description="The next ones in which it can call you back."
    )

    @classmethod
    def of(cls, record: Desk, language: str, now: datetime) -> "ChatDesk":
        return cls(
            desk=record.desk,
            name=record.name_in(language),
            is_default=record.desk is desk_for(language),
            is_open=record.is_open(now),
            opens_at=record.next_opening(now).astimezone(UTC),
            call_windows=list(map(CallWindow.of, record.call_windows(now))),
        )


@strawberry.type
class ChatDeskList:
    desks: list[ChatDesk]


@strawberry.type(description="A call that you asked for.")
class ChatCallback:
    id: strawberry.ID
    desk: HandoffDesk
    desk_name: str = strawberry.field(description="In the reader's language.")
    phone: str = strawberry.field(description="E.164.")
    window: CallWindow
    state: CallbackState = strawberry.field(description="NOT_REACHED: nobody answered three calls.")

    @classmethod
    def of(cls, record: Callback, language: str) -> "ChatCallback":
        return cls(
            id=strawberry.ID(record.id),
            desk=record.desk,
            desk_name=DESKS[record.desk].name_in(language),
            phone=record.phone,
            window=CallWindow.of(record.window),
            state=record.state,
        )


@strawberry.type(description="Somebody whom a desk is to call.")
class DeskCallback:
    id: strawberry.ID
    phone: str = strawberry.field(description="E.164.")
    language: str
    window: CallWindow
    state: CallbackState
    tries: int = strawberry.field(description="Calls that nobody answered.")

    @classmethod
    def of(cls, record: Callback) -> "DeskCallback":
        return cls(
            id=strawberry.ID(record.id),
            phone=record.phone,
            language=record.language,
            window=CallWindow.of(record.window),
            state=record.state,
            tries=record.tries,
        )


@strawberry.input
class RequestCallbackInput:
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The assistant leaves it out: its ticket names the conversation."
    )
    desk: HandoffDesk | None = strawberry.field(
        default=None, description="Absent: 1022 for Vietnamese, else the tourist help centre."
    )
    phone: str = strawberry.field(
        description="Without a country code it is of Viet Nam. The desk may call it, and nobody else."
    )
    starts: datetime = strawberry.field(description="`starts` of one of the desk's callWindows.")
    idempotency_key: str


@strawberry.input
class WithdrawCallbackInput:
    conversation_id: strawberry.ID


@strawberry.input
class CloseCallbackInput:
    id: strawberry.ID
    was_reached: bool = strawberry.field(description="False: nobody answered.")
    idempotency_key: str


@strawberry.type
class RequestCallbackSuccess:
    callback: ChatCallback


@strawberry.type
class WithdrawCallbackSuccess:
    callback: ChatCallback


@strawberry.type
class CloseCallbackSuccess:
    callback: DeskCallback


@strawberry.type(description="The earliest time first.")
class DeskCallbackList:
    callbacks: list[DeskCallback]


RequestCallbackResult = Annotated[
    RequestCallbackSuccess | ChatError, strawberry.union("RequestCallbackResult")
]
WithdrawCallbackResult = Annotated[
    WithdrawCallbackSuccess | ChatError, strawberry.union("WithdrawCallbackResult")
]
CloseCallbackResult = Annotated[
    CloseCallbackSuccess | ChatError, strawberry.union("CloseCallbackResult")
]


@strawberry.type
class CallbackQuery:
    @strawberry.field(description="The desks where people answer chats, and when.")
    def chat_desks(self, info: Info) -> ChatDeskList:
        context = info.context
        now = context.services.callbacks.now()
        return ChatDeskList(
            desks=[ChatDesk.of(desk, context.language, now) for desk in DESKS.values()]
        )

    @strawberry.field(description="The call that was asked for last; null: none was.")
    async def chat_callback(
        self, info: Info, conversation_id: strawberry.ID
    ) -> ChatCallback | None:
        callback = await info.context.services.callbacks.current(conversation_id)
        return ChatCallback.of(callback, info.context.language) if callback else None

    @strawberry.field(description="Whom a desk of yours is to call; the reading is audited.")
    async def desk_callbacks(self, info: Info, desk: HandoffDesk) -> DeskCallbackList:
        found = await info.context.services.callback_desk.waiting(info.context.caller, desk)
        return DeskCallbackList(callbacks=list(map(DeskCallback.of, found)))


@strawberry.type
class CallbackMutation:
    @strawberry.mutation(
        description="Ask a desk to call you. Asked again, it takes the place of what was asked before."
    )
    async def request_callback(
        self, info: Info, input: RequestCallbackInput
    ) -> RequestCallbackResult:
        context = info.context
        ticket = context.ticket
        wanted = WantedCall(
            ticket.subject if ticket else input.conversation_id,
            input.desk,
            context.language,
            input.phone,
            input.starts,
            input.idempotency_key,
        )
        callback = await context.services.callbacks.ask(wanted)
        return RequestCallbackSuccess(callback=ChatCallback.of(callback, context.language))

    @strawberry.mutation(description="Be called no more; the number is forgotten 24 hours later.")
    async def withdraw_callback(
        self, info: Info, input: WithdrawCallbackInput
    ) -> WithdrawCallbackResult:
        callback = await info.context.services.callbacks.withdraw(input.conversation_id)
        return WithdrawCallbackSuccess(callback=ChatCallback.of(callback, info.context.language))

    @strawberry.mutation(
        description="Note that you have called; after three calls without an answer it ends."
    )
    async def close_callback(self, info: Info, input: CloseCallbackInput) -> CloseCallbackResult:
        desk, caller = info.context.services.callback_desk, info.context.caller
        closed = await desk.close(
            caller, input.id, input.idempotency_key, was_reached=input.was_reached
        )
        return CloseCallbackSuccess(callback=DeskCallback.of(closed))
