from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.devices.requests import our_language
from api.accounts.sign_in.service import RequestedCode, SignedIn
from api.accounts.sign_in.session_repository import Session as SessionRecord
from api.accounts.sign_in.sessions import GRACE
from api.accounts.sign_in.sessions import SessionTokens as SessionTokensRecord
from api.accounts.sign_in.ways_in import WayIn, WayKind
from api.context import Info

_KEY = "16 to 128 visible ASCII characters, made anew for each"

strawberry.enum(
    WayKind, name="AddressKind", description="PROVIDER: an identity at a sign-in provider."
)


@strawberry.type(
    description="A one-time code is on its way. The same whether or not the address is known."
)
class SentCode:
    id: strawberry.ID = strawberry.field(
        description="Goes with the code to `signIn` or `addAddress`."
    )
    sent_to: str = strawberry.field(description="The address, mostly hidden.")
    expires_at: datetime

    @classmethod
    def of(cls, requested: RequestedCode) -> "SentCode":
        return cls(
            id=strawberry.ID(requested.challenge_id),
            sent_to=requested.sent_to,
            expires_at=requested.expires_at,
        )


@strawberry.type(description="What the app keeps while somebody is signed in. Never log it.")
class SessionTokens:
    access_token: str = strawberry.field(
        description="Goes with each request: `Authorization: Bearer …`."
    )
    access_expires_at: datetime
    refresh_token: str = strawberry.field(
        description="Brings new tokens, once: keep those instead. When the answer was lost, ask again"
        f" within {int(GRACE.total_seconds())} seconds and get the same ones."
    )
    refresh_expires_at: datetime = strawberry.field(description="Later with each refresh.")

    @classmethod
    def of(cls, record: SessionTokensRecord) -> "SessionTokens":
        return cls(
            access_token=record.access_token,
            access_expires_at=record.access_expires_at,
            refresh_token=record.refresh_token,
            refresh_expires_at=record.refresh_expires_at,
        )


@strawberry.type(description="An app in which you are signed in.")
class Session:
    id: strawberry.ID
    app: str = strawberry.field(description="What the app called itself when you signed in.")
    is_this_one: bool
    created_at: datetime
    refreshed_at: datetime = strawberry.field(description="When it was last gone on with.")
    expires_at: datetime

    @classmethod
    def of(cls, record: SessionRecord, current: str | None) -> "Session":
        return cls(
            id=strawberry.ID(record.id),
            app=record.app,
            is_this_one=record.id == current,
            created_at=record.created_at,
            refreshed_at=record.rotated_at,
            expires_at=record.expires_at,
        )


@strawberry.type(description="A way to sign in to your account.")
class Address:
    id: strawberry.ID
    kind: WayKind
    value: str = strawberry.field(
        description="A phone number (E.164), an e-mail address, or a provider's issuer and subject."
    )
    added_at: datetime

    @classmethod
    def of(cls, way_id: str, way: WayIn) -> "Address":
        return cls(id=strawberry.ID(way_id), kind=way.kind, value=way.value, added_at=way.added_at)


@strawberry.input
class RequestCodeInput:
    address: str = strawberry.field(description="A phone number, or an e-mail address.")
    language: str | None = strawberry.field(
        default=None, description="BCP 47 tag of the message's language; absent: Accept-Language."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} code.")


@strawberry.input
class SignInInput:
    code_id: strawberry.ID
    code: str = strawberry.field(description="Six digits.")
    app: str = strawberry.field(
        default="", description="How you will know this app again, such as the phone's model."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} attempt.")


@strawberry.input
class RefreshSessionInput:
    refresh_token: str


@strawberry.input
class EndSessionInput:
    id: strawberry.ID


@strawberry.input
class AddAddressInput:
    code_id: strawberry.ID = strawberry.field(description="From `requestAddressCode`.")
    code: str = strawberry.field(description="Six digits.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} address.")


@strawberry.input
class RemoveAddressInput:
    id: strawberry.ID


@strawberry.type
class RequestCodeSuccess:
    sent_code: SentCode


@strawberry.type
class RequestAddressCodeSuccess:
    sent_code: SentCode


@strawberry.type
class SignInSuccess:
    tokens: SessionTokens
    is_new: bool = strawberry.field(description="The account was made just now.")

    @classmethod
    def of(cls, signed_in: SignedIn) -> "SignInSuccess":
        return cls(tokens=SessionTokens.of(signed_in.tokens), is_new=signed_in.is_new)


@strawberry.type
class RefreshSessionSuccess:
    tokens: SessionTokens


@strawberry.type
class SignOutSuccess:
    session_id: strawberry.ID


@strawberry.type
class EndSessionSuccess:
    session_id: strawberry.ID


