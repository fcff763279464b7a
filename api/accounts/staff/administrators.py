"""The first administrators, made by whoever operates the machines; all other roles come by invitation."""

from dataclasses import dataclass

from api.accounts.sign_in.addresses import address_of
from api.accounts.sign_in.service import SignIn
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import way_of
from api.accounts.staff.grants import ADMINISTRATION, Grants
from api.accounts.staff.members import Member, Members
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact

OPERATOR = "cli"
"""Who acts, and by which right, in the audit log."""


@dataclass(frozen=True, slots=True, repr=False)
class Appointed:
    """`address`: masked; `is_new_account`: made just now; `is_new`: was no administrator before."""

    person_id: str
    address: str
    is_new_account: bool
    is_new: bool


class Administrators:
    def __init__(
        self,
        store: Store,
        sign_in: SignIn,
        grants: Grants,
        members: Members,
        sessions: Sessions,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sign_in = sign_in
        self._grants = grants
        self._members = members
        self._sessions = sessions
        self._audit = audit
        self._clock = clock

    async def appoint(self, typed: str, language: str) -> Appointed:
        """Make whoever signs in with an address an administrator; a second time changes nothing.

        With an address that nobody signs in with, an account is made, which speaks `language`.
        Raises InvalidAddress, NotFound for an account that is being erased.
        """
        address = address_of(typed)
        way = way_of(address, self._clock())

        async def work() -> Appointed:
            person_id, is_new_account = await self._sign_in.account_behind(way, language)
            is_new = await self._grants.add(person_id, ADMINISTRATION)
            if is_new:
                await self._sessions.access_changed(person_id)
                await self._note("administrator.appoint", person_id, {"account": is_new_account})
            return Appointed(person_id, address.masked, is_new_account, is_new)

        return await transact(self._store, work)

    async def all(self) -> list[Member]:
        """Return the administrators, and note that they were read."""
        person_ids = await self._grants.holders([ADMINISTRATION])
        members = await self._members.of(person_ids, [ADMINISTRATION])
        await self._note("staff.read", str(ADMINISTRATION.scope), {"found": len(members)})
        return members

    async def _note(self, action: str, subject: str, details: Details) -> None:
        await self._audit.append(AuditEntry(OPERATOR, action, subject, OPERATOR, details))
