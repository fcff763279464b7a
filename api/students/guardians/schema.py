from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.people.dependant_repository import Relation
from api.context import Info
from api.kit.pagination import After, Connection, First
from api.students.guardians.guardianship import (
    HOLDS_FOR,
    GuardianClaim,
    GuardianState,
)
from api.students.guardians.guardianship import GuardianInvitation as InvitationRecord
from api.students.guardians.guardianship import Guardianship as GuardianshipRecord
from api.students.schools.schema import School
from api.students.student_error import StudentError
from locales import language_of

_KEY = "16 to 128 visible ASCII characters, made anew for each"

strawberry.enum(
    GuardianState,
    description="WAITING: the guardian agreed; the school or another guardian has to confirm.",
)


@strawberry.type(
    description="What the school's office compares with what it knows before it confirms."
)
class GuardianshipClaim:
    pupil_name: str
    relation: Relation | None = strawberry.field(
        description="What the pupil is to the guardian, as the guardian says."
    )
    invited_address: str | None = strawberry.field(
        description="Where the school's invitation went, mostly hidden; null when it was not kept."
    )

    @classmethod
    def of(cls, claim: GuardianClaim) -> "GuardianshipClaim":
        return cls(
            pupil_name=claim.pupil_name,
            relation=claim.relation,
            invited_address=claim.guardianship.invited_address,
        )


@strawberry.type(description="That somebody follows a pupil.")
class Guardianship:
    id: strawberry.ID
    pupil_id: strawberry.ID
    state: GuardianState
    accepted_at: datetime
    confirmed_at: datetime | None
    claim: GuardianshipClaim | None = strawberry.field(
        description="For the school's office, in `waitingGuardianships`; null elsewhere."
    )

    @classmethod
    def waiting(cls, claim: GuardianClaim) -> "Guardianship":
        return cls.of(claim.guardianship, GuardianshipClaim.of(claim))

    @classmethod
    def of(
        cls, record: GuardianshipRecord, claim: GuardianshipClaim | None = None
    ) -> "Guardianship":
        return cls(
            id=strawberry.ID(record.id),
            pupil_id=strawberry.ID(record.pupil_id),
            state=record.state,
            accepted_at=record.accepted_at,
            confirmed_at=record.confirmed_at,
            claim=claim,
        )


@strawberry.type(description="An open invitation to follow a pupil.")
class GuardianInvitation:
    id: strawberry.ID
    sent_to: str = strawberry.field(description="The address, mostly hidden.")
    invited_at: datetime
    expires_at: datetime
    record: strawberry.Private[InvitationRecord]

    @classmethod
    def of(cls, record: InvitationRecord) -> "GuardianInvitation":
        return cls(
            id=strawberry.ID(record.id),
            sent_to=record.address.masked,
            invited_at=record.invited_at,
            expires_at=record.expires_at,
            record=record,
        )

    @strawberry.field
    async def school(self, info: Info) -> School:
        library = info.context.services.students.library
        return School.of(library.school(self.record.school_id))


@strawberry.input
class InviteGuardianInput:
    pupil_id: strawberry.ID
    address: str = strawberry.field(description="A phone number, or an e-mail address.")
    language: str | None = strawberry.field(
        default=None,
        description="BCP 47 tag; the nearest language of ours is taken, else that of Accept-Language.",
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} invitation.")


@strawberry.input
class WithdrawGuardianInvitationInput:
    id: strawberry.ID
    school_id: strawberry.ID


@strawberry.input
class AcceptGuardianshipInput:
    id: strawberry.ID = strawberry.field(description="Of the invitation.")
    dependant_id: strawberry.ID = strawberry.field(
        description="Who the pupil is in your account: born on the day that the school has, and"
        " with the consent STUDENT_RECORD."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} invitation.")


@strawberry.input
class ConfirmGuardianshipInput:
    id: strawberry.ID


@strawberry.input
class EndGuardianshipInput:
    id: strawberry.ID = strawberry.field(
        description="Of the guardianship; or of an invitation to you, which you refuse."
    )


@strawberry.type
class InviteGuardianSuccess:
    invitation: GuardianInvitation


@strawberry.type
class WithdrawGuardianInvitationSuccess:
    id: strawberry.ID


