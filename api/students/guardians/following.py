"""From an invitation to a guardianship: the guardian agrees, and the school or another guardian confirms.

The guardian's consent alone shows a pupil to nobody: an invitation may have gone to a wrong number.
"""

from collections.abc import Sequence
from typing import Any

from api.accounts.caller import Caller
from api.accounts.sign_in.ways_in import WaysIn
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import DuplicateKey, Store, WriteConflict
from api.kit.transactions import transact
from api.students.guardians.access import PupilAccess
from api.students.guardians.consent import RecordConsent
from api.students.guardians.errors import (
    GuardianAlready,
    GuardianshipNotFound,
    InvitationEnded,
    NoSuchChild,
    OwnConfirmation,
    StudentConsentMissing,
    TooManyGuardians,
)
from api.students.guardians.guardianship import (
    GUARDIANS_AT_MOST,
    GuardianClaim,
    GuardianInvitation,
    GuardianRepository,
    Guardianship,
    GuardianState,
)
from api.students.pupils.repository import PupilRepository
from api.students.schools.school import clerk_scope
from api.students.staff import SchoolStaff, office_entry

_WAITING = Listing("students.waiting_guardians", (str,))
_GUARDIAN = "guardian"
"""What gave the right to somebody who is no staff."""


class Following:
    def __init__(
        self,
        store: Store,
        guardians: GuardianRepository,
        pupils: PupilRepository,
        access: PupilAccess,
        consent: RecordConsent,
        staff: SchoolStaff,
        ways: WaysIn,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._guardians = guardians
        self._pupils = pupils
        self._access = access
        self._consent = consent
        self._staff = staff
        self._ways = ways
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def invitations(self, caller: Caller) -> list[GuardianInvitation]:
        """Return what the caller may accept, the newest first. Raises NotSignedIn."""
        way_ids = await self._way_ids(caller.person())
        return await self._guardians.invitations_to(way_ids, self._clock())

    async def accept(
        self, caller: Caller, invitation_id: str, dependant_id: str, idempotency_key: str
    ) -> Guardianship:
        """Agree to follow a pupil, who is one of the caller's dependants; then it waits.

        Raises NotSignedIn, InvitationEnded (also after five tries), NoSuchChild,
        StudentConsentMissing, GuardianAlready, TooManyGuardians and IdempotencyProblem.
        """
        person_id = caller.person()
        way_ids = await self._way_ids(person_id)
        tried = False

        async def work() -> dict[str, Any]:
            invitation = await self._guardians.use(invitation_id, way_ids, self._clock())
            if invitation is None or not tried:
                raise InvitationEnded
            guardianship = self._new(invitation, person_id, dependant_id)
            await self._check(guardianship)
            await self._add(guardianship)
            await self._note(person_id, "guardian.accept", guardianship, _GUARDIAN)
            return {"id": guardianship.id}

        # Outside, for a refusal must not undo it: else the birth date could be found by trying.
        tried = await self._guardians.count_try(invitation_id, way_ids, self._clock())
        asked = {"invitation": invitation_id, "dependant": dependant_id}
        result = await self._idempotency.once(
            person_id, "acceptGuardianship", idempotency_key, asked, work
        )
        return await self._found(result["id"])

    async def confirm(self, caller: Caller, id: str) -> Guardianship:
        """Confirm one that waits, as the school's office or as another guardian; again and again.

        Raises NotSignedIn, GuardianshipNotFound, OwnConfirmation.
        """
        person_id = caller.person()
        seen = await self._found(id)
        right = await self._right(caller, seen)
        if seen.person_id == person_id:
            raise OwnConfirmation

        async def work() -> Guardianship:
            await self._hold_right(person_id, seen, right)
            confirmed = await self._guardians.confirm(id, self._clock())
            if confirmed is None:
                return await self._found(id)
            await self._note(person_id, "guardian.confirm", confirmed, right)
            return confirmed

        return await transact(self._store, work)

    async def end(self, caller: Caller, id: str) -> None:
        """End a guardianship: one's own, or as the school's office any of its pupils'.

        An invitation to the caller is refused by its own id. Raises NotSignedIn, GuardianshipNotFound.
        """
        person_id = caller.person()
        seen = await self._guardians.get(id)
        if seen is None:
            await self._refuse(person_id, id)
            return
        is_own = seen.person_id == person_id
        if not is_own and not self._staff.is_clerk(caller, seen.school_id):
            raise GuardianshipNotFound
        right = _GUARDIAN if is_own else str(clerk_scope(seen.school_id)[1])

        async def work() -> None:
            if not is_own:
                await self._staff.hold_clerk(person_id, seen.school_id)
            if await self._guardians.end(id) is None:
                raise GuardianshipNotFound
            await self._note(person_id, "guardian.end", seen, right)

        await transact(self._store, work)

    async def _refuse(self, person_id: str, invitation_id: str) -> None:
        """Refuse an open invitation to one's own address. Raises GuardianshipNotFound."""
        way_ids = await self._way_ids(person_id)

        async def work() -> None:
            invitation = await self._guardians.use(invitation_id, way_ids, self._clock())
            if invitation is None:
                raise GuardianshipNotFound
            details = {"invitation": invitation.id}
            await self._audit.append(
                AuditEntry(person_id, "guardian.refuse", invitation.pupil_id, _GUARDIAN, details)
            )

        await transact(self._store, work)

    async def waiting(
        self, caller: Caller, school_id: str, first: int, after: str | None
    ) -> Page[GuardianClaim]:
        """Return what waits for a school to confirm, with who says what, and note that it was read.

        Raises NotSignedIn, NotAllowed, SchoolNotFound and PageProblem.
        """
        person_id = self._staff.clerk(caller, school_id)
        start = _WAITING.values(after)
        found = await self._guardians.waiting(
            school_id, after=start[0] if start else "", limit=checked_first(first) + 1
        )
        page = _WAITING.page(
            await self._claims(found),
            first=first,
            after=after,
            values=lambda claim: (claim.guardianship.id,),
        )
        details: Details = {"found": len(page.items)}
        await self._audit.append(
            office_entry(person_id, "guardianships.read", school_id, school_id, details)
        )
        return page

    async def _claims(self, waiting: Sequence[Guardianship]) -> list[GuardianClaim]:
        pupils = await self._pupils.get_many([one.pupil_id for one in waiting])
        return [
            GuardianClaim(
                one,
                pupils[one.pupil_id].details.name,
                await self._consent.relation(one.person_id, one.dependant_id),
            )
            for one in waiting
            if one.pupil_id in pupils
        ]

    async def _right(self, caller: Caller, one: Guardianship) -> str:
        """Return by what the caller may confirm it. Raises GuardianshipNotFound."""
        if self._staff.is_clerk(caller, one.school_id):
            return str(clerk_scope(one.school_id)[1])
        followers = await self._access.followers(one.pupil_id)
        is_own = one.person_id == caller.person()
        if not is_own and all(each.person_id != caller.person() for each in followers):
            raise GuardianshipNotFound
        return _GUARDIAN

    async def _hold_right(self, person_id: str, one: Guardianship, right: str) -> None:
        if right == _GUARDIAN:
            await self._access.hold_guardian(person_id, one.pupil_id)
        else:
            await self._staff.hold_clerk(person_id, one.school_id)

    async def _check(self, one: Guardianship) -> None:
        """Raise NoSuchChild, StudentConsentMissing, TooManyGuardians, InvitationEnded."""
        pupil = await self._pupils.get(one.pupil_id)
        if pupil is None or pupil.left_on is not None:
            raise InvitationEnded
        await self._consent.hold(one.person_id)
        await self._pupils.hold(one.pupil_id)
        born_on = await self._consent.born_on(one.person_id, one.dependant_id)
        if born_on is None or born_on != pupil.details.born_on:
            raise NoSuchChild
        if not await self._consent.is_given(one.person_id, one.dependant_id):
            raise StudentConsentMissing
        if len(await self._guardians.of_pupil(one.pupil_id)) >= GUARDIANS_AT_MOST:
            raise TooManyGuardians(most=GUARDIANS_AT_MOST)

    async def _add(self, one: Guardianship) -> None:
        if await self._guardians.between(one.person_id, one.pupil_id):
            raise GuardianAlready
        try:
            await self._guardians.add(one)
        except DuplicateKey as error:
            raise WriteConflict from error

    def _new(
        self, invitation: GuardianInvitation, person_id: str, dependant_id: str
    ) -> Guardianship:
        return Guardianship(
            id=new_id(),
            pupil_id=invitation.pupil_id,
            school_id=invitation.school_id,
            person_id=person_id,
            dependant_id=dependant_id,
            state=GuardianState.WAITING,
            accepted_at=self._clock(),
            invited_address=invitation.address.masked,
        )

    async def _found(self, id: str) -> Guardianship:
        found = await self._guardians.get(id)
        if found is None:
            raise GuardianshipNotFound
        return found

    async def _way_ids(self, person_id: str) -> list[str]:
        return [way_id for way_id, _ in await self._ways.of_person(person_id)]

    async def _note(self, actor: str, action: str, one: Guardianship, right: str) -> None:
        details = {"guardianship": one.id}
        await self._audit.append(AuditEntry(actor, action, one.pupil_id, right, details))
