"""The results of a month, for everybody."""

from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.satisfaction.contract_enums import Source
from api.feedback.satisfaction.results.publishing import Result
from api.feedback.satisfaction.schema_types import OfferedGrade, OfferedReason, RatedOffice
from api.kit.pagination import After, Connection, First

Month = Annotated[
    str, strawberry.argument(description="Such as 2026-11; published from the 8th of the next on.")
]


@strawberry.type
class GradeCount:
    grade: OfferedGrade
    ratings: int


@strawberry.type
class ReasonCount:
    reason: OfferedReason
    praised: int | None = strawberry.field(
        description="By how many who were satisfied; null for fewer than 5."
    )
    criticised: int | None = strawberry.field(
        description="By how many who were not satisfied; null for fewer than 5."
    )


@strawberry.type(description="A share and its 95 % interval (Wilson).")
class SatisfiedShare:
    share: float = strawberry.field(description="0 to 1.")
    low: float = strawberry.field(description="0 to 1: lower end of the interval.")
    high: float = strawberry.field(description="0 to 1: upper end of the interval.")


@strawberry.type(
    description="How satisfied people were with an office in a month; of 5 ratings or more only."
)
class SatisfactionResult:
    office: RatedOffice
    month: str
    source: Source = strawberry.field(description="The two are never added up.")
    ratings: int
    grades: list[GradeCount]
    satisfied: SatisfiedShare = strawberry.field(
        description="Of those who were satisfied or very satisfied."
    )
    reasons: list[ReasonCount]

    @classmethod
    def of(cls, result: Result, info: Info) -> "SatisfactionResult":
        satisfied = result.satisfied
        return cls(
            office=RatedOffice.of(result.office, info),
            month=result.month,
            source=result.source,
            ratings=result.total,
            grades=[
                GradeCount(grade=OfferedGrade.of(grade, info), ratings=count)
                for grade, count in result.grades.items()
            ],
            satisfied=SatisfiedShare(share=satisfied.share, low=satisfied.low, high=satisfied.high),
            reasons=_reasons(result, info),
        )


@strawberry.type
class ResultsQuery:
    @strawberry.field(description="How satisfied people were with each office, by office.")
    async def satisfaction_results(
        self, info: Info, month: Month, first: First = 20, after: After = None
    ) -> Connection[SatisfactionResult]:
        publishing = info.context.services.feedback.satisfaction.publishing
        page = await publishing.page(month, first, after)
        return Connection[SatisfactionResult].of(page, lambda one: SatisfactionResult.of(one, info))


def _reasons(result: Result, info: Info) -> list[ReasonCount]:
    told = sorted(result.praised.keys() | result.criticised.keys())
    return [
        ReasonCount(
            reason=OfferedReason.of(reason, info),
            praised=result.praised.get(reason),
            criticised=result.criticised.get(reason),
        )
        for reason in told
    ]
