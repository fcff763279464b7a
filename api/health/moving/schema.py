from datetime import date
from typing import Annotated

import strawberry

from api.context import Info
from api.health.appointments.schema import Appointment
from api.health.errors import HealthErrorCode
from api.health.health_error import HealthError
from api.health.moving.cancelled_session import CancellationReason
from api.health.moving.cancelling import DAYS_AT_MOST, Cancelled
from api.health.moving.errors import ReplacementGone
from api.health.moving.nearest import SHOWN
from api.health.slots.schema import Slot
from api.health.slots.search import SlotFound
from api.kit.problem import Problem

_KEY = "16 to 128 visible ASCII characters, made anew for each change."

strawberry.enum(
    CancellationReason,
    name="SessionCancellationReason",
    description="What patients are told, in their language.",
)


@strawberry.type(description="Places that can be taken instead of a cancelled one. None is held.")
class AffectedOffers:
    slots: list[Slot] = strawberry.field(
        description=f"At most {SHOWN}: of the same facility first, then of the nearest; the distance is"
        " from the facility that cancelled."
    )

    @classmethod
    def of(cls, found: list[SlotFound]) -> "AffectedOffers":
        return cls(slots=list(map(Slot.of, found)))


@strawberry.input
class CancelSessionInput:
    session_id: strawberry.ID
    reason: CancellationReason
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class CancelSessionsOfPractitionerInput:
    practitioner_id: strawberry.ID
    first: date = strawberry.field(name="from", description="A day in Vietnam, today or later.")
    last: date = strawberry.field(
        name="to", description=f"The last day, at most {DAYS_AT_MOST} days ahead."
    )
    reason: CancellationReason = CancellationReason.PRACTITIONER_AWAY
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class TakeReplacementInput:
    appointment_id: strawberry.ID = strawberry.field(description="Of what was cancelled.")
    slot_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class CancelledSessions:
    session_ids: list[strawberry.ID]
    affected: int = strawberry.field(
        description="How many patients had a place in them. They are told, and offered others."
    )

    @classmethod
    def of(cls, record: Cancelled) -> "CancelledSessions":
        return cls(session_ids=list(map(strawberry.ID, record.sessions)), affected=record.affected)


@strawberry.type
class CancelSessionSuccess:
    cancelled: CancelledSessions


@strawberry.type
class CancelSessionsOfPractitionerSuccess:
    cancelled: CancelledSessions


@strawberry.type
class TakeReplacementSuccess:
    appointment: Appointment


@strawberry.type(description="Somebody else was faster.")
class ReplacementGoneError(Problem):
    code: HealthErrorCode
    slots: list[Slot] = strawberry.field(description="The next nearest places.")


CancelSessionResult = Annotated[
    CancelSessionSuccess | HealthError, strawberry.union("CancelSessionResult")
]
CancelSessionsOfPractitionerResult = Annotated[
    CancelSessionsOfPractitionerSuccess | HealthError,
    strawberry.union("CancelSessionsOfPractitionerResult"),
]
TakeReplacementResult = Annotated[
    TakeReplacementSuccess | ReplacementGoneError | HealthError,
    strawberry.union("TakeReplacementResult"),
]


@strawberry.type
class MovingQuery:
    @strawberry.field(
        description="What you can have instead of an appointment that the facility cancelled."
    )
    async def affected_offers(self, info: Info, appointment_id: strawberry.ID) -> AffectedOffers:
        found = await info.context.services.health.waiting.replacing.offers(
            info.context.caller, appointment_id
        )
        return AffectedOffers.of(found)


@strawberry.type
class MovingMutation:
    @strawberry.mutation(
        description="Cancel a session that is not over: no place of it can be had, and everybody who"
        " had one is told and offered others. Who was called already stays. For clerks of the facility."
    )
    async def cancel_session(self, info: Info, input: CancelSessionInput) -> CancelSessionResult:
        done = await info.context.services.health.waiting.cancelling.cancel_session(
            info.context.caller, input.session_id, input.reason, input.idempotency_key
        )
        return CancelSessionSuccess(cancelled=CancelledSessions.of(done))

    @strawberry.mutation(
        description="Cancel all sessions that somebody has on some days, as cancelSession does."
        " Write the absence into the schedules too, so that none are made for those days."
    )
    async def cancel_sessions_of_practitioner(
        self, info: Info, input: CancelSessionsOfPractitionerInput
    ) -> CancelSessionsOfPractitionerResult:
        done = await info.context.services.health.waiting.cancelling.cancel_of_practitioner(
            info.context.caller,
            input.practitioner_id,
            (input.first, input.last),
            input.reason,
            input.idempotency_key,
        )
        return CancelSessionsOfPractitionerSuccess(cancelled=CancelledSessions.of(done))

    @strawberry.mutation(
        description="Book a place instead of one that the facility cancelled, for the same patient and"
        " reason, with one tap."
    )
    async def take_replacement(
        self, info: Info, input: TakeReplacementInput
    ) -> TakeReplacementResult:
        caller, replacing = info.context.caller, info.context.services.health.waiting.replacing
        try:
            taken = await replacing.take(
                caller, input.appointment_id, input.slot_id, input.idempotency_key
            )
        except ReplacementGone as gone:
            left = await replacing.offers(caller, input.appointment_id)
            message = gone.localized(info.context.translate)
            return ReplacementGoneError(
                message=message, code=HealthErrorCode.SLOT_TAKEN, slots=list(map(Slot.of, left))
            )
        return TakeReplacementSuccess(appointment=Appointment.of(taken))
