"""Who works at the desk of a facility, and what of it is theirs; checked once more where something is written."""

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.schedules.errors import SessionNotFound
from api.health.schedules.records import ClinicSession
from api.health.schedules.session_repository import SessionRepository
from api.kit.audit_log import AuditEntry, Details
from api.kit.ids import is_id
from api.kit.store import Store

_OF_NO_DESK = frozenset({AppointmentStatus.PENDING, AppointmentStatus.WAITLIST})
"""Nobody has booked yet: the desk does not see who may."""


def desk_entry(
    actor: str, action: str, subject: str, facility_id: str, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what somebody at a facility's desk did or read."""
    return AuditEntry(actor, action, subject, str(_scope(facility_id)), details)


class DeskAccess:
    """Whoever is not of the desk is answered as if the session or the appointment were not there."""

    def __init__(
        self, store: Store, sessions: SessionRepository, appointments: AppointmentRepository
    ) -> None:
        self._grants = Grants(store)
        self._sessions = sessions
        self._appointments = appointments

    def clerk(self, caller: Caller, facility_id: str) -> str:
        """Return the id of the person, who is a clerk there. Raises NotSignedIn, NotAllowed."""
        person_id = caller.person()
        if not _is_clerk(caller, facility_id):
            raise NotAllowed
        return person_id

    async def session(self, caller: Caller, session_id: str) -> ClinicSession:
        """Return a session of the clerk's facility. Raises NotSignedIn, SessionNotFound."""
        caller.person()
        session = await self._sessions.get(session_id) if is_id(session_id) else None
        if session is None or not _is_clerk(caller, session.facility_id):
            raise SessionNotFound
        return session

    async def appointment(self, caller: Caller, appointment_id: str) -> Appointment:
        """Return an appointment at the clerk's facility. Raises NotSignedIn, AppointmentNotFound."""
        caller.person()
        appointment = await self._appointments.get(appointment_id)
        if (
            appointment is None
            or appointment.status in _OF_NO_DESK
            or not _is_clerk(caller, appointment.facility_id)
        ):
            raise AppointmentNotFound
        return appointment

    async def hold_clerk(self, person_id: str, facility_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        if not await self._grants.is_held(person_id, Grant(Role.CLERK, _scope(facility_id))):
            raise NotAllowed


def _is_clerk(caller: Caller, facility_id: str) -> bool:
    # Compared by text: an id that no scope can have is one that nobody is a clerk of.
    return any(
        grant.role is Role.CLERK
        and grant.scope.kind is ScopeKind.FACILITY
        and grant.scope.id == facility_id
        for grant in caller.grants
    )


def _scope(facility_id: str) -> Scope:
    return Scope(ScopeKind.FACILITY, facility_id)
