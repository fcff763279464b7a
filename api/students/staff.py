"""Who works in the office of a school, or stands at its gate."""

from api.accounts.staff.clerks import Clerks
from api.kit.audit_log import AuditEntry, Details
from api.kit.store import Store
from api.students.schools.school import SchoolLibrary, clerk_scope


def office_entry(
    actor: str, action: str, subject: str, school_id: str, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what somebody of a school's office did or read."""
    _, scope = clerk_scope(school_id)
    return AuditEntry(actor, action, subject, str(scope), details)


class SchoolStaff(Clerks):
    def __init__(self, store: Store, library: SchoolLibrary) -> None:
        super().__init__(store, clerk_scope, library.school)
