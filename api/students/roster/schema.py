from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.students.roster.comparing import Outcome
from api.students.roster.repository import Roster as RosterRecord
from api.students.roster.repository import RosterState
from api.students.student_error import StudentError

strawberry.enum(
    Outcome,
    name="RosterOutcome",
    description="What a row does to the pupil of its number. MOVED: to another class.",
)
strawberry.enum(
    RosterState, description="CHECKED: nothing is changed yet. APPLYING: row by row, right now."
)


@strawberry.type(description="How many rows do something.")
class RosterCount:
    outcome: Outcome
    rows: int


@strawberry.type(description="A roster that was sent to POST /students/v1/schools/{id}/rosters.")
class Roster:
    digest: str = strawberry.field(description="SHA-256 of the file, hexadecimal.")
    year: int = strawberry.field(description="In which the school year begins.")
    state: RosterState
    rows: int
    fault_count: int = strawberry.field(description="With any, it cannot be applied.")
    would: list[RosterCount]
    missing: int = strawberry.field(
        description="Pupils of the school who are not in it: they leave if it is the whole school."
    )
    applied_rows: int = strawberry.field(description="How far it has come.")
    expires_at: datetime

    @classmethod
    def of(cls, record: RosterRecord) -> "Roster":
        return cls(
            digest=record.digest,
            year=record.year,
            state=record.state,
            rows=record.row_count,
            fault_count=record.fault_count,
            would=[
                RosterCount(outcome=outcome, rows=record.would[outcome])
                for outcome in Outcome
                if record.would[outcome]
            ],
            missing=record.leavers,
            applied_rows=record.rows_done,
            expires_at=record.expires_at,
        )


@strawberry.input
class ApplyRosterInput:
    school_id: strawberry.ID
    year: int
    digest: str = strawberry.field(description="SHA-256 of the file that was checked.")
    is_whole: bool = strawberry.field(
        description="The file is the whole school: whoever is missing in it has left."
    )
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each."
    )


@strawberry.type
class ApplyRosterSuccess:
    roster: Roster


ApplyRosterResult = Annotated[
    ApplyRosterSuccess | StudentError, strawberry.union("ApplyRosterResult")
]


@strawberry.type
class RosterQuery:
    @strawberry.field(
        description="A roster that was checked, and how far it is applied. For clerks of the school."
    )
    async def roster(self, info: Info, school_id: strawberry.ID, year: int, digest: str) -> Roster:
        found = await info.context.services.students.checking.find(
            info.context.caller, school_id, year, digest
        )
        return Roster.of(found)


@strawberry.type
class RosterMutation:
    @strawberry.mutation(
        description="Apply a roster that was checked within a day; read `roster` for its progress."
        " For clerks of the school."
    )
    async def apply_roster(self, info: Info, input: ApplyRosterInput) -> ApplyRosterResult:
        roster = await info.context.services.students.applying.apply(
            info.context.caller,
            input.school_id,
            input.year,
            input.digest,
            input.idempotency_key,
            is_whole=input.is_whole,
        )
        return ApplyRosterSuccess(roster=Roster.of(roster))
