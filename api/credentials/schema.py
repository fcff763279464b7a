from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.credentials.credential_error import CredentialError
from api.credentials.holding import ShownTo
from api.credentials.records import Credential as CredentialRecord
from api.credentials.records import CredentialKind, CredentialState, RevocationReason
from api.credentials.staffing import PrintedCard as PrintedCardRecord
from api.kit.pagination import After, Connection, First

_KEY = "16 to 128 visible ASCII characters, made anew for each"

strawberry.enum(CredentialKind, description="What a card stands for.")
strawberry.enum(CredentialState, description="REVOKED is for good.")
strawberry.enum(RevocationReason, description="LEFT: the pupil has left the school.")


@strawberry.type(description="A card that gates can check.")
class Credential:
    id: strawberry.ID
    kind: CredentialKind
    subject_id: strawberry.ID = strawberry.field(
        description="Of the pass or pupil it speaks of; see there what it is good for."
    )
    state: CredentialState
    valid_from: datetime
    valid_until: datetime = strawberry.field(description="It is valid before this moment.")
    issued_at: datetime
    generation: int = strawberry.field(
        description="From 1; each re-issue is one more, and ends the one before."
    )

    @classmethod
    def of(cls, record: CredentialRecord) -> "Credential":
        return cls(
            id=strawberry.ID(record.id),
            kind=record.kind,
            subject_id=strawberry.ID(record.subject_id),
            state=record.state,
            valid_from=record.valid_from,
            valid_until=record.valid_until,
            issued_at=record.issued_at,
            generation=record.generation.number,
        )


@strawberry.type(description="A card of yours.")
class MyCredential:
    credential: Credential
    device_id: strawberry.ID | None = strawberry.field(
        description="The device that took it; null: no one yet, `takeCredential`."
    )
    taken_at: datetime | None

    @strawberry.field(
        description="What the QR code holds before the dot and the code of the moment. Fetch it anew"
        " when the card was renewed."
    )
    async def token(self, info: Info, root: strawberry.Parent["MyCredential"]) -> str:
        return await info.context.services.credentials.holding.token_of(root.record)

    record: strawberry.Private[CredentialRecord]

    @classmethod
    def of(cls, record: CredentialRecord) -> "MyCredential":
        return cls(
            credential=Credential.of(record),
            device_id=strawberry.ID(record.taken_by) if record.taken_by else None,
            taken_at=record.taken_at,
            record=record,
        )


@strawberry.input
class TakeCredentialInput:
    id: strawberry.ID
    device: strawberry.ID = strawberry.field(description="A device of yours that shows it.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} card and phone.")


@strawberry.input
class ReissueCredentialInput:
    id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} re-issue.")


@strawberry.input
class SuspendCredentialInput:
    id: strawberry.ID


@strawberry.input
class ReinstateCredentialInput:
    id: strawberry.ID


@strawberry.input
class RevokeCredentialInput:
    id: strawberry.ID
    reason: RevocationReason


@strawberry.input
class PrintCredentialInput:
    id: strawberry.ID


@strawberry.type
class TakeCredentialSuccess:
    credential: MyCredential
    token: str = strawberry.field(
        description="The QR code holds this, a dot, and eight digits: TOTP (RFC 6238) with HMAC-SHA-256"
        " over `key`, in steps of 30 seconds."
    )
    key: str = strawberry.field(
        description="Base64, 32 bytes. Told once: keep it where only the app can use it."
    )

    @classmethod
    def of(cls, shown: ShownTo) -> "TakeCredentialSuccess":
        return cls(credential=MyCredential.of(shown.credential), token=shown.token, key=shown.key)


@strawberry.type
class ReissueCredentialSuccess:
    credential: MyCredential


@strawberry.type
class SuspendCredentialSuccess:
    credential: Credential


@strawberry.type
class ReinstateCredentialSuccess:
    credential: Credential


@strawberry.type
class RevokeCredentialSuccess:
    credential: Credential


