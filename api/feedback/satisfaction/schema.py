"""Rating for those who went through something, and the results for everybody."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.feedback_error import FeedbackError
from api.feedback.reports.schema_inputs import ReporterDeviceInput
from api.feedback.satisfaction.contract_enums import Grade, RatedKind
from api.feedback.satisfaction.office_codes.rating_offices import Visitor
from api.feedback.satisfaction.reasons import REASONS
from api.feedback.satisfaction.records import Rating
from api.feedback.satisfaction.results.schema import ResultsQuery
from api.feedback.satisfaction.schema_inputs import RateInput, RateOfficeInput
from api.feedback.satisfaction.schema_types import OfferedGrade, OfferedReason, RatedOffice
from api.kit.pagination import After, Connection, First

Device = Annotated[
    ReporterDeviceInput | None,
    strawberry.argument(description="Of whoever is not signed in and reported from a device."),
]


@strawberry.type(description="What is asked of one kind of thing.")
class RatingForm:
    kind: RatedKind
    grades: list[OfferedGrade]
    reasons: list[OfferedReason]


@strawberry.type
class RatingForms:
    forms: list[RatingForm]


@strawberry.type(description="Something that you may rate, or have rated.")
class MyRating:
    id: strawberry.ID
    kind: RatedKind
    report_code: strawberry.ID | None = strawberry.field(description="Of a REPORT.")
    appointment_id: strawberry.ID | None = strawberry.field(description="Of a VISIT.")
    office: RatedOffice
    asked_at: datetime
    open_until: datetime = strawberry.field(description="Until when you may give or change it.")
    grade: OfferedGrade | None = strawberry.field(description="Null: not given yet.")
    reasons: list[OfferedReason]
    words: str | None
    rated_at: datetime | None = strawberry.field(description="When you first gave it.")

    @classmethod
    def of(cls, rating: Rating, info: Info) -> "MyRating":
        opinion, subject = rating.opinion, rating.subject
        words = opinion.words if opinion else None
        return cls(
            id=strawberry.ID(rating.id),
            kind=rating.kind,
            report_code=_subject(subject, is_meant=rating.kind is RatedKind.REPORT),
            appointment_id=_subject(subject, is_meant=rating.kind is RatedKind.VISIT),
            office=RatedOffice.of(rating.office, info),
            asked_at=rating.asked_at,
            open_until=rating.open_until,
            grade=OfferedGrade.of(opinion.grade, info) if opinion else None,
            reasons=[OfferedReason.of(one, info) for one in opinion.reasons] if opinion else [],
            words=words.text if words else None,
            rated_at=rating.rated_at,
        )


@strawberry.type
class RateSuccess:
    rating: MyRating


@strawberry.type
class RateOfficeSuccess:
    rating: MyRating


RateResult = Annotated[RateSuccess | FeedbackError, strawberry.union("RateResult")]
RateOfficeResult = Annotated[
    RateOfficeSuccess | FeedbackError, strawberry.union("RateOfficeResult")
]


@strawberry.type
class SatisfactionQuery(ResultsQuery):
    @strawberry.field(description="What is asked of each kind of thing.")
    async def rating_forms(self, info: Info) -> RatingForms:
        grades = [OfferedGrade.of(grade, info) for grade in Grade]
        forms = [
            RatingForm(
                kind=kind,
                grades=grades,
                reasons=[OfferedReason.of(reason, info) for reason in reasons],
            )
            for kind, reasons in REASONS.items()
        ]
        return RatingForms(forms=forms)

    @strawberry.field(description="What you may rate or have rated, the newest first.")
    async def my_ratings(
        self, info: Info, device: Device = None, first: First = 20, after: After = None
    ) -> Connection[MyRating]:
        page = await info.context.services.feedback.satisfaction.giving.mine(
            info.context.caller, device.shown() if device else None, first, after
        )
        return Connection[MyRating].of(page, lambda one: MyRating.of(one, info))


@strawberry.type
class SatisfactionMutation:
    @strawberry.mutation(
        description="Say how satisfied you are with something that has ended, within 30 days; change it within 7."
    )
    async def rate(self, info: Info, input: RateInput) -> RateResult:
        giving, said = info.context.services.feedback.satisfaction.giving, input.said()
        if input.ticket is not None and input.rating_id is None:
            rating = await giving.give_by_ticket(input.ticket, said)
            # Whoever has a link need not be whose visit it was.
            return RateSuccess(rating=MyRating.of(replace(rating, subject=None), info))
        rating = await giving.give(
            info.context.caller,
            input.device.shown() if input.device else None,
            input.rating_id or "",
            said,
            input.idempotency_key,
        )
        return RateSuccess(rating=MyRating.of(rating, info))

    @strawberry.mutation(
        description="Rate the office whose code you scanned: once a day for a device, and for a person."
    )
    async def rate_office(self, info: Info, input: RateOfficeInput) -> RateOfficeResult:
        context = info.context
        visitor = Visitor(
            context.caller, input.device.shown(), context.client_address, context.language
        )
        rating = await context.services.feedback.satisfaction.rating_offices.rate(
            visitor, input.code, input.said(), input.idempotency_key
        )
        return RateOfficeSuccess(rating=MyRating.of(rating, info))


def _subject(subject: str | None, *, is_meant: bool) -> strawberry.ID | None:
    return strawberry.ID(subject) if subject and is_meant else None
