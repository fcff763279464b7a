"""The one way to a role, but for the operator's: an administrator invites, and whoever has the address accepts."""

from collections.abc import Mapping
from datetime import datetime

from api.accounts.caller import Caller, Grant, Scope
from api.accounts.errors import NotAllowed, NotFound
from api.accounts.sign_in.addresses import Address, address_of
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WayIn, WaysIn, way_of
from api.accounts.staff.errors import InvalidGrant, InvitesThemselves, RoleHeldAlready
from api.accounts.staff.grants import ADMINISTRATION, Grants, grants_at, right_to_read
from api.accounts.staff.institutions import Institutions
from api.accounts.staff.invitations import HOLDS_FOR, Invitation, InvitationRepository
from api.accounts.staff.messages import invitation_message
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import DuplicateKey, Store, WriteConflict
from api.kit.transactions import transact
from notifications.texts import Texts

_BY_ID = Listing("staff.invitations", (str,))


class Inviting:
    """Invitations hold while who invited is an administrator; nobody accepts their own."""

    def __init__(
        self,
        store: Store,
        invitations: InvitationRepository,
        grants: Grants,
        ways: WaysIn,
        sessions: Sessions,
        texts: Texts,
        caps: SendCaps,
        institutions: Institutions,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._invitations = invitations
        self._grants = grants
        self._ways = ways
        self._sessions = sessions
        self._texts = texts
        self._caps = caps
        self._institutions = institutions
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def invite(
        self, caller: Caller, typed: str, grant: Grant, language: str, idempotency_key: str
    ) -> Invitation:
        """Offer a role to whoever has an address, and tell them, in `language`.

        An open invitation of the same address to the same role is replaced. Raises NotSignedIn,
        NotAllowed, InvalidGrant at a facility or school that is none, InvalidAddress, RoleHeldAlready, InvitesThemselves, TooManyCodes and
        IdempotencyProblem.
        """
        person_id = caller.require(ADMINISTRATION.role, ADMINISTRATION.scope)
        if not self._institutions.is_known(grant.scope):
            raise InvalidGrant
        address = address_of(typed)
        way = way_of(address, self._clock())
        way_id = self._ways.index(way)

        async def work() -> dict[str, datetime | str]:
            behind = await self._invited(person_id, way, grant)
            invitation = self._new(address, way_id, grant, person_id)
            replaced = await self._put(invitation)
            await self._caps.count_invitation(address, person_id, self._clock())
            name = self._institutions.name_of(grant.scope, language)
            await self._texts.queue(invitation_message(invitation, name, language, behind))
            more = {"replaced": replaced} if replaced else {}
            await self._note(person_id, "invitation.add", invitation, more)
            times = {"invited_at": invitation.invited_at, "expires_at": invitation.expires_at}
            return {"id": invitation.id, **times}

        request = {"way": way_id, "grant": str(grant), "language": language}
        result = await self._idempotency.once(
            person_id, "inviteStaff", idempotency_key, request, work
        )
        return Invitation(
            address=address, way_id=way_id, grant=grant, invited_by=person_id, **result
        )

    async def accept(self, caller: Caller, invitation_id: str, idempotency_key: str) -> Grant:
        """Take a role that is offered to one of the caller's addresses.

        Raises NotSignedIn, NotFound and IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, str]:
            way_ids, inviters = await self._reaching(person_id)
            invitation = await self._invitations.use(
                invitation_id, way_ids, inviters, self._clock()
            )
            if invitation is None:
                raise NotFound
            await self._grants.add(person_id, invitation.grant)
            await self._sessions.access_changed(person_id)
            details = {
                "grant": str(invitation.grant),
                "invitation": invitation.id,
                "invited_by": invitation.invited_by,
            }
            await self._audit.append(
                AuditEntry(person_id, "role.accept", person_id, "invitation", details)
            )
            return {"grant": str(invitation.grant)}

        result = await self._idempotency.once(
            person_id, "acceptInvitation", idempotency_key, {"id": invitation_id}, work
        )
        grant = Grant.of(result["grant"])
        if not await self._grants.is_held(person_id, grant):
            raise NotFound  # taken back since this was accepted
        return grant

    async def withdraw(self, caller: Caller, invitation_id: str) -> None:
        """End an open invitation. Raises NotSignedIn, NotAllowed, NotFound."""
        person_id = caller.require(ADMINISTRATION.role, ADMINISTRATION.scope)

        async def work() -> None:
            await self._require_administrator(person_id)
            invitation = await self._invitations.withdraw(invitation_id, self._clock())
            if invitation is None:
                raise NotFound
            await self._note(person_id, "invitation.withdraw", invitation)

        await transact(self._store, work)

    async def to(self, caller: Caller) -> list[Invitation]:
        """Return what the caller may accept, the newest first. Raises NotSignedIn."""
        way_ids, inviters = await self._reaching(caller.person())
        return await self._invitations.to(way_ids, inviters, self._clock())

    async def at(
        self, caller: Caller, scope: Scope, first: int, after: str | None
    ) -> Page[Invitation]:
        """Return the open invitations to roles at a place, and note that they were read.

        Raises NotSignedIn, NotAllowed and PageProblem.
        """
        right = right_to_read(caller)
        start = _BY_ID.values(after)
        found = await self._invitations.at(
            grants_at(scope),
            self._clock(),
            limit=checked_first(first) + 1,
            after=start[0] if start else "",
        )
        page = _BY_ID.page(found, first=first, after=after, values=lambda one: (one.id,))
        details = {"found": len(page.items)}
        await self._audit.append(
            AuditEntry(caller.person(), "invitations.read", str(scope), str(right), details)
        )
        return page

    async def _invited(self, inviter: str, way: WayIn, grant: Grant) -> str | None:
        """Return who is behind the way already, if the inviter may invite them."""
        await self._require_administrator(inviter)
        behind = await self._ways.person_behind(way)
        if behind == inviter:
            raise InvitesThemselves
        if behind is not None and await self._grants.is_held(behind, grant):
            raise RoleHeldAlready
        return behind

    async def _require_administrator(self, person_id: str) -> None:
        # Again, in the transaction: what the request began with may have been taken back since.
        if not await self._grants.is_held(person_id, ADMINISTRATION):
            raise NotAllowed

    async def _reaching(self, person_id: str) -> tuple[list[str], list[str]]:
        """Return the addresses of a person, and those whose invitations this person may accept."""
        ways = await self._ways.of_person(person_id)
        administrators = await self._grants.holders([ADMINISTRATION])
        others = [each for each in administrators if each != person_id]
        return [way_id for way_id, _ in ways], others

    async def _put(self, invitation: Invitation) -> str | None:
        try:
            return await self._invitations.put(invitation)
        except DuplicateKey as error:
            raise WriteConflict from error  # somebody invites the same address: begin again

    def _new(self, address: Address, way_id: str, grant: Grant, inviter: str) -> Invitation:
        now = self._clock()
        return Invitation(new_id(), address, way_id, grant, inviter, now, now + HOLDS_FOR)

    async def _note(
        self, actor: str, action: str, invitation: Invitation, more: Mapping[str, str] | None = None
    ) -> None:
        details = {"grant": str(invitation.grant), **(more or {})}
        await self._audit.append(
            AuditEntry(actor, action, invitation.id, str(ADMINISTRATION), details)
        )
