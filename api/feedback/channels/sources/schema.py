"""Sources at the desk of the province's office."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.channels.contract_enums import SourceKind, SourceState
from api.feedback.channels.records import Source
from api.feedback.channels.sources.managing import NAME_CHARACTERS_AT_MOST, SourceWithSecret
from api.feedback.feedback_error import FeedbackError

_KEY = "16 to 128 visible ASCII characters, made anew for each source."
_NAME = f"For clerks, 1 to {NAME_CHARACTERS_AT_MOST} characters."


@strawberry.type(description="Where posts and press items come from.")
class ChannelSource:
    id: strawberry.ID
    name: str
    kind: SourceKind
    state: SourceState
    url: str | None = strawberry.field(description="Of a feed.")
    added_at: datetime
    heard_at: datetime | None = strawberry.field(description="When it last answered or sent.")
    failing_since: datetime | None = strawberry.field(
        description="Since when a feed has not answered; null: its last answer was good."
    )
    failure: str | None = strawberry.field(description="Why, for whoever looks after it.")
    is_failing: bool = strawberry.field(description="It has not answered for a day.")

    @classmethod
    def of(cls, source: Source, info: Info) -> "ChannelSource":
        return cls(
            id=strawberry.ID(source.id),
            name=source.name,
            kind=source.kind,
            state=source.state,
            url=source.url,
            added_at=source.added_at,
            heard_at=source.heard_at,
            failing_since=source.failing_since,
            failure=source.failure,
            is_failing=info.context.services.feedback.channels.sources.is_failing(source),
        )


@strawberry.type
class ChannelSources:
    sources: list[ChannelSource] = strawberry.field(description="The oldest first.")


@strawberry.input
class AddFeedSourceInput:
    name: str = strawberry.field(description=_NAME)
    url: str = strawberry.field(description="https address of RSS 2.0 or Atom.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class AddWebhookSourceInput:
    name: str = strawberry.field(description=_NAME)
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class RotateSourceSecretInput:
    source_id: strawberry.ID


@strawberry.input
class PauseSourceInput:
    source_id: strawberry.ID


@strawberry.input
class ResumeSourceInput:
    source_id: strawberry.ID


@strawberry.type
class AddFeedSourceSuccess:
    source: ChannelSource


@strawberry.type(description="Signs what the system sends (docs/channels.md); keep it secret.")
class AddWebhookSourceSuccess:
    source: ChannelSource
    secret: str

    @classmethod
    def of(cls, made: SourceWithSecret, info: Info) -> "AddWebhookSourceSuccess":
        return cls(source=ChannelSource.of(made.source, info), secret=made.secret)


@strawberry.type(description="The secret before it is good for another 24 hours.")
class RotateSourceSecretSuccess:
    source: ChannelSource
    secret: str

    @classmethod
    def of(cls, made: SourceWithSecret, info: Info) -> "RotateSourceSecretSuccess":
        return cls(source=ChannelSource.of(made.source, info), secret=made.secret)


@strawberry.type
class PauseSourceSuccess:
    source: ChannelSource


@strawberry.type
class ResumeSourceSuccess:
    source: ChannelSource


AddFeedSourceResult = Annotated[
    AddFeedSourceSuccess | FeedbackError, strawberry.union("AddFeedSourceResult")
]
AddWebhookSourceResult = Annotated[
    AddWebhookSourceSuccess | FeedbackError, strawberry.union("AddWebhookSourceResult")
]
RotateSourceSecretResult = Annotated[
    RotateSourceSecretSuccess | FeedbackError, strawberry.union("RotateSourceSecretResult")
]
PauseSourceResult = Annotated[
    PauseSourceSuccess | FeedbackError, strawberry.union("PauseSourceResult")
]
ResumeSourceResult = Annotated[
    ResumeSourceSuccess | FeedbackError, strawberry.union("ResumeSourceResult")
]


@strawberry.type
class SourcesQuery:
    @strawberry.field(description="For clerks of the province's office.")
    async def channel_sources(self, info: Info) -> ChannelSources:
        sources = await info.context.services.feedback.channels.sources.all(info.context.caller)
        return ChannelSources(sources=[ChannelSource.of(one, info) for one in sources])


@strawberry.type
class SourcesMutation:
    @strawberry.mutation(description="Have a feed asked every quarter of an hour.")
    async def add_feed_source(self, info: Info, input: AddFeedSourceInput) -> AddFeedSourceResult:
        source = await info.context.services.feedback.channels.sources.add_feed(
            info.context.caller, input.name, input.url, input.idempotency_key
        )
        return AddFeedSourceSuccess(source=ChannelSource.of(source, info))

    @strawberry.mutation(description="Let a system send items to POST /v1/channels/items.")
    async def add_webhook_source(
        self, info: Info, input: AddWebhookSourceInput
    ) -> AddWebhookSourceResult:
        made = await info.context.services.feedback.channels.sources.add_webhook(
            info.context.caller, input.name, input.idempotency_key
        )
        return AddWebhookSourceSuccess.of(made, info)

    @strawberry.mutation(description="Make a new secret for a system that sends.")
    async def rotate_source_secret(
        self, info: Info, input: RotateSourceSecretInput
    ) -> RotateSourceSecretResult:
        made = await info.context.services.feedback.channels.sources.rotate(
            info.context.caller, input.source_id
        )
        return RotateSourceSecretSuccess.of(made, info)

    @strawberry.mutation(description="Take nothing of a source until it is resumed.")
    async def pause_source(self, info: Info, input: PauseSourceInput) -> PauseSourceResult:
        source = await info.context.services.feedback.channels.sources.pause(
            info.context.caller, input.source_id
        )
        return PauseSourceSuccess(source=ChannelSource.of(source, info))

    @strawberry.mutation(description="Undo a pause.")
    async def resume_source(self, info: Info, input: ResumeSourceInput) -> ResumeSourceResult:
        source = await info.context.services.feedback.channels.sources.resume(
            info.context.caller, input.source_id
        )
        return ResumeSourceSuccess(source=ChannelSource.of(source, info))
