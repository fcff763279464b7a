from datetime import date, datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.identity_papers.lookup import PaperHolder as PaperHolderRecord
from api.accounts.identity_papers.lookup import ReadReason
from api.accounts.identity_papers.numbers import IdentityPaperKind
from api.accounts.identity_papers.repository import IdentityPaper as IdentityPaperRecord
from api.context import Info

strawberry.enum(
    IdentityPaperKind,
    description="CCCD: citizen identity card. BHYT: health insurance card.",
)
strawberry.enum(ReadReason, description="Why a clerk looks somebody up; stands in the audit log.")

_SUBJECT = "One of your dependants; absent or null: yourself."


@strawberry.type(description="An identity paper of yours, or of one of your dependants.")
class IdentityPaper:
    kind: IdentityPaperKind
    masked_number: str = strawberry.field(description="Its last three characters: show this one.")
    number: str = strawberry.field(description="The whole number. Ask only when it is needed.")
    registered_at: datetime

    @classmethod
    def of(cls, record: IdentityPaperRecord) -> "IdentityPaper":
        return cls(
            kind=record.number.kind,
            masked_number=record.number.masked,
            number=record.number.value,
            registered_at=record.registered_at,
        )


async def papers_of(info: Info, subject_id: str) -> list[IdentityPaper]:
    """Return the papers of a person, as far as the caller registered them."""
    context = info.context
    loader = context.loader(context.services.accounts.identity_papers.of_subjects)
    found = await loader.load((context.caller, subject_id))
    return sorted(map(IdentityPaper.of, found), key=lambda paper: paper.kind)


@strawberry.type(description="Somebody who has an identity paper, for a clerk.")
class PaperHolder:
    id: strawberry.ID = strawberry.field(description="Of the person, or of the dependant. Opaque.")
    name: str | None = strawberry.field(description="Null: not told.")
    born_on: date | None = strawberry.field(description="Null: not told.")
    masked_number: str = strawberry.field(description="The last three characters of the number.")

    @classmethod
    def of(cls, record: PaperHolderRecord) -> "PaperHolder":
        return cls(
            id=strawberry.ID(record.id),
            name=record.name,
            born_on=record.born_on,
            masked_number=record.number.masked,
        )


@strawberry.type(description="Who registered a number, the first one first.")
class PaperHolders:
    holders: list[PaperHolder] = strawberry.field(
        description="More than one when both parents registered a child. Nobody checked the numbers:"
        " compare name and birth date with the paper."
    )
    truncated: bool = strawberry.field(
        description="More people registered this number than are told: ask for another paper."
    )


@strawberry.input(description="Replaces the paper of that kind.")
class PutIdentityPaperInput:
    subject_id: strawberry.ID | None = strawberry.field(default=None, description=_SUBJECT)
    kind: IdentityPaperKind
    number: str = strawberry.field(
        description="With spaces, dots or hyphens, or without. CCCD: 12 digits. BHYT: 10 digits, or"
        " the 15 characters of a card. Passport: 6 to 9 letters and digits."
    )


@strawberry.input
class RemoveIdentityPaperInput:
    subject_id: strawberry.ID | None = strawberry.field(default=None, description=_SUBJECT)
    kind: IdentityPaperKind


@strawberry.type
class PutIdentityPaperSuccess:
    paper: IdentityPaper


@strawberry.type
class RemoveIdentityPaperSuccess:
    kind: IdentityPaperKind


PutIdentityPaperResult = Annotated[
    PutIdentityPaperSuccess | AccountError, strawberry.union("PutIdentityPaperResult")
]
RemoveIdentityPaperResult = Annotated[
    RemoveIdentityPaperSuccess | AccountError, strawberry.union("RemoveIdentityPaperResult")
]


@strawberry.type
class IdentityPapersQuery:
    @strawberry.field(
        description="For clerks: who registered this number. Stands in the audit log before it is answered."
    )
    async def person_by_identity_paper(
        self, info: Info, kind: IdentityPaperKind, number: str, reason: ReadReason
    ) -> PaperHolders:
        found = await info.context.services.accounts.identity_lookup.find(
            info.context.caller, kind, number, reason
        )
        return PaperHolders(
            holders=list(map(PaperHolder.of, found.holders)), truncated=found.is_truncated
        )


@strawberry.type
class IdentityPapersMutation:
    @strawberry.mutation(
        description="Keep an identity paper, with your consent. It is encrypted; clerks find you by it."
    )
    async def put_identity_paper(
        self, info: Info, input: PutIdentityPaperInput
    ) -> PutIdentityPaperResult:
        paper = await info.context.services.accounts.identity_papers.put(
            info.context.caller, input.subject_id, input.kind, input.number
        )
        return PutIdentityPaperSuccess(paper=IdentityPaper.of(paper))

    @strawberry.mutation(description="Forget an identity paper, at once.")
    async def remove_identity_paper(
        self, info: Info, input: RemoveIdentityPaperInput
    ) -> RemoveIdentityPaperResult:
        await info.context.services.accounts.identity_papers.remove(
            info.context.caller, input.subject_id, input.kind
        )
        return RemoveIdentityPaperSuccess(kind=input.kind)
