"""Who works at the desk of a facility: checked once more where something is written."""

from api.accounts.caller import Caller, Grant
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.health.directory.facility import FacilityLibrary, clerk_scope
from api.kit.audit_log import AuditEntry, Details
from api.kit.store import Store


def desk_entry(
    actor: str, action: str, subject: str, facility_id: str, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what somebody at a facility's desk did or read."""
    _, scope = clerk_scope(facility_id)
    return AuditEntry(actor, action, subject, str(scope), details)


class FacilityStaff:
    def __init__(self, store: Store, library: FacilityLibrary) -> None:
        self._grants = Grants(store)
        self._library = library

    def clerk(self, caller: Caller, facility_id: str) -> str:
        """Return the id of the person, who is a clerk of this facility.

        Raises NotSignedIn, NotAllowed, FacilityNotFound.
        """
        role, scope = clerk_scope(facility_id)
        person_id = caller.require(role, scope)
        self._library.facility(facility_id)
        return person_id

    def is_clerk(self, caller: Caller, facility_id: str) -> bool:
        role, scope = clerk_scope(facility_id)
        return caller.holds(role, scope)

    async def hold_clerk(self, person_id: str, facility_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        role, scope = clerk_scope(facility_id)
        if not await self._grants.is_held(person_id, Grant(role, scope)):
            raise NotAllowed
