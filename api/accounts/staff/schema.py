from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.caller import Grant, Role, ScopeKind
from api.accounts.devices.requests import our_language
from api.accounts.staff.grants import grant_of, scope_of
from api.accounts.staff.invitations import HOLDS_FOR
from api.accounts.staff.invitations import Invitation as InvitationRecord
from api.accounts.staff.members import Member
from api.context import Info
from api.kit.pagination import Connection

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_SCOPE_ID = "Of the agency, facility, school or merchant; null for the province."

strawberry.enum(
    Role,
    description="What somebody does for an institution. Residents and visitors need no role.",
)
strawberry.enum(
    ScopeKind, description="What a role is bound to. All but PROVINCE have an id besides."
)


@strawberry.type(description="A role at a place.")
class HeldRole:
    role: Role
    scope_kind: ScopeKind
    scope_id: strawberry.ID | None = strawberry.field(description=_SCOPE_ID)

    @classmethod
    def of(cls, grant: Grant) -> "HeldRole":
        scope = grant.scope
        scope_id = strawberry.ID(scope.id) if scope.id else None
        return cls(role=grant.role, scope_kind=scope.kind, scope_id=scope_id)


@strawberry.type(description="Somebody who holds a role at the place that was asked about.")
class StaffMember:
    person_id: strawberry.ID
    name: str | None
    addresses: list[str] = strawberry.field(description="Mostly hidden.")
    roles: list[HeldRole] = strawberry.field(description="At this place.")

    @classmethod
    def of(cls, member: Member) -> "StaffMember":
        return cls(
            person_id=strawberry.ID(member.person_id),
            name=member.name,
            addresses=list(member.addresses),
            roles=[HeldRole.of(grant) for grant in member.grants],
        )


@strawberry.type(description="A role that waits for whoever has the address.")
class Invitation:
    id: strawberry.ID
    sent_to: str = strawberry.field(description="The address, mostly hidden.")
    role: HeldRole
    invited_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, record: InvitationRecord) -> "Invitation":
        return cls(
            id=strawberry.ID(record.id),
            sent_to=record.address.masked,
            role=HeldRole.of(record.grant),
            invited_at=record.invited_at,
            expires_at=record.expires_at,
        )


@strawberry.type
class StaffFields:
    """What concerns staff of the person who is asking."""

    @strawberry.field(description="What you do for institutions.")
    async def roles(self, info: Info) -> list[HeldRole]:
        return [HeldRole.of(grant) for grant in sorted(info.context.caller.grants, key=str)]

    @strawberry.field(description="Roles that you may accept, the newest first.")
    async def invitations(self, info: Info) -> list[Invitation]:
        inviting = info.context.services.accounts.staff.inviting
        return [Invitation.of(record) for record in await inviting.to(info.context.caller)]


@strawberry.input
class InviteStaffInput:
    address: str = strawberry.field(description="A phone number, or an e-mail address.")
    role: Role
    scope_kind: ScopeKind
    scope_id: strawberry.ID | None = strawberry.field(default=None, description=_SCOPE_ID)
    language: str | None = strawberry.field(
        default=None, description="BCP 47 tag of the message's language; absent: Accept-Language."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} invitation.")


@strawberry.input
class AcceptInvitationInput:
    id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} invitation.")


@strawberry.input
class WithdrawInvitationInput:
    id: strawberry.ID


@strawberry.input
class RevokeRoleInput:
    person_id: strawberry.ID
    role: Role
    scope_kind: ScopeKind
    scope_id: strawberry.ID | None = strawberry.field(default=None, description=_SCOPE_ID)


@strawberry.type
class InviteStaffSuccess:
    invitation: Invitation


@strawberry.type
class AcceptInvitationSuccess:
    role: HeldRole


@strawberry.type
class WithdrawInvitationSuccess:
    id: strawberry.ID


@strawberry.type
class RevokeRoleSuccess:
    person_id: strawberry.ID
    role: HeldRole


InviteStaffResult = Annotated[
    InviteStaffSuccess | AccountError, strawberry.union("InviteStaffResult")
]
AcceptInvitationResult = Annotated[
    AcceptInvitationSuccess | AccountError, strawberry.union("AcceptInvitationResult")
]
WithdrawInvitationResult = Annotated[
    WithdrawInvitationSuccess | AccountError, strawberry.union("WithdrawInvitationResult")
]
RevokeRoleResult = Annotated[RevokeRoleSuccess | AccountError, strawberry.union("RevokeRoleResult")]


@strawberry.type
class StaffQuery:
    @strawberry.field(
        description="Who holds a role at a place. For administrators and auditors; noted in the"
        " audit log."
    )
    async def staff(
        self,
        info: Info,
        scope_kind: ScopeKind,
        scope_id: Annotated[
            strawberry.ID | None, strawberry.argument(description=_SCOPE_ID)
        ] = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[StaffMember]:
        page = await info.context.services.accounts.staff.roster.at(
            info.context.caller, scope_of(scope_kind, scope_id), first, after
        )
        return Connection[StaffMember].of(page, StaffMember.of)

    @strawberry.field(
        description="Open invitations to roles at a place. For administrators and auditors; noted in"
        " the audit log."
    )
    async def staff_invitations(
        self,
        info: Info,
        scope_kind: ScopeKind,
        scope_id: Annotated[
            strawberry.ID | None, strawberry.argument(description=_SCOPE_ID)
        ] = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Invitation]:
        page = await info.context.services.accounts.staff.inviting.at(
            info.context.caller, scope_of(scope_kind, scope_id), first, after
        )
        return Connection[Invitation].of(page, Invitation.of)


@strawberry.type
class StaffMutation:
    @strawberry.mutation(
        description="Offer a role to whoever has an address, and tell them. For administrators. It"
        f" holds for {HOLDS_FOR.days} days; the same offer again replaces it."
    )
    async def invite_staff(self, info: Info, input: InviteStaffInput) -> InviteStaffResult:
        context = info.context
        record = await context.services.accounts.staff.inviting.invite(
            context.caller,
            input.address,
            grant_of(input.role, input.scope_kind, input.scope_id),
            context.language if input.language is None else our_language(input.language),
            input.idempotency_key,
        )
        return InviteStaffSuccess(invitation=Invitation.of(record))

    @strawberry.mutation(description="Take a role that is offered to one of your addresses.")
    async def accept_invitation(
        self, info: Info, input: AcceptInvitationInput
    ) -> AcceptInvitationResult:
        grant = await info.context.services.accounts.staff.inviting.accept(
            info.context.caller, input.id, input.idempotency_key
        )
        return AcceptInvitationSuccess(role=HeldRole.of(grant))

    @strawberry.mutation(description="End an open invitation. For administrators.")
    async def withdraw_invitation(
        self, info: Info, input: WithdrawInvitationInput
    ) -> WithdrawInvitationResult:
        await info.context.services.accounts.staff.inviting.withdraw(info.context.caller, input.id)
        return WithdrawInvitationSuccess(id=input.id)

    @strawberry.mutation(
        description="Take a role back, at once; the person's open connections end. For"
        " administrators, and for whoever gives up a role of their own."
    )
    async def revoke_role(self, info: Info, input: RevokeRoleInput) -> RevokeRoleResult:
        grant = grant_of(input.role, input.scope_kind, input.scope_id)
        await info.context.services.accounts.staff.roster.revoke(
            info.context.caller, input.person_id, grant
        )
        return RevokeRoleSuccess(person_id=input.person_id, role=HeldRole.of(grant))
