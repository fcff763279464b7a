from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.privacy.consent_ledger import Consent as ConsentRecord
from api.accounts.privacy.consent_ledger import ConsentState
from api.accounts.privacy.consents import AGREES_FROM_AGE, GivenConsent, counts
from api.accounts.privacy.export_links import HOLDS_FOR
from api.accounts.privacy.export_repository import DataExport as DataExportRecord
from api.accounts.privacy.export_repository import ExportState
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.accounts.privacy.purposes import ConsentText as ConsentTextRecord
from api.accounts.sign_in.sessions import SIGNED_IN_WITHIN
from api.context import Info

strawberry.enum(ConsentPurpose, description="For what personal data is used.")
strawberry.enum(ConsentState)
strawberry.enum(ExportState, name="DataExportState", description="ENDED: ask for a new one.")

_FOR_WHOM = "One of your dependants; absent: yourself."


@strawberry.type(description="What to read before agreeing.")
class ConsentText:
    purpose: ConsentPurpose
    version: int = strawberry.field(description="Goes with `giveConsent`.")
    language: str = strawberry.field(
        description="BCP 47 tag of the text's language; goes with `giveConsent`."
    )
    title: str
    text: str = strawberry.field(description="Plain text, paragraphs parted by empty lines.")
    digest: str = strawberry.field(description="SHA-256 of what is read, hexadecimal.")

    @classmethod
    def of(cls, record: ConsentTextRecord) -> "ConsentText":
        return cls(
            purpose=record.purpose,
            version=record.version,
            language=record.language,
            title=record.title,
            text=record.text,
            digest=record.digest,
        )


@strawberry.type(description="All that one may be asked to agree to.")
class ConsentPurposes:
    texts: list[ConsentText] = strawberry.field(description="One a purpose.")


@strawberry.type(description="What was last said to a purpose.")
class Consent:
    purpose: ConsentPurpose
    dependant_id: strawberry.ID | None = strawberry.field(
        description="The dependant it is about; null: yourself."
    )
    state: ConsentState
    counts: bool = strawberry.field(
        description="False when it was withdrawn, or when the text has changed so much since that it"
        " must be read again."
    )
    version: int
    language: str = strawberry.field(description="BCP 47 tag of the text that was read.")
    at: datetime

    @classmethod
    def of(cls, record: ConsentRecord) -> "Consent":
        return cls(
            purpose=record.purpose,
            dependant_id=strawberry.ID(record.subject_id) if record.subject_id else None,
            state=record.state,
            counts=counts(record),
            version=record.version,
            language=record.language,
            at=record.at,
        )


@strawberry.type(description="A copy of everything that is kept about you: a ZIP of JSON files.")
class DataExport:
    id: strawberry.ID
    state: ExportState
    requested_at: datetime
    ready_at: datetime | None
    expires_at: datetime = strawberry.field(description="Until when it can be fetched.")
    size: int | None = strawberry.field(description="Bytes; null until it is ready.")
    download_url: str | None = strawberry.field(
        description="Where a browser can fetch it, for"
        f" {int(HOLDS_FOR.total_seconds() // 60)} minutes; null unless it is ready. Pass it to nobody."
    )

    @classmethod
    def of(cls, record: DataExportRecord, info: Info) -> "DataExport":
        exports = info.context.services.accounts.exports
        state = exports.state(record)
        is_ready = state is ExportState.READY
        return cls(
            id=strawberry.ID(record.id),
            state=state,
            requested_at=record.requested_at,
            ready_at=record.ready_at,
            expires_at=record.expires_at,
            size=record.size if record.ready_at else None,
            download_url=exports.link(record) if is_ready else None,
        )


@strawberry.type
class PersonsPrivacy:
    """What `me` tells of privacy."""

    @strawberry.field(description="What you last said to each purpose you were asked about.")
    async def consents(self, info: Info) -> list[Consent]:
        rows = await info.context.services.accounts.consents.of(info.context.caller)
        return list(map(Consent.of, rows))

    @strawberry.field(description="The copies of your data of the last 30 days, the newest first.")
    async def data_exports(self, info: Info) -> list[DataExport]:
        found = await info.context.services.accounts.exports.all_of(info.context.caller)
        return [DataExport.of(export, info) for export in found]