@strawberry.type
class PrintCredentialSuccess:
    credential: Credential
    token: str = strawberry.field(description="What the QR code of the printed card holds.")
    qr_code: str = strawberry.field(description="An SVG document, with its quiet zone.")

    @classmethod
    def of(cls, printed: PrintedCardRecord) -> "PrintCredentialSuccess":
        return cls(
            credential=Credential.of(printed.credential),
            token=printed.token,
            qr_code=printed.svg,
        )


TakeCredentialResult = Annotated[
    TakeCredentialSuccess | CredentialError, strawberry.union("TakeCredentialResult")
]
ReissueCredentialResult = Annotated[
    ReissueCredentialSuccess | CredentialError, strawberry.union("ReissueCredentialResult")
]
SuspendCredentialResult = Annotated[
    SuspendCredentialSuccess | CredentialError, strawberry.union("SuspendCredentialResult")
]
ReinstateCredentialResult = Annotated[
    ReinstateCredentialSuccess | CredentialError, strawberry.union("ReinstateCredentialResult")
]
RevokeCredentialResult = Annotated[
    RevokeCredentialSuccess | CredentialError, strawberry.union("RevokeCredentialResult")
]
PrintCredentialResult = Annotated[
    PrintCredentialSuccess | CredentialError, strawberry.union("PrintCredentialResult")
]


@strawberry.type
class CredentialsQuery:
    @strawberry.field(description="Your cards, the newest first.")
    async def my_credentials(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[MyCredential]:
        holding = info.context.services.credentials.holding
        page = await holding.mine(info.context.caller, first, after)
        return Connection[MyCredential].of(page, MyCredential.of)


@strawberry.type
class CredentialsMutation:
    @strawberry.mutation(
        description="Put a card of yours onto one of your phones. Once: another phone needs"
        " `reissueCredential` first."
    )
    async def take_credential(self, info: Info, input: TakeCredentialInput) -> TakeCredentialResult:
        shown = await info.context.services.credentials.holding.take(
            info.context.caller, input.id, input.device, input.idempotency_key
        )
        return TakeCredentialSuccess.of(shown)

    @strawberry.mutation(
        description="Have a card of yours re-issued, to use it on another phone. The phone before, and"
        " what was printed, open no gate any more."
    )
    async def reissue_credential(
        self, info: Info, input: ReissueCredentialInput
    ) -> ReissueCredentialResult:
        record = await info.context.services.credentials.holding.reissue(
            info.context.caller, input.id, input.idempotency_key
        )
        return ReissueCredentialSuccess(credential=MyCredential.of(record))

    @strawberry.mutation(
        description="Stop a card for a while. For clerks of its school, and administrators."
    )
    async def suspend_credential(
        self, info: Info, input: SuspendCredentialInput
    ) -> SuspendCredentialResult:
        staffing = info.context.services.credentials.staffing
        record = await staffing.suspend(info.context.caller, input.id)
        return SuspendCredentialSuccess(credential=Credential.of(record))

    @strawberry.mutation(
        description="Let a suspended card count again. For clerks of its school, and administrators."
    )
    async def reinstate_credential(
        self, info: Info, input: ReinstateCredentialInput
    ) -> ReinstateCredentialResult:
        staffing = info.context.services.credentials.staffing
        record = await staffing.reinstate(info.context.caller, input.id)
        return ReinstateCredentialSuccess(credential=Credential.of(record))

    @strawberry.mutation(
        description="Stop a card for good. For clerks of its school, and administrators."
    )
    async def revoke_credential(
        self, info: Info, input: RevokeCredentialInput
    ) -> RevokeCredentialResult:
        staffing = info.context.services.credentials.staffing
        record = await staffing.revoke(info.context.caller, input.id, input.reason)
        return RevokeCredentialSuccess(credential=Credential.of(record))

    @strawberry.mutation(
        description="The QR code of a card for paper, which is good together with a photo only. For"
        " clerks of its school, and administrators."
    )
    async def print_credential(
        self, info: Info, input: PrintCredentialInput
    ) -> PrintCredentialResult:
        staffing = info.context.services.credentials.staffing
        printed = await staffing.print(info.context.caller, input.id)
        return PrintCredentialSuccess.of(printed)
