from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.devices.requests import our_language
from api.accounts.sign_in.provider import ProviderResponse
from api.accounts.sign_in.schema import SessionTokens
from api.accounts.sign_in.ways_in import WayKind
from api.context import Info

_KEY = "16 to 128 visible ASCII characters, made anew for each attempt."
_STATE = "The `state` that the browser came back with."
_CODE = "The `code` that the browser came back with."
_ISS = "The `iss` that the browser came back with, if it did (RFC 9207)."
_ATTEMPT = "From `startProviderSignIn`."


@strawberry.input
class StartProviderSignInInput:
    redirect_uri: str = strawberry.field(
        description="Where the browser comes back to: one of those registered for this app."
    )
    language: str | None = strawberry.field(
        default=None,
        description="BCP 47 tag for the provider's pages and a new account; absent: Accept-Language.",
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class CompleteProviderSignInInput:
    state: str = strawberry.field(description=_STATE)
    code: str = strawberry.field(description=_CODE)
    iss: str | None = strawberry.field(default=None, description=_ISS)
    attempt: str = strawberry.field(description=_ATTEMPT)
    app: str = strawberry.field(
        default="", description="How you will know this app again, such as the phone's model."
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class LinkProviderInput:
    state: str = strawberry.field(description=_STATE)
    code: str = strawberry.field(description=_CODE)
    iss: str | None = strawberry.field(default=None, description=_ISS)
    attempt: str = strawberry.field(
        description=f"{_ATTEMPT[:-1]}, asked for by the same person, signed in."
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class StartProviderSignInSuccess:
    authorization_url: str = strawberry.field(
        description="To be opened in the system's browser, never in a view of the app's own."
    )
    attempt: str = strawberry.field(
        description="Shows that the app that began is the app that goes on. Keep it in the app only."
    )
    expires_at: datetime


@strawberry.type
class CompleteProviderSignInSuccess:
    tokens: SessionTokens
    is_new: bool = strawberry.field(description="The account was made just now.")


@strawberry.type
class LinkProviderSuccess:
    kind: WayKind
    value: str


StartProviderSignInResult = Annotated[
    StartProviderSignInSuccess | AccountError, strawberry.union("StartProviderSignInResult")
]
CompleteProviderSignInResult = Annotated[
    CompleteProviderSignInSuccess | AccountError, strawberry.union("CompleteProviderSignInResult")
]
LinkProviderResult = Annotated[
    LinkProviderSuccess | AccountError, strawberry.union("LinkProviderResult")
]


@strawberry.type
class ProviderMutation:
    @strawberry.mutation(
        description="Begin to sign in with an electronic identity, or, when signed in, to add one."
    )
    async def start_provider_sign_in(
        self, info: Info, input: StartProviderSignInInput
    ) -> StartProviderSignInResult:
        context = info.context
        language = context.language if input.language is None else our_language(input.language)
        started = await context.services.accounts.provider.start(
            context.caller, input.redirect_uri, language, input.idempotency_key
        )
        return StartProviderSignInSuccess(
            authorization_url=started.url, attempt=started.attempt, expires_at=started.expires_at
        )

    @strawberry.mutation(
        description="Sign in with what the browser came back with; whoever has no account gets one."
    )
    async def complete_provider_sign_in(
        self, info: Info, input: CompleteProviderSignInInput
    ) -> CompleteProviderSignInResult:
        signed_in = await info.context.services.accounts.provider.complete(
            info.context.caller, _response(input), input.app, input.idempotency_key
        )
        return CompleteProviderSignInSuccess(
            tokens=SessionTokens.of(signed_in.tokens), is_new=signed_in.is_new
        )

    @strawberry.mutation(
        description="Add the identity that the browser came back with to the ways into your account."
    )
    async def link_provider(self, info: Info, input: LinkProviderInput) -> LinkProviderResult:
        way = await info.context.services.accounts.provider.link(
            info.context.caller, _response(input), input.idempotency_key
        )
        return LinkProviderSuccess(kind=way.kind, value=way.value)


def _response(input: CompleteProviderSignInInput | LinkProviderInput) -> ProviderResponse:
    return ProviderResponse(input.state, input.code, input.iss, input.attempt)