@strawberry.type
class AcceptGuardianshipSuccess:
    guardianship: Guardianship


@strawberry.type
class ConfirmGuardianshipSuccess:
    guardianship: Guardianship


@strawberry.type
class EndGuardianshipSuccess:
    id: strawberry.ID


InviteGuardianResult = Annotated[
    InviteGuardianSuccess | StudentError, strawberry.union("InviteGuardianResult")
]
WithdrawGuardianInvitationResult = Annotated[
    WithdrawGuardianInvitationSuccess | StudentError,
    strawberry.union("WithdrawGuardianInvitationResult"),
]
AcceptGuardianshipResult = Annotated[
    AcceptGuardianshipSuccess | StudentError, strawberry.union("AcceptGuardianshipResult")
]
ConfirmGuardianshipResult = Annotated[
    ConfirmGuardianshipSuccess | StudentError, strawberry.union("ConfirmGuardianshipResult")
]
EndGuardianshipResult = Annotated[
    EndGuardianshipSuccess | StudentError, strawberry.union("EndGuardianshipResult")
]


@strawberry.type(description="What you may accept.")
class GuardianInvitations:
    invitations: list[GuardianInvitation] = strawberry.field(description="The newest first.")


@strawberry.type
class GuardiansQuery:
    @strawberry.field(description="Invitations to follow a pupil that you may accept.")
    async def guardian_invitations(self, info: Info) -> GuardianInvitations:
        found = await info.context.services.students.following.invitations(info.context.caller)
        return GuardianInvitations(invitations=list(map(GuardianInvitation.of, found)))

    @strawberry.field(description="What waits to be confirmed. For clerks of the school.")
    async def waiting_guardianships(
        self, info: Info, school_id: strawberry.ID, first: First = 50, after: After = None
    ) -> Connection[Guardianship]:
        page = await info.context.services.students.following.waiting(
            info.context.caller, school_id, first, after
        )
        return Connection[Guardianship].of(page, Guardianship.waiting)


@strawberry.type
class GuardiansMutation:
    @strawberry.mutation(
        description="Invite whoever has an address to follow a pupil, and tell them. For clerks of"
        f" the pupil's school. It holds for {HOLDS_FOR.days} days."
    )
    async def invite_guardian(self, info: Info, input: InviteGuardianInput) -> InviteGuardianResult:
        context = info.context
        found = await context.services.students.inviting.invite(
            context.caller,
            input.pupil_id,
            input.address,
            language_of((input.language or "")[:35]) or context.language,
            input.idempotency_key,
        )
        return InviteGuardianSuccess(invitation=GuardianInvitation.of(found))

    @strawberry.mutation(description="End an open invitation. For clerks of the school.")
    async def withdraw_guardian_invitation(
        self, info: Info, input: WithdrawGuardianInvitationInput
    ) -> WithdrawGuardianInvitationResult:
        await info.context.services.students.inviting.withdraw(
            info.context.caller, input.id, input.school_id
        )
        return WithdrawGuardianInvitationSuccess(id=input.id)

    @strawberry.mutation(
        description="Agree to follow a pupil. It waits until the school or another guardian confirms."
    )
    async def accept_guardianship(
        self, info: Info, input: AcceptGuardianshipInput
    ) -> AcceptGuardianshipResult:
        found = await info.context.services.students.following.accept(
            info.context.caller, input.id, input.dependant_id, input.idempotency_key
        )
        return AcceptGuardianshipSuccess(guardianship=Guardianship.of(found))

    @strawberry.mutation(
        description="Confirm that somebody is the guardian of a pupil. For clerks of the school,"
        " and for her other guardians."
    )
    async def confirm_guardianship(
        self, info: Info, input: ConfirmGuardianshipInput
    ) -> ConfirmGuardianshipResult:
        found = await info.context.services.students.following.confirm(
            info.context.caller, input.id
        )
        return ConfirmGuardianshipSuccess(guardianship=Guardianship.of(found))

    @strawberry.mutation(
        description="End a guardianship at once: your own, or as a clerk of the school. Or refuse an invitation."
    )
    async def end_guardianship(
        self, info: Info, input: EndGuardianshipInput
    ) -> EndGuardianshipResult:
        await info.context.services.students.following.end(info.context.caller, input.id)
        return EndGuardianshipSuccess(id=input.id)
