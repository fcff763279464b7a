from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.health.appointments.booking import REASON_CHARACTERS_AT_MOST, Wish
from api.health.appointments.caps import HOLDS_AT_MOST
from api.health.appointments.holding import HELD_FOR
from api.health.appointments.records import Appointment as AppointmentRecord
from api.health.appointments.records import AppointmentStatus, CancelledBy
from api.health.directory.records import Payment
from api.health.directory.schema import Facility, HealthcareService, Practitioner
from api.health.health_error import HealthError
from api.kit.pagination import After, Connection, First
from locales import language_of

_KEY = "16 to 128 visible ASCII characters, made anew for each change."
_MINUTES = int(HELD_FOR.total_seconds() // 60)

strawberry.enum(
    AppointmentStatus,
    description="As in FHIR R4. PENDING: held, not booked. CHECKED_IN: in the queue. ARRIVED: called.",
)
strawberry.enum(
    CancelledBy,
    name="AppointmentCancelledBy",
    description="HOLD_EXPIRED: not booked in time. MOVED: there is another appointment instead.",
)


@strawberry.type(description="A place that a patient holds or has (FHIR Appointment).")
class Appointment:
    id: strawberry.ID
    slot_id: strawberry.ID | None
    session_id: strawberry.ID
    patient_id: strawberry.ID | None = strawberry.field(
        description="One of your dependants; null: yourself."
    )
    patient_name: str
    reason: str | None = strawberry.field(description="For the practitioner to read.")
    payment: Payment | None = strawberry.field(description="Null while the place is only held.")
    language: str = strawberry.field(description="BCP 47 tag: of what is told about it.")
    start: datetime
    end: datetime
    status: AppointmentStatus
    held_until: datetime | None = strawberry.field(
        description="With PENDING: until then it can be booked; then the place is free again."
    )
    queue_number: int | None = strawberry.field(description="Of the session, given when booked.")
    booked_at: datetime | None
    cancelled_by: CancelledBy | None
    moved_to: strawberry.ID | None = strawberry.field(description="The appointment instead.")
    record: strawberry.Private[AppointmentRecord]

    @classmethod
    def of(cls, record: AppointmentRecord) -> "Appointment":
        return cls(
            id=strawberry.ID(record.id),
            slot_id=_id(record.slot_id),
            session_id=strawberry.ID(record.session_id),
            patient_id=_id(record.dependant_id),
            patient_name=record.patient_name,
            reason=record.reason,
            payment=Payment(record.payment) if record.payment else None,
            language=record.language,
            start=record.start,
            end=record.end,
            status=record.status,
            held_until=record.held_until,
            queue_number=record.queue_number,
            booked_at=record.booked_at,
            cancelled_by=record.cancelled_by,
            moved_to=_id(record.moved_to),
            record=record,
        )

    @strawberry.field
    async def facility(self, info: Info) -> Facility:
        library = info.context.services.health.places.library
        return Facility.of(library.facility(self.record.facility_id))

    @strawberry.field
    async def service(self, info: Info) -> HealthcareService:
        return await HealthcareService.loaded(info, self.record.service_id)

    @strawberry.field(description="Null: whoever is there.")
    async def practitioner(self, info: Info) -> Practitioner | None:
        return await Practitioner.loaded(info, self.record.practitioner_id)


@strawberry.input
class HoldSlotInput:
    slot_id: strawberry.ID
    patient_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="One of your dependants; null: yourself. The place is bound to the patient.",
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class BookAppointmentInput:
    appointment_id: strawberry.ID = strawberry.field(description="Of the place that you hold.")
    reason: str | None = strawberry.field(
        default=None,
        description=f"At most {REASON_CHARACTERS_AT_MOST} characters, for the practitioner alone.",
    )
    payment: Payment
    language: str | None = strawberry.field(
        default=None,
        description="BCP 47 tag; the nearest language of ours is taken, else that of Accept-Language.",
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class ReleaseHoldInput:
    appointment_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class RescheduleAppointmentInput:
    appointment_id: strawberry.ID
    new_slot_id: strawberry.ID = strawberry.field(description="Of the same specialty.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class CancelAppointmentInput:
    appointment_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class HoldSlotSuccess:
    appointment: Appointment


@strawberry.type
class BookAppointmentSuccess:
    appointment: Appointment


@strawberry.type
class ReleaseHoldSuccess:
    appointment: Appointment


@strawberry.type
class RescheduleAppointmentSuccess:
    appointment: Appointment = strawberry.field(description="The new one.")


@strawberry.type
class CancelAppointmentSuccess:
    appointment: Appointment


@strawberry.type(description="No more than whoever has the ticket knows already.")
class CancelAppointmentByTicketSuccess:
    start: datetime
    facility: Facility


HoldSlotResult = Annotated[HoldSlotSuccess | HealthError, strawberry.union("HoldSlotResult")]
BookAppointmentResult = Annotated[
    BookAppointmentSuccess | HealthError, strawberry.union("BookAppointmentResult")
]
ReleaseHoldResult = Annotated[
    ReleaseHoldSuccess | HealthError, strawberry.union("ReleaseHoldResult")
]
RescheduleAppointmentResult = Annotated[
    RescheduleAppointmentSuccess | HealthError, strawberry.union("RescheduleAppointmentResult")
]
CancelAppointmentResult = Annotated[
    CancelAppointmentSuccess | HealthError, strawberry.union("CancelAppointmentResult")
]
CancelAppointmentByTicketResult = Annotated[
    CancelAppointmentByTicketSuccess | HealthError,
    strawberry.union("CancelAppointmentByTicketResult"),
]


@strawberry.type
class AppointmentsQuery:
    @strawberry.field(description="What you hold and booked, the latest start first.")
    async def my_appointments(
        self,
        info: Info,
        status: AppointmentStatus | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Appointment]:
        page = await info.context.services.health.booking.reading.of(
            info.context.caller, status, first, after
        )
        return Connection[Appointment].of(page, Appointment.of)

    @strawberry.field(description="One of your appointments; null if there is none of this id.")
    async def appointment(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument()]
    ) -> Appointment | None:
        found = await info.context.services.health.booking.reading.find(info.context.caller, id)
        return Appointment.of(found) if found else None


@strawberry.type
class AppointmentsMutation:
    @strawberry.mutation(
        description=f"Hold a place for {_MINUTES} minutes, in which nobody else can have it; at most"
        f" {HOLDS_AT_MOST} at once. Needs the consent HEALTH for the patient."
    )
    async def hold_slot(
        self, info: Info, input: Annotated[HoldSlotInput, strawberry.argument()]
    ) -> HoldSlotResult:
        held = await info.context.services.health.booking.holding.hold(
            info.context.caller,
            input.slot_id,
            input.patient_id,
            info.context.language,
            input.idempotency_key,
        )
        return HoldSlotSuccess(appointment=Appointment.of(held))

    @strawberry.mutation(description="Book a place that you hold; gives a number of the queue.")
    async def book_appointment(
        self, info: Info, input: Annotated[BookAppointmentInput, strawberry.argument()]
    ) -> BookAppointmentResult:
        named = language_of(input.language) if input.language else None
        booked = await info.context.services.health.booking.booking.book(
            info.context.caller,
            input.appointment_id,
            Wish(input.reason, input.payment, named or info.context.language),
            input.idempotency_key,
        )
        return BookAppointmentSuccess(appointment=Appointment.of(booked))

    @strawberry.mutation(description="Let go of a place that you hold.")
    async def release_hold(
        self, info: Info, input: Annotated[ReleaseHoldInput, strawberry.argument()]
    ) -> ReleaseHoldResult:
        released = await info.context.services.health.booking.holding.release(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return ReleaseHoldSuccess(appointment=Appointment.of(released))

    @strawberry.mutation(
        description="Have another place instead, in one step: when it is taken meanwhile, you keep"
        " what you have."
    )
    async def reschedule_appointment(
        self, info: Info, input: Annotated[RescheduleAppointmentInput, strawberry.argument()]
    ) -> RescheduleAppointmentResult:
        moved = await info.context.services.health.booking.rescheduling.reschedule(
            info.context.caller, input.appointment_id, input.new_slot_id, input.idempotency_key
        )
        return RescheduleAppointmentSuccess(appointment=Appointment.of(moved))

    @strawberry.mutation(description="Cancel before the start; the place is free at once.")
    async def cancel_appointment(
        self, info: Info, input: Annotated[CancelAppointmentInput, strawberry.argument()]
    ) -> CancelAppointmentResult:
        cancelled = await info.context.services.health.booking.cancelling.cancel(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return CancelAppointmentSuccess(appointment=Appointment.of(cancelled))

    @strawberry.mutation(
        description='"I can\'t come", by the ticket of a reminder, without signing in; good for one'
        " appointment, again and again."
    )
    async def cancel_appointment_by_ticket(
        self, info: Info, ticket: str
    ) -> CancelAppointmentByTicketResult:
        health = info.context.services.health
        cancelled = await health.booking.cancelling.cancel_by_ticket(ticket)
        return CancelAppointmentByTicketSuccess(
            start=cancelled.start,
            facility=Facility.of(health.places.library.facility(cancelled.facility_id)),
        )


def _id(id: str | None) -> strawberry.ID | None:
    return None if id is None else strawberry.ID(id)
