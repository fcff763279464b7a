from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.students.attendance.attendance_day import NOTE_CHARACTERS_AT_MOST, AttendanceState
from api.students.attendance.service import (
    DAYS_AT_MOST,
    EXPLAINED_DAYS_AT_MOST,
    NOTED_WITHIN,
    SeenDay,
)
from api.students.student_error import StudentError

_KEY = "16 to 128 visible ASCII characters, made anew for each"

strawberry.enum(
    AttendanceState,
    description="EXPECTED: not seen, and not missed yet. LEFT: came, and has gone. ABSENT: missed,"
    " and nobody has said why. EXCUSED: somebody has.",
)


@strawberry.type(description="A pupil's day at school, as it is known now: a gate may tell more.")
class AttendanceDay:
    pupil_id: strawberry.ID
    day: date
    state: AttendanceState
    is_late: bool
    arrived_at: datetime | None
    left_at: datetime | None
    note: str | None = strawberry.field(description="Why the pupil is not there.")

    @classmethod
    def of(cls, record: SeenDay) -> "AttendanceDay":
        return cls(
            pupil_id=strawberry.ID(record.pupil_id),
            day=record.day,
            state=record.state,
            is_late=record.is_late,
            arrived_at=record.arrived_at,
            left_at=record.left_at,
            note=record.note,
        )


@strawberry.input
class ExplainAbsenceInput:
    pupil_id: strawberry.ID
    starts: date
    ends: date = strawberry.field(
        description=f"Included; {EXPLAINED_DAYS_AT_MOST} days at most, within 30 days back and 90 ahead."
    )
    note: str = strawberry.field(description=f"At most {NOTE_CHARACTERS_AT_MOST} characters.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} note.")


@strawberry.input
class NoteArrivalInput:
    pupil_id: strawberry.ID
    at: datetime = strawberry.field(description=f"In the last {NOTED_WITHIN.days} days.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} arrival.")


@strawberry.type
class ExplainAbsenceSuccess:
    days: list[AttendanceDay]


@strawberry.type
class NoteArrivalSuccess:
    day: AttendanceDay


ExplainAbsenceResult = Annotated[
    ExplainAbsenceSuccess | StudentError, strawberry.union("ExplainAbsenceResult")
]
NoteArrivalResult = Annotated[
    NoteArrivalSuccess | StudentError, strawberry.union("NoteArrivalResult")
]


@strawberry.type(description="Days at school, of a pupil or of a class.")
class Attendance:
    days: list[AttendanceDay]


@strawberry.type
class AttendanceQuery:
    @strawberry.field(
        description=f"A pupil's days from `starts` to `ends`, both included, {DAYS_AT_MOST} at most."
        " For her guardians and her school's office."
    )
    async def attendance(
        self, info: Info, pupil_id: strawberry.ID, starts: date, ends: date
    ) -> Attendance:
        found = await info.context.services.students.attendance.of_pupil(
            info.context.caller, pupil_id, starts, ends
        )
        return Attendance(days=list(map(AttendanceDay.of, found)))

    @strawberry.field(
        description="A day of everybody in a class. For clerks of the school; noted in the audit log."
    )
    async def class_attendance(
        self, info: Info, school_id: strawberry.ID, class_id: strawberry.ID, day: date
    ) -> Attendance:
        found = await info.context.services.students.attendance.of_class(
            info.context.caller, school_id, class_id, day
        )
        return Attendance(days=list(map(AttendanceDay.of, found)))


@strawberry.type
class AttendanceMutation:
    @strawberry.mutation(
        description="Say why a pupil is not there, before or afterwards. For guardians and clerks of"
        " the school."
    )
    async def explain_absence(self, info: Info, input: ExplainAbsenceInput) -> ExplainAbsenceResult:
        found = await info.context.services.students.attendance.explain(
            info.context.caller,
            input.pupil_id,
            input.starts,
            input.ends,
            input.note,
            input.idempotency_key,
        )
        return ExplainAbsenceSuccess(days=list(map(AttendanceDay.of, found)))

    @strawberry.mutation(
        description="Note that a pupil came whose card no gate has read. For clerks of the school."
    )
    async def note_arrival(self, info: Info, input: NoteArrivalInput) -> NoteArrivalResult:
        found = await info.context.services.students.attendance.note_arrival(
            info.context.caller, input.pupil_id, input.at, input.idempotency_key
        )
        return NoteArrivalSuccess(day=AttendanceDay.of(found))
