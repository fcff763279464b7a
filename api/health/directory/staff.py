"""Who works at the desk of a facility."""

from api.accounts.staff.clerks import Clerks
from api.health.directory.facility import FacilityLibrary, clerk_scope
from api.kit.audit_log import AuditEntry, Details
from api.kit.store import Store


def desk_entry(
    actor: str, action: str, subject: str, facility_id: str, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what somebody at a facility's desk did or read."""
    _, scope = clerk_scope(facility_id)
    return AuditEntry(actor, action, subject, str(scope), details)


class FacilityStaff(Clerks):
    def __init__(self, store: Store, library: FacilityLibrary) -> None:
        super().__init__(store, clerk_scope, library.facility)
