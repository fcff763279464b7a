"""Who works for an agency: checked once more where something is written."""

from typing import Protocol

from api.accounts.caller import Caller
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.feedback.agencies.agency import Agency, AgencyLibrary
from api.kit.audit_log import AuditEntry, Details
from api.kit.store import Store

_SYSTEM = "system:"
"""Begins what stands for a system where else the id of a person stands; no such id holds a colon."""


class AgencySystems(Protocol):
    """Which system acts for which agency: ApiKeys, in the product."""

    async def acts_for(self, system_id: str, agency_id: str) -> bool: ...


class AgencyStaff:
    def __init__(self, store: Store, agencies: AgencyLibrary, systems: AgencySystems) -> None:
        self._grants = Grants(store)
        self._agencies = agencies
        self._systems = systems

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
        if person_id.startswith(_SYSTEM):
            system_id = person_id.removeprefix(_SYSTEM)
            is_held = await self._systems.acts_for(system_id, agency_id)
        else:
            clerks = self._agencies.agency(agency_id).clerks
            is_held = await self._grants.is_held(person_id, clerks)
        if not is_held:
            raise NotAllowed

    async def clerks_of(self, agency_ids: tuple[str, ...]) -> list[str]:
        """Return the ids of the people who answer for these agencies."""
        grants = [self._agencies.agency(one).clerks for one in agency_ids]
        return await self._grants.holders(grants)


def system_caller(system_id: str, agency: Agency) -> Caller:
    """Return what a system of the agency calls as: its clerk, under an id that is nobody's."""
    return Caller(person_id=f"{_SYSTEM}{system_id}", grants=frozenset({agency.clerks}))


def desk_entry(
    actor: str, action: str, subject: str, agency_id: str, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what a clerk did or read."""
    return AuditEntry(actor, action, subject, f"agency:{agency_id}", details)