@strawberry.type
class SignOutEverywhereSuccess:
    sessions: int = strawberry.field(description="How many sessions ended, this one included.")


@strawberry.type
class AddAddressSuccess:
    kind: WayKind
    value: str


@strawberry.type
class RemoveAddressSuccess:
    id: strawberry.ID


RequestCodeResult = Annotated[
    RequestCodeSuccess | AccountError, strawberry.union("RequestCodeResult")
]
RequestAddressCodeResult = Annotated[
    RequestAddressCodeSuccess | AccountError, strawberry.union("RequestAddressCodeResult")
]
SignInResult = Annotated[SignInSuccess | AccountError, strawberry.union("SignInResult")]
RefreshSessionResult = Annotated[
    RefreshSessionSuccess | AccountError, strawberry.union("RefreshSessionResult")
]
SignOutResult = Annotated[SignOutSuccess | AccountError, strawberry.union("SignOutResult")]
EndSessionResult = Annotated[EndSessionSuccess | AccountError, strawberry.union("EndSessionResult")]
SignOutEverywhereResult = Annotated[
    SignOutEverywhereSuccess | AccountError, strawberry.union("SignOutEverywhereResult")
]
AddAddressResult = Annotated[AddAddressSuccess | AccountError, strawberry.union("AddAddressResult")]
RemoveAddressResult = Annotated[
    RemoveAddressSuccess | AccountError, strawberry.union("RemoveAddressResult")
]


@strawberry.type
class SignInMutation:
    @strawberry.mutation(
        description="Send a one-time code by SMS or e-mail. Nothing tells whether the address is known."
    )
    async def request_code(self, info: Info, input: RequestCodeInput) -> RequestCodeResult:
        context = info.context
        requested = await context.services.accounts.sign_in.request_code(
            input.address,
            _language(input, context.language),
            input.idempotency_key,
            context.client_address,
        )
        return RequestCodeSuccess(sent_code=SentCode.of(requested))

    @strawberry.mutation(description="Send a one-time code to an address that you want to add.")
    async def request_address_code(
        self, info: Info, input: RequestCodeInput
    ) -> RequestAddressCodeResult:
        context = info.context
        requested = await context.services.accounts.sign_in.request_code(
            input.address,
            _language(input, context.language),
            input.idempotency_key,
            context.client_address,
            caller=context.caller,
        )
        return RequestAddressCodeSuccess(sent_code=SentCode.of(requested))

    @strawberry.mutation(
        description="Sign in with a code; whoever has no account gets one. Five guesses a code."
    )
    async def sign_in(self, info: Info, input: SignInInput) -> SignInResult:
        signed_in = await info.context.services.accounts.sign_in.sign_in(
            input.code_id, input.code, input.idempotency_key, input.app
        )
        return SignInSuccess.of(signed_in)

    @strawberry.mutation(description="Get new tokens. Needs no access token.")
    async def refresh_session(self, info: Info, input: RefreshSessionInput) -> RefreshSessionResult:
        tokens = await info.context.services.accounts.sessions.refresh(input.refresh_token)
        return RefreshSessionSuccess(tokens=SessionTokens.of(tokens))

    @strawberry.mutation(description="End this session, at once.")
    async def sign_out(self, info: Info) -> SignOutResult:
        caller = info.context.caller
        await info.context.services.accounts.sessions.end_own(caller)
        return SignOutSuccess(session_id=strawberry.ID(caller.session_id or ""))

    @strawberry.mutation(description="End one of your sessions, at once.")
    async def end_session(self, info: Info, input: EndSessionInput) -> EndSessionResult:
        await info.context.services.accounts.sessions.end_own(info.context.caller, input.id)
        return EndSessionSuccess(session_id=input.id)

    @strawberry.mutation(description="End all of your sessions, at once.")
    async def sign_out_everywhere(self, info: Info) -> SignOutEverywhereResult:
        ended = await info.context.services.accounts.sessions.end_own_everywhere(
            info.context.caller
        )
        return SignOutEverywhereSuccess(sessions=ended)

    @strawberry.mutation(description="Add an address to sign in with, once its code was read.")
    async def add_address(self, info: Info, input: AddAddressInput) -> AddAddressResult:
        way = await info.context.services.accounts.sign_in.add_address(
            info.context.caller, input.code_id, input.code, input.idempotency_key
        )
        return AddAddressSuccess(kind=way.kind, value=way.value)

    @strawberry.mutation(description="Remove one of your addresses; the last one stays.")
    async def remove_address(self, info: Info, input: RemoveAddressInput) -> RemoveAddressResult:
        await info.context.services.accounts.sign_in.remove_way(info.context.caller, input.id)
        return RemoveAddressSuccess(id=input.id)


def _language(input: RequestCodeInput, accepted: str) -> str:
    return accepted if input.language is None else our_language(input.language)
