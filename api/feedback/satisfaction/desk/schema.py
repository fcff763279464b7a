"""The desk of an office that is rated."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.feedback_error import FeedbackError
from api.feedback.life.schema import TranslatedText
from api.feedback.satisfaction.contract_enums import RatedKind
from api.feedback.satisfaction.desk.keeping_codes import LABEL_CHARACTERS_AT_MOST
from api.feedback.satisfaction.office_codes.office_code import OfficeCode as OfficeCodeRecord
from api.feedback.satisfaction.records import Rating, shown_from
from api.feedback.satisfaction.schema_inputs import OfficeInput
from api.feedback.satisfaction.schema_types import OfferedGrade, OfferedReason
from api.kit.formats import day_in_vietnam
from api.kit.pagination import After, Connection, First

_KEY = "16 to 128 visible ASCII characters, made anew for each step."

Office = Annotated[OfficeInput, strawberry.argument(description="Whose clerk you are.")]


@strawberry.type(
    description="What somebody said of the office: final, with all of its week, without whoever said it."
)
class OfficeRating:
    kind: RatedKind
    grade: OfferedGrade
    reasons: list[OfferedReason]
    words: TranslatedText | None = strawberry.field(
        description="Without telephone and identity numbers."
    )
    week: date = strawberry.field(description="The Monday from which you may read it.")

    @classmethod
    def of(cls, rating: Rating, info: Info) -> "OfficeRating":
        opinion, rated_at = rating.opinion, rating.rated_at
        assert opinion is not None, "only what was given has a week"  # noqa: S101
        assert rated_at is not None, "only what was given has a week"  # noqa: S101
        words = opinion.words
        return cls(
            kind=rating.kind,
            grade=OfferedGrade.of(opinion.grade, info),
            reasons=[OfferedReason.of(reason, info) for reason in opinion.reasons],
            words=TranslatedText.of(words.text, words.language, is_public=True) if words else None,
            week=day_in_vietnam(shown_from(rated_at)),
        )


@strawberry.type(description="A code at a desk, for people to scan who rate the office.")
class OfficeCode:
    id: strawberry.ID
    number: int = strawberry.field(description="Of the office's codes, from 1.")
    label: str
    version: int = strawberry.field(description="One higher with each replacement.")
    code: str | None = strawberry.field(description="What the QR code holds; null: taken back.")
    svg: str | None = strawberry.field(description="The QR code, to be scaled and printed.")
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, code: OfficeCodeRecord, info: Info) -> "OfficeCode":
        proofs = info.context.services.feedback.satisfaction.proofs
        is_held = code.revoked_at is None
        return cls(
            id=strawberry.ID(code.id),
            number=code.number,
            label=code.label,
            version=code.version,
            code=proofs.text(code) if is_held else None,
            svg=proofs.svg(code) if is_held else None,
            created_at=code.created_at,
            changed_at=code.changed_at,
        )


@strawberry.type
class OfficeCodes:
    codes: list[OfficeCode] = strawberry.field(description="Those that hold, by number.")


@strawberry.input
class CreateOfficeCodeInput:
    office: OfficeInput
    label: str = strawberry.field(
        description=f"Which desk: 1 to {LABEL_CHARACTERS_AT_MOST} characters."
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class OfficeCodeStepInput:
    office: OfficeInput
    id: strawberry.ID
    version: int = strawberry.field(description="As you saw it.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class ReplaceOfficeCodeInput(OfficeCodeStepInput):
    pass


@strawberry.input
class RevokeOfficeCodeInput(OfficeCodeStepInput):
    pass


@strawberry.type
class CreateOfficeCodeSuccess:
    office_code: OfficeCode


@strawberry.type
class ReplaceOfficeCodeSuccess:
    office_code: OfficeCode


@strawberry.type
class RevokeOfficeCodeSuccess:
    office_code: OfficeCode


CreateOfficeCodeResult = Annotated[
    CreateOfficeCodeSuccess | FeedbackError, strawberry.union("CreateOfficeCodeResult")
]
ReplaceOfficeCodeResult = Annotated[
    ReplaceOfficeCodeSuccess | FeedbackError, strawberry.union("ReplaceOfficeCodeResult")
]
RevokeOfficeCodeResult = Annotated[
    RevokeOfficeCodeSuccess | FeedbackError, strawberry.union("RevokeOfficeCodeResult")
]


@strawberry.type
class OfficeDeskQuery:
    @strawberry.field(
        description="What was said of an office, the latest week first. For its clerks; noted in the audit log."
    )
    async def office_ratings(
        self, info: Info, office: Office, first: First = 20, after: After = None
    ) -> Connection[OfficeRating]:
        reading = info.context.services.feedback.satisfaction.reading
        page = await reading.ratings(info.context.caller, office.office(), first, after)
        return Connection[OfficeRating].of(page, lambda one: OfficeRating.of(one, info))

    @strawberry.field(description="The codes at the desks of an office. For its clerks.")
    async def office_codes(self, info: Info, office: Office) -> OfficeCodes:
        keeping = info.context.services.feedback.satisfaction.keeping_codes
        found = await keeping.of(info.context.caller, office.office())
        return OfficeCodes(codes=[OfficeCode.of(one, info) for one in found])


@strawberry.type
class OfficeDeskMutation:
    @strawberry.mutation(description="Make a code for a desk. For clerks of the office.")
    async def create_office_code(
        self, info: Info, input: CreateOfficeCodeInput
    ) -> CreateOfficeCodeResult:
        code = await info.context.services.feedback.satisfaction.keeping_codes.create(
            info.context.caller, input.office.office(), input.label, input.idempotency_key
        )
        return CreateOfficeCodeSuccess(office_code=OfficeCode.of(code, info))

    @strawberry.mutation(
        description="Put another code in place of one that was copied or lost: what hangs there is worthless then."
    )
    async def replace_office_code(
        self, info: Info, input: ReplaceOfficeCodeInput
    ) -> ReplaceOfficeCodeResult:
        code = await info.context.services.feedback.satisfaction.keeping_codes.replace(
            info.context.caller,
            input.office.office(),
            input.id,
            input.version,
            input.idempotency_key,
        )
        return ReplaceOfficeCodeSuccess(office_code=OfficeCode.of(code, info))

    @strawberry.mutation(description="Take a code back, for good.")
    async def revoke_office_code(
        self, info: Info, input: RevokeOfficeCodeInput
    ) -> RevokeOfficeCodeResult:
        code = await info.context.services.feedback.satisfaction.keeping_codes.revoke(
            info.context.caller,
            input.office.office(),
            input.id,
            input.version,
            input.idempotency_key,
        )
        return RevokeOfficeCodeSuccess(office_code=OfficeCode.of(code, info))
