from datetime import date, datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.devices.schema import Device
from api.accounts.identity_papers.schema import IdentityPaper, papers_of
from api.accounts.people.dependant_repository import Dependant as DependantRecord
from api.accounts.people.dependant_repository import Relation
from api.accounts.people.dependants import DEPENDANTS_AT_MOST, DependantChanges, NewDependant
from api.accounts.people.personal_details import (
    AGE_AT_MOST,
    NAME_CHARACTERS_AT_MOST,
    OF_AGE,
    AccessibilityNeed,
    Needs,
)
from api.accounts.people.repository import Account
from api.accounts.people.service import ProfileChanges
from api.accounts.privacy.schema import PersonsPrivacy
from api.accounts.sign_in.schema import Address, Session
from api.accounts.staff.schema import StaffFields
from api.context import Info
from api.kit.changes import UNCHANGED, Unchanged
from api.kit.schema_changes import collected, present, removable

_NAME = f"At most {NAME_CHARACTERS_AT_MOST} characters, one of them a letter."
_BORN_ON = f"As the calendar in Vietnam has it; at most {AGE_AT_MOST} years ago."
_NEEDS = "New ones need the consent ACCESSIBILITY_NEEDS."
_LEFT_OUT = "What is left out stays as it is; null removes it."

strawberry.enum(AccessibilityNeed, description="What staff should be ready for.")
strawberry.enum(
    Relation,
    description=f"What the dependant is to you. CHILD: younger than {OF_AGE} years.",
)


@strawberry.type(
    description="Somebody for whom you act: a child, a parent, your spouse or another relative."
)
class Dependant:
    id: strawberry.ID
    name: str
    born_on: date
    relation: Relation
    needs: list[AccessibilityNeed]
    created_at: datetime

    @classmethod
    def of(cls, record: DependantRecord) -> "Dependant":
        return cls(
            id=strawberry.ID(record.id),
            name=record.name,
            born_on=record.born_on,
            relation=record.relation,
            needs=sorted(record.needs),
            created_at=record.created_at,
        )

    @strawberry.field(description="Those that you registered.")
    async def identity_papers(self, info: Info) -> list[IdentityPaper]:
        return await papers_of(info, self.id)


@strawberry.type(description="You, as we know you.")
class Person(PersonsPrivacy, StaffFields):
    id: strawberry.ID
    name: str | None
    born_on: date | None
    language: str = strawberry.field(description="BCP 47 tag of the language we write to you in.")
    needs: list[AccessibilityNeed]
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "Person":
        return cls(
            id=strawberry.ID(account.id),
            name=account.profile.name,
            born_on=account.profile.born_on,
            language=account.language,
            needs=sorted(account.profile.needs),
            created_at=account.created_at,
        )

    @strawberry.field(description="Those for whom you act, as you added them.")
    async def dependants(self, info: Info) -> list[Dependant]:
        found = await info.context.services.accounts.dependants.all_of(info.context.caller)
        return list(map(Dependant.of, found))

    @strawberry.field(description="Yours; those of dependants stand with them.")
    async def identity_papers(self, info: Info) -> list[IdentityPaper]:
        return await papers_of(info, self.id)

    @strawberry.field(description="Devices on which you are signed in.")
    async def devices(self, info: Info) -> list[Device]:
        found = await info.context.services.accounts.device_links.of(info.context.caller)
        return list(map(Device.of, found))

    @strawberry.field(description="Where you are signed in, the newest first.")
    async def sessions(self, info: Info) -> list[Session]:
        caller = info.context.caller
        found = await info.context.services.accounts.sessions.of(caller)
        return [Session.of(session, caller.session_id) for session in found]

    @strawberry.field(description="What you can sign in with, the oldest first.")
    async def addresses(self, info: Info) -> list[Address]:
        ways = await info.context.services.accounts.sign_in.ways(info.context.caller)
        return [Address.of(way_id, way) for way_id, way in ways]


@strawberry.input(description=_LEFT_OUT)
class UpdateProfileInput:
    name: str | None = strawberry.field(default=strawberry.UNSET, description=_NAME)
    born_on: date | None = strawberry.field(default=strawberry.UNSET, description=_BORN_ON)
    language: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="BCP 47 tag; the nearest language of ours is kept. It cannot be removed.",
    )
    needs: list[AccessibilityNeed] | None = strawberry.field(
        default=strawberry.UNSET, description=_NEEDS
    )

    def changes(self) -> ProfileChanges:
        return ProfileChanges(
            name=removable(self.name),
            born_on=removable(self.born_on),
            language=present(self.language),
            needs=_needs(self.needs),
        )


