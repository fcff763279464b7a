"""A patient of a facility, as its desk sees them, in the contract."""

from datetime import datetime

import strawberry

from api.context import Info
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.desk.day_lists import DeskPatient as PatientRecord
from api.health.directory.records import Payment
from api.health.directory.schema import HealthcareService


@strawberry.type(description="A patient of the day, for the desk of the facility.")
class DeskPatient:
    appointment_id: strawberry.ID
    session_id: strawberry.ID
    number: int | None = strawberry.field(description="Of the session's queue.")
    name: str
    birth_year: int | None = strawberry.field(description="Of who came without an appointment.")
    reason: str | None = strawberry.field(description="Why they come, as they wrote or said it.")
    payment: Payment | None
    status: AppointmentStatus
    is_walk_in: bool = strawberry.field(description="Came without an appointment.")
    start: datetime = strawberry.field(description="Of the place; of a walk-in: when they came.")
    checked_in_at: datetime | None
    called_at: datetime | None
    ended_at: datetime | None
    record: strawberry.Private[Appointment]

    @classmethod
    def of(cls, record: PatientRecord) -> "DeskPatient":
        appointment = record.appointment
        return cls(
            appointment_id=strawberry.ID(appointment.id),
            session_id=strawberry.ID(appointment.session_id),
            number=appointment.queue_number,
            name=appointment.patient_name,
            birth_year=record.birth_year,
            reason=appointment.reason,
            payment=Payment(appointment.payment) if appointment.payment else None,
            status=appointment.status,
            is_walk_in=record.is_walk_in,
            start=appointment.start,
            checked_in_at=appointment.checked_in_at,
            called_at=appointment.called_at,
            ended_at=appointment.ended_at,
            record=appointment,
        )

    @strawberry.field
    async def service(self, info: Info) -> HealthcareService:
        return await HealthcareService.loaded(info, self.record.service_id)


async def desk_patient(info: Info, appointment: Appointment) -> DeskPatient:
    """Return whom the desk has just done something with."""
    return DeskPatient.of(await info.context.services.health.desk.lists.one(appointment))
