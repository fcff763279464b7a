"""Builds what concerns staff, over what accounts have already."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.service import SignIn
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WaysIn
from api.accounts.staff.administrators import Administrators
from api.accounts.staff.grants import GRANT_TURNS, Grants
from api.accounts.staff.institutions import Institutions
from api.accounts.staff.invitations import INVITATIONS, InvitationRepository
from api.accounts.staff.inviting import Inviting
from api.accounts.staff.members import Members
from api.accounts.staff.personal_data import RolesData
from api.accounts.staff.roster import Roster
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.sealing import Sealer
from api.kit.store import Store
from notifications.texts import Texts

STAFF_COLLECTIONS = (GRANT_TURNS, INVITATIONS)


@dataclass(frozen=True, slots=True)
class StaffServices:
    """`data`: what is kept of a person's roles."""

    data: RolesData
    invitations: InvitationRepository
    inviting: Inviting
    roster: Roster
    administrators: Administrators


def staff_on(
    store: Store,
    sealer: Sealer,
    accounts: AccountRepository,
    ways: WaysIn,
    sign_in: SignIn,
    sessions: Sessions,
    texts: Texts,
    caps: SendCaps,
    institutions: Institutions,
    audit: AuditLog,
    idempotency: Idempotency,
    clock: Clock,
) -> StaffServices:
    """Build the services."""
    grants = Grants(store)
    invitations = InvitationRepository(store, sealer)
    members = Members(accounts, ways)
    return StaffServices(
        data=RolesData(accounts, invitations),
        invitations=invitations,
        inviting=Inviting(
            store,
            invitations,
            grants,
            ways,
            sessions,
            texts,
            caps,
            institutions,
            audit,
            idempotency,
            clock,
        ),
        roster=Roster(store, grants, members, invitations, ways, sessions, audit),
        administrators=Administrators(store, sign_in, grants, members, sessions, audit, clock),
    )
