"""Offices that are rated: agencies, and the institutions of other slices. Each is the scope of its clerks' roles."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Protocol

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants, grants_at
from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.satisfaction.errors import OwnOffice
from api.kit.audit_log import AuditEntry, Details
from api.kit.store import Store


class OfficeKind(StrEnum):
    """Of the scopes that a role may have, those that are rated."""

    AGENCY = auto()
    FACILITY = auto()

    def office(self, office_id: str) -> Scope:
        """Return the office of an id. Raises NotAllowed for what can be no id: nobody works there."""
        try:
            return Scope(ScopeKind(self.value), office_id)
        except ValueError as error:
            raise NotAllowed from error


class Institutions(Protocol):
    """What other slices know of offices that are no agencies: hospitals and clinics, in the product."""

    def names(self, office: Scope) -> Mapping[str, str] | None:
        """Return the names by BCP 47 tag, None for an office that is not there."""
        ...

    def is_named_on_locked_screens(self, office: Scope) -> bool:
        """Tell whether the name gives nothing of a person away."""
        ...


class Offices:
    def __init__(self, store: Store, agencies: AgencyLibrary, institutions: Institutions) -> None:
        self._grants = Grants(store)
        self._agencies = agencies
        self._institutions = institutions

    def names(self, office: Scope) -> Mapping[str, str] | None:
        """Return the names by BCP 47 tag, None for an office that is not there."""
        if office.kind is ScopeKind.AGENCY:
            agency = self._agencies.agencies.get(office.id)
            return agency.names if agency else None
        return self._institutions.names(office)

    def is_named_on_locked_screens(self, office: Scope) -> bool:
        is_agency = office.kind is ScopeKind.AGENCY
        return is_agency or self._institutions.is_named_on_locked_screens(office)

    def clerk(self, caller: Caller, office: Scope) -> str:
        """Return the id of the person, who is a clerk of the office.

        Raises NotSignedIn, NotAllowed (also for an office that there is not).
        """
        person_id = caller.require(Role.CLERK, office)
        if self.names(office) is None:
            raise NotAllowed
        return person_id

    async def hold_clerk(self, person_id: str, office: Scope) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        if not await self._grants.is_held(person_id, Grant(Role.CLERK, office)):
            raise NotAllowed

    async def check_is_not_own(self, person_id: str, office: Scope) -> None:
        """Raise OwnOffice for whoever has any role at the office; joins the open transaction."""
        for grant in grants_at(office):
            if await self._grants.is_held(person_id, grant):
                raise OwnOffice


def office_entry(
    actor: str, action: str, subject: str, office: Scope, details: Details
) -> AuditEntry:
    """Return the row of the audit log for what a clerk did or read."""
    return AuditEntry(actor, action, subject, str(office), details)
