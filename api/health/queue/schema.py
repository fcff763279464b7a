from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.health.appointments.records import AppointmentStatus
from api.health.health_error import HealthError
from api.health.queue.checking_in import OPENS_BEFORE
from api.health.queue.standing import Standing

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_OPENS_MINUTES = int(OPENS_BEFORE.total_seconds() // 60)


@strawberry.type(
    description="Where your patient stands in the queue of a session. Tells of nobody else."
)
class QueueStanding:
    appointment_id: strawberry.ID
    number: int | None = strawberry.field(description="Of the session's queue, as it is called.")
    status: AppointmentStatus
    before: int | None = strawberry.field(
        description="How many are called before, those included who are expected in time; null: called, or over."
    )
    expected_at: datetime | None = strawberry.field(
        description="When to expect the call, by the pace of the last ones and the delay. An estimate."
    )
    called_at: datetime | None = strawberry.field(description="The last time.")
    delay_minutes: int = strawberry.field(
        description="How much later than planned the session runs."
    )
    delay_reason: str | None = strawberry.field(
        description="As the desk wrote it, mostly in Vietnamese."
    )
    is_session_open: bool = strawberry.field(
        description="False: takes no more patients; those with a place are seen."
    )

    @classmethod
    def of(cls, record: Standing) -> "QueueStanding":
        return cls(
            appointment_id=strawberry.ID(record.appointment_id),
            number=record.number,
            status=record.status,
            before=record.before,
            expected_at=record.expected_at,
            called_at=record.called_at,
            delay_minutes=record.delay_minutes,
            delay_reason=record.delay_reason,
            is_session_open=record.is_session_open,
        )


@strawberry.input
class CheckInInput:
    appointment_id: strawberry.ID
    code: str = strawberry.field(description="What the QR code at the facility's entrance holds.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} check-in.")


@strawberry.type
class CheckInSuccess:
    standing: QueueStanding


CheckInResult = Annotated[CheckInSuccess | HealthError, strawberry.union("CheckInResult")]


@strawberry.type
class QueueQuery:
    @strawberry.field(description="Where your patient stands. For whoever booked it.")
    async def my_queue(self, info: Info, appointment_id: strawberry.ID) -> QueueStanding:
        found = await info.context.services.health.queue.standings.mine(
            info.context.caller, appointment_id
        )
        return QueueStanding.of(found)


@strawberry.type
class QueueMutation:
    @strawberry.mutation(
        description="Say that your patient is there, by the code at the entrance:"
        f" from {_OPENS_MINUTES} minutes before the time of the place until the session ends."
    )
    async def check_in(self, info: Info, input: CheckInInput) -> CheckInResult:
        queue = info.context.services.health.queue
        caller = info.context.caller
        await queue.checking_in.by_patient(
            caller, input.appointment_id, input.code, input.idempotency_key
        )
        standing = await queue.standings.mine(caller, input.appointment_id)
        return CheckInSuccess(standing=QueueStanding.of(standing))


@strawberry.type
class QueueSubscription:
    @strawberry.subscription(
        description="Where your patient stands: now, and each time that it changes. For whoever booked it."
    )
    async def queue_changed(
        self, info: Info, appointment_id: strawberry.ID
    ) -> AsyncGenerator[QueueStanding]:
        standings = info.context.services.health.queue.standings
        async for standing in standings.changes(info.context.caller, appointment_id):
            yield QueueStanding.of(standing)
