"""The rescue desks: one of the province, and one of each commune. Their ids are those of roles' scopes.

A desk is run by a CLERK of the AGENCY `rescue`, who sees the province, or `rescue-03006`, who sees that commune.
They are no other agency's clerks: who mends roads must not read where somebody in danger is.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.store import Store

PROVINCE_DESK = "rescue"
_DESK = re.compile(r"rescue(?:-(\d{5}))?")


@dataclass(frozen=True, slots=True)
class RescueDesk:
    """`commune_code`: what it sees; None for the whole province. `person_id`: who asks."""

    id: str
    commune_code: str | None
    person_id: str

    @property
    def right(self) -> Grant:
        return _right(self.id)

    def sees(self, communes: Collection[str]) -> bool:
        """Tell whether what is, or has been, in these communes (none: in none of ours) is the desk's."""
        return self.commune_code is None or self.commune_code in communes

    def entry(self, action: str, subject: str, details: Details) -> AuditEntry:
        """Return the row of the audit log for what was read or done here."""
        return AuditEntry(self.person_id, action, subject, f"agency:{self.id}", details)


class RescueDesks:
    def __init__(self, store: Store, audit: AuditLog) -> None:
        self._grants = Grants(store)
        self.audit = audit

    def of(self, caller: Caller, desk_id: str) -> RescueDesk:
        """Return the desk of the caller's. Raises NotSignedIn, NotAllowed (also: there is none)."""
        person_id = caller.person()
        found = _DESK.fullmatch(desk_id)
        if found is None:
            raise NotAllowed
        caller.require(_right(desk_id).role, _right(desk_id).scope)
        return RescueDesk(desk_id, found[1], person_id)

    async def hold(self, desk: RescueDesk) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        if not await self._grants.is_held(desk.person_id, desk.right):
            raise NotAllowed

    async def staff_for(self, communes: Collection[str]) -> list[str]:
        """Return the ids of the people at the province's desk and those of the communes."""
        desks = [PROVINCE_DESK, *(f"rescue-{commune_code}" for commune_code in communes)]
        return await self._grants.holders([_right(desk_id) for desk_id in desks])


def _right(desk_id: str) -> Grant:
    return Grant(Role.CLERK, Scope(ScopeKind.AGENCY, desk_id))
