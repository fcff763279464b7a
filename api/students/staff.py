"""Who works in the office of a school, or stands at its gate: checked once more where something is written."""

from api.accounts.caller import Caller, Grant
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.kit.audit_log import AuditEntry, Details
from api.kit.store import Store
from api.students.schools.school import SchoolLibrary, clerk_scope


def office_entry(
    actor: str, action: str, subject: str, school_id: str, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what somebody of a school's office did or read."""
    _, scope = clerk_scope(school_id)
    return AuditEntry(actor, action, subject, str(scope), details)


class SchoolStaff:
    def __init__(self, store: Store, library: SchoolLibrary) -> None:
        self._grants = Grants(store)
        self._library = library

    def clerk(self, caller: Caller, school_id: str) -> str:
        """Return the id of the person, who is a clerk of this school.

        Raises NotSignedIn, NotAllowed, SchoolNotFound.
        """
        role, scope = clerk_scope(school_id)
        person_id = caller.require(role, scope)
        self._library.school(school_id)
        return person_id

    def is_clerk(self, caller: Caller, school_id: str) -> bool:
        role, scope = clerk_scope(school_id)
        return caller.holds(role, scope)

    async def hold_clerk(self, person_id: str, school_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        role, scope = clerk_scope(school_id)
        if not await self._grants.is_held(person_id, Grant(role, scope)):
            raise NotAllowed
