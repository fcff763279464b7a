"""The league of agencies for apps."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.agencies.schema import ReportAgency, agency_of
from api.feedback.open_data.league import Figures, Standing
from api.feedback.open_data.league import League as LeagueRecord


@strawberry.type(
    description="Counts, and what is made of them. Hours do not stop at night. A share is of 1."
)
class AgencyFigures:
    received: int
    answered: int
    median_hours_to_answer: float | None = strawberry.field(
        description="To the first answer; null: there was none."
    )
    ninetieth_hours_to_answer: float | None = strawberry.field(
        description="Nine of ten were answered within this time."
    )
    due: int = strawberry.field(description="Fixed, ended, or past the time to fix them.")
    fixed_in_time: int
    share_fixed_in_time: float | None = strawberry.field(description="Of `due`.")
    reopened: int
    share_reopened: float | None = strawberry.field(description="Of `answered`.")
    open_overdue: int

    @classmethod
    def of(cls, figures: Figures) -> "AgencyFigures":
        return cls(
            received=figures.received,
            answered=figures.answered,
            median_hours_to_answer=figures.median_hours,
            ninetieth_hours_to_answer=figures.ninetieth_hours,
            due=figures.due,
            fixed_in_time=figures.fixed_in_time,
            share_fixed_in_time=figures.share_fixed_in_time,
            reopened=figures.reopened,
            share_reopened=figures.share_reopened,
            open_overdue=figures.open_overdue,
        )


@strawberry.type(description="How one agency did.")
class AgencyStanding:
    agency: ReportAgency
    rank: int | None = strawberry.field(
        description="From 1; null for fewer than 10 reports, of which a share says little."
    )
    figures: AgencyFigures

    @classmethod
    def of(cls, standing: Standing, info: Info) -> "AgencyStanding":
        return cls(
            agency=agency_of(standing.agency_id, info),
            rank=standing.rank,
            figures=AgencyFigures.of(standing.figures),
        )


@strawberry.type(
    description="How agencies did with the public reports that were received in a month."
)
class AgencyLeague:
    month: str
    as_of: datetime
    province: AgencyFigures
    standings: list[AgencyStanding] = strawberry.field(description="The ranked ones first.")

    @classmethod
    def of(cls, league: LeagueRecord, info: Info) -> "AgencyLeague":
        return cls(
            month=league.month,
            as_of=league.as_of,
            province=AgencyFigures.of(league.province),
            standings=[AgencyStanding.of(one, info) for one in league.standings],
        )


@strawberry.type
class OpenDataQuery:
    @strawberry.field(
        description="How agencies did with what was received in a month; computed from what is published"
        " of each report, at most 5 minutes ago."
    )
    async def agency_league(
        self,
        info: Info,
        month: Annotated[
            str, strawberry.argument(description="Such as 2026-11, in Vietnam's calendar.")
        ],
    ) -> AgencyLeague:
        return AgencyLeague.of(
            await info.context.services.feedback.open_data.league.of(month), info
        )
