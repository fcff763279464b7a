"""Visits that took place: completed appointments, of the person or of somebody for whom they act."""

from api.accounts.caller import Caller
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.record.owners import Owners

VISITS_AT_MOST = 100


class Visits:
    def __init__(self, appointments: AppointmentRepository, owners: Owners) -> None:
        self._appointments = appointments
        self._owners = owners

    async def of(self, caller: Caller, patient_id: str | None) -> list[Appointment]:
        """Return the latest visits, the latest first. Raises NotSignedIn, PatientNotFound."""
        person_id = caller.person()
        await self._owners.check(person_id, patient_id)
        found = await self._appointments.of_booker(person_id, (AppointmentStatus.FULFILLED,))
        own = [one for one in found if one.dependant_id == patient_id]
        return own[:VISITS_AT_MOST]
