"""A school's office invites whoever has an address to follow a pupil: the school's half of the agreement."""

from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Caller
from api.accounts.sign_in.addresses import Address, address_of
from api.accounts.sign_in.errors import InvalidAddress, TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn, way_of
from api.accounts.staff.institutions import Institutions
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import DuplicateKey, Store, WriteConflict
from api.kit.transactions import transact
from api.students.errors import PupilHasLeft
from api.students.guardians.access import PupilAccess
from api.students.guardians.errors import (
    AddressNotUnderstood,
    GuardianAlready,
    InvitationEnded,
    NoOpenInvitation,
    TooManyInvitations,
)
from api.students.guardians.guardianship import HOLDS_FOR, GuardianInvitation, GuardianRepository
from api.students.guardians.messages import guardian_message
from api.students.pupils.pupil import Pupil
from api.students.schools.school import clerk_scope
from api.students.staff import SchoolStaff, office_entry
from notifications.texts import Texts


@dataclass(frozen=True, slots=True)
class GuardianDoors:
    """What inviting needs of accounts and notifications."""

    ways: WaysIn
    caps: SendCaps
    texts: Texts
    names: Institutions


class GuardianInviting:
    def __init__(
        self,
        store: Store,
        guardians: GuardianRepository,
        access: PupilAccess,
        staff: SchoolStaff,
        doors: GuardianDoors,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._guardians = guardians
        self._access = access
        self._staff = staff
        self._doors = doors
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def invite(
        self, caller: Caller, pupil_id: str, typed: str, language: str, idempotency_key: str
    ) -> GuardianInvitation:
        """Invite whoever has an address, and tell them in `language`; replaces an open invitation.

        Raises NotSignedIn, PupilNotFound, PupilHasLeft, AddressNotUnderstood, GuardianAlready,
        TooManyInvitations and IdempotencyProblem.
        """
        pupil = await self._access.of_school(caller, pupil_id)
        if not pupil.is_here(day_in_vietnam(self._clock())):
            raise PupilHasLeft
        person_id, address = caller.person(), _address(typed)
        invitation = self._new(pupil, address, person_id)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, pupil.school_id)
            behind = await self._behind(invitation)
            await self._put(invitation)
            await self._count(address, person_id)
            name = self._doors.names.name_of(clerk_scope(pupil.school_id)[1], language)
            await self._doors.texts.queue(guardian_message(invitation, name, language, behind))
            await self._note(person_id, "guardian.invite", invitation)
            return {"id": invitation.id}

        asked = {"pupil": pupil_id, "way": invitation.way_id, "language": language}
        result = await self._idempotency.once(
            person_id, "inviteGuardian", idempotency_key, asked, work
        )
        found = await self._guardians.invitation(result["id"], self._clock())
        if found is None:
            raise InvitationEnded
        return found

    async def withdraw(self, caller: Caller, invitation_id: str, school_id: str) -> None:
        """End an open invitation. Raises NotSignedIn, NotAllowed, SchoolNotFound, NoOpenInvitation."""
        person_id = self._staff.clerk(caller, school_id)

        async def work() -> None:
            await self._staff.hold_clerk(person_id, school_id)
            invitation = await self._guardians.withdraw(invitation_id, school_id)
            if invitation is None:
                raise NoOpenInvitation
            await self._note(person_id, "guardian.withdraw", invitation)

        await transact(self._store, work)

    async def of(self, caller: Caller, pupil_id: str) -> list[GuardianInvitation]:
        """Return the open invitations of a pupil. Raises NotSignedIn, PupilNotFound."""
        await self._access.of_school(caller, pupil_id)
        return await self._guardians.invitations_of(pupil_id, self._clock())

    def _new(self, pupil: Pupil, address: Address, inviter: str) -> GuardianInvitation:
        now = self._clock()
        way_id = self._doors.ways.index(way_of(address, now))
        return GuardianInvitation(
            new_id(), pupil.id, pupil.school_id, address, way_id, inviter, now, now + HOLDS_FOR
        )

    async def _behind(self, invitation: GuardianInvitation) -> str | None:
        """Return who has the address. Raises GuardianAlready."""
        way = way_of(invitation.address, self._clock())
        behind = await self._doors.ways.person_behind(way)
        if behind and await self._guardians.between(behind, invitation.pupil_id):
            raise GuardianAlready
        return behind

    async def _put(self, invitation: GuardianInvitation) -> None:
        try:
            await self._guardians.invite(invitation)
        except DuplicateKey as error:
            raise WriteConflict from error  # somebody invites the same address: begin again

    async def _count(self, address: Address, person_id: str) -> None:
        try:
            await self._doors.caps.count_invitation(address, person_id, self._clock())
        except TooManyCodes as error:
            raise TooManyInvitations(error.retry_after_seconds) from error

    async def _note(self, actor: str, action: str, invitation: GuardianInvitation) -> None:
        pupil_id, school_id = invitation.pupil_id, invitation.school_id
        details: Details = {"invitation": invitation.id}
        await self._audit.append(office_entry(actor, action, pupil_id, school_id, details))


def _address(typed: str) -> Address:
    try:
        return address_of(typed)
    except InvalidAddress as error:
        raise AddressNotUnderstood from error
