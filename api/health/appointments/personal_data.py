"""What is kept of a person's appointments, to be handed over and to be forgotten (PersonalData)."""

from typing import Any

from api.health.appointments.forgetting import Forgetting
from api.health.appointments.records import Appointment
from api.health.appointments.repository import AppointmentRepository
from api.kit.errors import N_


class AppointmentData:
    name = "appointments"
    explanation = N_("Appointments at hospitals and clinics, yours and of those for whom you act.")

    def __init__(self, appointments: AppointmentRepository, forgetting: Forgetting) -> None:
        self._appointments = appointments
        self._forgetting = forgetting

    async def held_of(self, person_id: str) -> list[dict[str, Any]]:
        return list(map(_appointment, await self._appointments.of_booker(person_id, ())))

    async def erase(self, person_id: str) -> None:
        await self._forgetting.forget_person(person_id)


def _appointment(one: Appointment) -> dict[str, Any]:
    moments = {
        "heldUntil": one.held_until,
        "bookedAt": one.booked_at,
        "checkedInAt": one.checked_in_at,
        "calledAt": one.called_at,
        "endedAt": one.ended_at,
    }
    return {
        "id": one.id,
        "facility": one.facility_id,
        "service": one.service_id,
        "practitioner": one.practitioner_id,
        "dependant": one.dependant_id,
        "patient": one.patient_name,
        "reason": one.reason,
        "payment": one.payment,
        "language": one.language,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "status": one.status.value,
        "queueNumber": one.queue_number,
        "cancelledBy": one.cancelled_by and one.cancelled_by.value,
        "movedTo": one.moved_to,
        "createdAt": one.created_at.isoformat(),
        **{name: moment and moment.isoformat() for name, moment in moments.items()},
    }