@strawberry.input
class GiveConsentInput:
    purpose: ConsentPurpose
    version: int = strawberry.field(description="Of the text as it was read.")
    language: str = strawberry.field(description="Of the text as it was read.")
    dependant_id: strawberry.ID | None = strawberry.field(default=None, description=_FOR_WHOM)
    dependant_agrees: bool = strawberry.field(
        default=False,
        description=f"That the dependant, child or adult, agrees too: needed from the age of {AGREES_FROM_AGE} on.",
    )
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each consent."
    )

    def given(self) -> GivenConsent:
        return GivenConsent(
            purpose=self.purpose,
            version=self.version,
            language=self.language,
            subject_id=self.dependant_id,
            dependant_agrees=self.dependant_agrees,
        )


@strawberry.input
class WithdrawConsentInput:
    purpose: ConsentPurpose
    dependant_id: strawberry.ID | None = strawberry.field(default=None, description=_FOR_WHOM)


@strawberry.type
class GiveConsentSuccess:
    consent: Consent


@strawberry.type
class WithdrawConsentSuccess:
    consent: Consent


@strawberry.type
class ExportMyDataSuccess:
    export: DataExport


@strawberry.type
class DeleteMyAccountSuccess:
    receipt: strawberry.ID = strawberry.field(
        description="With it the authority can tell you that the erasure was done. Nobody learns from"
        " it who you were."
    )
    requested_at: datetime


GiveConsentResult = Annotated[
    GiveConsentSuccess | AccountError, strawberry.union("GiveConsentResult")
]
WithdrawConsentResult = Annotated[
    WithdrawConsentSuccess | AccountError, strawberry.union("WithdrawConsentResult")
]
ExportMyDataResult = Annotated[
    ExportMyDataSuccess | AccountError, strawberry.union("ExportMyDataResult")
]
DeleteMyAccountResult = Annotated[
    DeleteMyAccountSuccess | AccountError, strawberry.union("DeleteMyAccountResult")
]


@strawberry.type
class PrivacyQuery:
    @strawberry.field(description="What one may be asked to agree to, in the reader's language.")
    def consent_purposes(self, info: Info) -> ConsentPurposes:
        current = [current_texts(purpose)[info.context.language] for purpose in ConsentPurpose]
        return ConsentPurposes(texts=list(map(ConsentText.of, current)))

    @strawberry.field(description="One of your copies; null if there is none of this id.")
    async def data_export(self, info: Info, id: strawberry.ID) -> DataExport | None:
        found = await info.context.services.accounts.exports.find(info.context.caller, id)
        return DataExport.of(found, info) if found else None


@strawberry.type
class PrivacyMutation:
    @strawberry.mutation(description="Agree to what you have read, for yourself or a dependant.")
    async def give_consent(self, info: Info, input: GiveConsentInput) -> GiveConsentResult:
        row = await info.context.services.accounts.consents.give(
            info.context.caller, input.given(), input.idempotency_key
        )
        return GiveConsentSuccess(consent=Consent.of(row))

    @strawberry.mutation(
        description="Take a consent back, or refuse it. What rests on it is removed at once."
    )
    async def withdraw_consent(
        self, info: Info, input: WithdrawConsentInput
    ) -> WithdrawConsentResult:
        row = await info.context.services.accounts.consents.withdraw(
            info.context.caller, input.purpose, input.dependant_id, info.context.language
        )
        return WithdrawConsentSuccess(consent=Consent.of(row))

    @strawberry.mutation(
        description="Make a copy of everything that is kept about you. It is ready within a minute:"
        " look with `dataExport`. Asked again within 24 hours, it is the same copy."
    )
    async def export_my_data(self, info: Info) -> ExportMyDataResult:
        context = info.context
        export = await context.services.accounts.exports.request(context.caller, context.language)
        return ExportMyDataSuccess(export=DataExport.of(export, info))

    @strawberry.mutation(
        description="End your account and erase what is kept about you. You must have signed in"
        f" within the last {int(SIGNED_IN_WITHIN.total_seconds() // 60)} minutes. This cannot be undone."
    )
    async def delete_my_account(self, info: Info) -> DeleteMyAccountResult:
        left = await info.context.services.accounts.leaving.leave(info.context.caller)
        return DeleteMyAccountSuccess(
            receipt=strawberry.ID(left.receipt), requested_at=left.requested_at
        )
