"""What of a facility's sessions and appointments is whose: to whoever is not of its desk they are not there."""

from api.accounts.caller import Caller
from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.staff import FacilityStaff
from api.health.schedules.errors import SessionNotFound
from api.health.schedules.records import ClinicSession
from api.health.schedules.session_repository import SessionRepository
from api.kit.ids import is_id

_OF_NO_DESK = frozenset({AppointmentStatus.PENDING, AppointmentStatus.WAITLIST})
"""Nobody has booked yet: the desk does not see who may."""


class DeskAccess:
    def __init__(
        self,
        sessions: SessionRepository,
        appointments: AppointmentRepository,
        staff: FacilityStaff,
    ) -> None:
        self._sessions = sessions
        self._appointments = appointments
        self._staff = staff

    def clerk(self, caller: Caller, facility_id: str) -> str:
        """Return the id of the person, who is a clerk there.

        Raises NotSignedIn, NotAllowed, FacilityNotFound.
        """
        return self._staff.clerk(caller, facility_id)

    async def session(self, caller: Caller, session_id: str) -> ClinicSession:
        """Return a session of the clerk's facility. Raises NotSignedIn, SessionNotFound."""
        caller.person()
        session = await self._sessions.get(session_id) if is_id(session_id) else None
        if session is None or not self._staff.is_clerk(caller, session.facility_id):
            raise SessionNotFound
        return session

    async def appointment(self, caller: Caller, appointment_id: str) -> Appointment:
        """Return an appointment at the clerk's facility. Raises NotSignedIn, AppointmentNotFound."""
        caller.person()
        appointment = await self._appointments.get(appointment_id)
        if (
            appointment is None
            or appointment.status in _OF_NO_DESK
            or not self._staff.is_clerk(caller, appointment.facility_id)
        ):
            raise AppointmentNotFound
        return appointment

    async def hold_clerk(self, person_id: str, facility_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        await self._staff.hold_clerk(person_id, facility_id)
