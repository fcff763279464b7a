from datetime import datetime

import strawberry

from api.accounts.people.repository import Account
from api.accounts.privacy.schema import PersonsPrivacy
from api.accounts.sign_in.schema import Address, Session
from api.context import Info


@strawberry.type(description="You, as we know you.")
class Person(PersonsPrivacy):
    id: strawberry.ID
    language: str = strawberry.field(description="BCP 47 tag of the language we write to you in.")
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "Person":
        return cls(
            id=strawberry.ID(account.id), language=account.language, created_at=account.created_at
        )

    @strawberry.field(description="Where you are signed in, the newest first.")
    async def sessions(self, info: Info) -> list[Session]:
        caller = info.context.caller
        found = await info.context.services.accounts.sessions.of(caller)
        return [Session.of(session, caller.session_id) for session in found]

    @strawberry.field(description="What you can sign in with, the oldest first.")
    async def addresses(self, info: Info) -> list[Address]:
        ways = await info.context.services.accounts.sign_in.ways(info.context.caller)
        return [Address.of(way_id, way) for way_id, way in ways]


@strawberry.type
class PeopleQuery:
    @strawberry.field(description="Who is asking; null for nobody who is signed in.")
    async def me(self, info: Info) -> Person | None:
        account = await info.context.services.accounts.people.account_of(info.context.caller)
        return Person.of(account) if account else None
