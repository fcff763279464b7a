"""Who holds which role at a place, and taking roles back."""

from api.accounts.caller import Caller, Grant, Scope
from api.accounts.errors import NotAllowed
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WaysIn
from api.accounts.staff.errors import RoleNotHeld
from api.accounts.staff.grants import ADMINISTRATION, Grants, grants_at, right_to_read
from api.accounts.staff.invitations import InvitationRepository
from api.accounts.staff.members import Member, Members
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.ids import is_id
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store
from api.kit.transactions import transact

_BY_ID = Listing("staff", (str,))
OWN = "own"
"""What gave the right to give up one's own role."""


class Roster:
    def __init__(
        self,
        store: Store,
        grants: Grants,
        members: Members,
        invitations: InvitationRepository,
        ways: WaysIn,
        sessions: Sessions,
        audit: AuditLog,
    ) -> None:
        self._store = store
        self._grants = grants
        self._members = members
        self._invitations = invitations
        self._ways = ways
        self._sessions = sessions
        self._audit = audit

    async def at(self, caller: Caller, scope: Scope, first: int, after: str | None) -> Page[Member]:
        """Return who holds a role at a place, and note that it was read.

        Raises NotSignedIn, NotAllowed and PageProblem.
        """
        right = right_to_read(caller)
        start = _BY_ID.values(after)
        grants = grants_at(scope)
        person_ids = await self._grants.holders(
            grants, limit=checked_first(first) + 1, after=start[0] if start else ""
        )
        found = await self._members.of(person_ids, grants)
        page = _BY_ID.page(found, first=first, after=after, values=lambda one: (one.person_id,))
        details = {"found": len(page.items)}
        await self._audit.append(
            AuditEntry(caller.person(), "staff.read", str(scope), str(right), details)
        )
        return page

    async def revoke(self, caller: Caller, person_id: str, grant: Grant) -> None:
        """Take a role back, at once: somebody else's as an administrator, or one's own.

        What an administrator offered to others ends with that role. Raises NotSignedIn, NotAllowed,
        RoleNotHeld and LastAdministrator.
        """
        actor = caller.person()
        is_own = person_id == actor
        if not is_own:
            caller.require(ADMINISTRATION.role, ADMINISTRATION.scope)

        async def work() -> None:
            # Again, in the transaction: the caller's role may have been taken back meanwhile.
            if not is_own and not await self._grants.is_held(actor, ADMINISTRATION):
                raise NotAllowed
            if not is_id(person_id) or not await self._grants.take_back(person_id, grant):
                raise RoleNotHeld
            details: dict[str, str | int] = {"grant": str(grant)}
            if grant == ADMINISTRATION:
                details["withdrawn"] = await self._invitations.withdraw_all_by(person_id)
            await self._sessions.access_changed(person_id)
            right = OWN if is_own else str(ADMINISTRATION)
            await self._audit.append(AuditEntry(actor, "role.revoke", person_id, right, details))

        await transact(self._store, work)

    async def let_go(self, person_id: str) -> None:
        """Take every role from a person who leaves, and end what they offer and are offered.

        Joins the open transaction, before the person's addresses go. Raises LastAdministrator.
        """
        way_ids = [way_id for way_id, _ in await self._ways.of_person(person_id)]
        withdrawn = await self._invitations.withdraw_all_by(person_id)
        await self._invitations.withdraw_all_to(way_ids)
        for grant in sorted(await self._grants.take_back_all(person_id), key=str):
            details: dict[str, str | int] = {"grant": str(grant)}
            if grant == ADMINISTRATION:
                details["withdrawn"] = withdrawn
            await self._audit.append(AuditEntry(person_id, "role.revoke", person_id, OWN, details))