@strawberry.input
class AddDependantInput:
    name: str = strawberry.field(description=_NAME)
    born_on: date = strawberry.field(description=_BORN_ON)
    relation: Relation
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each dependant."
    )

    def new(self) -> NewDependant:
        return NewDependant(self.name, self.born_on, self.relation)


@strawberry.input(description="What is left out stays as it is; so does what is null, but needs.")
class UpdateDependantInput:
    id: strawberry.ID
    name: str | None = strawberry.field(default=strawberry.UNSET, description=_NAME)
    born_on: date | None = strawberry.field(default=strawberry.UNSET, description=_BORN_ON)
    relation: Relation | None = strawberry.UNSET
    needs: list[AccessibilityNeed] | None = strawberry.field(
        default=strawberry.UNSET, description=_NEEDS
    )

    def changes(self) -> DependantChanges:
        return DependantChanges(
            name=present(self.name),
            born_on=present(self.born_on),
            relation=present(self.relation),
            needs=_needs(self.needs),
        )


@strawberry.input
class RemoveDependantInput:
    id: strawberry.ID


@strawberry.type
class UpdateProfileSuccess:
    person: Person


@strawberry.type
class AddDependantSuccess:
    dependant: Dependant


@strawberry.type
class UpdateDependantSuccess:
    dependant: Dependant


@strawberry.type
class RemoveDependantSuccess:
    id: strawberry.ID


UpdateProfileResult = Annotated[
    UpdateProfileSuccess | AccountError, strawberry.union("UpdateProfileResult")
]
AddDependantResult = Annotated[
    AddDependantSuccess | AccountError, strawberry.union("AddDependantResult")
]
UpdateDependantResult = Annotated[
    UpdateDependantSuccess | AccountError, strawberry.union("UpdateDependantResult")
]
RemoveDependantResult = Annotated[
    RemoveDependantSuccess | AccountError, strawberry.union("RemoveDependantResult")
]


@strawberry.type
class PeopleQuery:
    @strawberry.field(description="Who is asking; null for nobody who is signed in.")
    async def me(self, info: Info) -> Person | None:
        account = await info.context.services.accounts.people.account_of(info.context.caller)
        return Person.of(account) if account else None

    @strawberry.field(description="One of your dependants; null if there is none of this id.")
    async def dependant(self, info: Info, id: strawberry.ID) -> Dependant | None:
        found = await info.context.services.accounts.dependants.find(info.context.caller, id)
        return Dependant.of(found) if found else None


@strawberry.type
class PeopleMutation:
    @strawberry.mutation(description="Change what you tell of yourself.")
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfileResult:
        account = await info.context.services.accounts.people.update_profile(
            info.context.caller, input.changes()
        )
        return UpdateProfileSuccess(person=Person.of(account))

    @strawberry.mutation(
        description=f"Add somebody for whom you may act; {DEPENDANTS_AT_MOST} at most. Their needs come"
        " after the consent for them, with `updateDependant`."
    )
    async def add_dependant(self, info: Info, input: AddDependantInput) -> AddDependantResult:
        dependant = await info.context.services.accounts.dependants.add(
            info.context.caller, input.new(), input.idempotency_key
        )
        return AddDependantSuccess(dependant=Dependant.of(dependant))

    @strawberry.mutation(description="Change what you told of a dependant.")
    async def update_dependant(
        self, info: Info, input: UpdateDependantInput
    ) -> UpdateDependantResult:
        dependant = await info.context.services.accounts.dependants.update(
            info.context.caller, input.id, input.changes()
        )
        return UpdateDependantSuccess(dependant=Dependant.of(dependant))

    @strawberry.mutation(description="Forget a dependant and their identity papers, at once.")
    async def remove_dependant(
        self, info: Info, input: RemoveDependantInput
    ) -> RemoveDependantResult:
        await info.context.services.accounts.dependants.remove(info.context.caller, input.id)
        return RemoveDependantSuccess(id=input.id)


def _needs(given: list[AccessibilityNeed] | None) -> Needs | Unchanged:
    needs = collected(given)
    return UNCHANGED if needs is UNCHANGED else frozenset(needs)
