"""What is kept of a person's roles, to be handed over and to be forgotten (PersonalData)."""

from typing import Any

from api.accounts.people.repository import AccountRepository
from api.accounts.staff.invitations import Invitation, InvitationRepository
from api.kit.errors import N_


class RolesData:
    """Roles and offers end when a person leaves (Roster.let_go); a second time does no harm."""

    name = "roles"
    explanation = N_("What you do for institutions, and the roles that you offered to others.")

    def __init__(self, accounts: AccountRepository, invitations: InvitationRepository) -> None:
        self._accounts = accounts
        self._invitations = invitations

    async def held_of(self, person_id: str) -> dict[str, Any]:
        account = await self._accounts.get(person_id)
        offered = await self._invitations.all_by(person_id)
        return {
            "roles": sorted(map(str, account.grants)) if account else [],
            "offered": list(map(_invitation, offered)),
        }

    async def erase(self, person_id: str) -> None:
        await self._invitations.withdraw_all_by(person_id)


def _invitation(invitation: Invitation) -> dict[str, Any]:
    # Without the address, which is somebody else's.
    return {
        "role": str(invitation.grant),
        "invitedAt": invitation.invited_at.isoformat(),
        "expiresAt": invitation.expires_at.isoformat(),
    }
