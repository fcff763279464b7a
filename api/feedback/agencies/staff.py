"""Who works for an agency: checked once more where something is written."""

from api.accounts.caller import Caller
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.feedback.agencies.agency import AgencyLibrary
from api.kit.audit_log import AuditEntry, Details
from api.kit.store import Store


class AgencyStaff:
    def __init__(self, store: Store, agencies: AgencyLibrary) -> None:
        self._grants = Grants(store)
        self._agencies = agencies

    def clerk(self, caller: Caller, agency_id: str) -> str:
        """Return the id of the person, who is a clerk of the agency.

        Raises NotSignedIn, NotAllowed (also for an agency that there is not).
        """
        person_id = caller.person()
        agency = self._agencies.agencies.get(agency_id)
        if agency is None or agency.clerks not in caller.grants:
            raise NotAllowed
        return person_id

    async def hold_clerk(self, person_id: str, agency_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        if not await self._grants.is_held(person_id, self._agencies.agency(agency_id).clerks):
            raise NotAllowed

    async def clerks_of(self, agency_ids: tuple[str, ...]) -> list[str]:
        """Return the ids of the people who answer for these agencies."""
        grants = [self._agencies.agency(one).clerks for one in agency_ids]
        return await self._grants.holders(grants)


def desk_entry(
    actor: str, action: str, subject: str, agency_id: str, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what a clerk did or read."""
    return AuditEntry(actor, action, subject, f"agency:{agency_id}", details)
