"""What the desk does with the queue, in the contract."""

from typing import Annotated

import strawberry

from api.context import Info
from api.health.desk.desk_patient import DeskPatient, desk_patient
from api.health.desk.walk_ins import (
    NAME_CHARACTERS_AT_MOST,
    REASON_CHARACTERS_AT_MOST,
    NewWalkIn,
)
from api.health.health_error import HealthError

_KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.input
class VisitStepInput:
    appointment_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} step.")


@strawberry.input
class CallNextInput:
    session_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} call.")


@strawberry.input
class AddWalkInInput:
    session_id: strawberry.ID
    name: str = strawberry.field(description=f"At most {NAME_CHARACTERS_AT_MOST} characters.")
    birth_year: int
    reason: str | None = strawberry.field(
        default=None, description=f"At most {REASON_CHARACTERS_AT_MOST} characters."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} patient.")


@strawberry.type
class CheckInAtDeskSuccess:
    patient: DeskPatient


@strawberry.type
class CallNextSuccess:
    patient: DeskPatient


@strawberry.type
class RecallPatientSuccess:
    patient: DeskPatient


@strawberry.type
class SkipPatientSuccess:
    patient: DeskPatient


@strawberry.type
class MarkNoShowSuccess:
    patient: DeskPatient


@strawberry.type
class CompleteVisitSuccess:
    patient: DeskPatient


@strawberry.type
class AddWalkInSuccess:
    patient: DeskPatient


CheckInAtDeskResult = Annotated[
    CheckInAtDeskSuccess | HealthError, strawberry.union("CheckInAtDeskResult")
]
CallNextResult = Annotated[CallNextSuccess | HealthError, strawberry.union("CallNextResult")]
RecallPatientResult = Annotated[
    RecallPatientSuccess | HealthError, strawberry.union("RecallPatientResult")
]
SkipPatientResult = Annotated[
    SkipPatientSuccess | HealthError, strawberry.union("SkipPatientResult")
]
MarkNoShowResult = Annotated[MarkNoShowSuccess | HealthError, strawberry.union("MarkNoShowResult")]
CompleteVisitResult = Annotated[
    CompleteVisitSuccess | HealthError, strawberry.union("CompleteVisitResult")
]
AddWalkInResult = Annotated[AddWalkInSuccess | HealthError, strawberry.union("AddWalkInResult")]


@strawberry.type
class CallingMutation:
    @strawberry.mutation(description="Check in a patient whom you see. For clerks of the facility.")
    async def check_in_at_desk(self, info: Info, input: VisitStepInput) -> CheckInAtDeskResult:
        found = await info.context.services.health.queue.checking_in.at_desk(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return CheckInAtDeskSuccess(patient=await desk_patient(info, found))

    @strawberry.mutation(
        description="Call who is next: by the time of the place, whoever came late behind who was in"
        " time, and a walk-in after two others. For clerks of the facility."
    )
    async def call_next(self, info: Info, input: CallNextInput) -> CallNextResult:
        found = await info.context.services.health.queue.calling.call_next(
            info.context.caller, input.session_id, input.idempotency_key
        )
        return CallNextSuccess(patient=await desk_patient(info, found))

    @strawberry.mutation(
        description="Call once more who was called and has not come in. For clerks of the facility."
    )
    async def recall_patient(self, info: Info, input: VisitStepInput) -> RecallPatientResult:
        found = await info.context.services.health.queue.calling.recall(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return RecallPatientSuccess(patient=await desk_patient(info, found))

    @strawberry.mutation(
        description="Let others go before somebody who is not there at the moment: one place later."
        " For clerks of the facility."
    )
    async def skip_patient(self, info: Info, input: VisitStepInput) -> SkipPatientResult:
        found = await info.context.services.health.queue.calling.skip(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return SkipPatientSuccess(patient=await desk_patient(info, found))

    @strawberry.mutation(
        description="Note that somebody did not come. For clerks of the facility, from 15 minutes after"
        " the time of the place; of who is checked in, from that time."
    )
    async def mark_no_show(self, info: Info, input: VisitStepInput) -> MarkNoShowResult:
        found = await info.context.services.health.queue.calling.mark_no_show(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return MarkNoShowSuccess(patient=await desk_patient(info, found))

    @strawberry.mutation(
        description="Note that who was called has been seen. For clerks of the facility."
    )
    async def complete_visit(self, info: Info, input: VisitStepInput) -> CompleteVisitResult:
        found = await info.context.services.health.queue.calling.complete(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return CompleteVisitSuccess(patient=await desk_patient(info, found))

    @strawberry.mutation(
        description="Put somebody into the queue who came without an appointment, while the session"
        " has room for one more. For clerks of the facility."
    )
    async def add_walk_in(self, info: Info, input: AddWalkInInput) -> AddWalkInResult:
        found = await info.context.services.health.desk.walk_ins.add(
            info.context.caller,
            input.session_id,
            NewWalkIn(input.name, input.birth_year, input.reason),
            input.idempotency_key,
        )
        return AddWalkInSuccess(patient=await desk_patient(info, found))
