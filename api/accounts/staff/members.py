"""Those who hold roles, as other staff see them: a name, and addresses that are mostly hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.caller import Grant
from api.accounts.people.repository import Account, AccountRepository
from api.accounts.sign_in.ways_in import WaysIn


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """`addresses`: masked; `grants`: those that were asked about."""

    person_id: str
    name: str | None
    addresses: tuple[str, ...]
    grants: tuple[Grant, ...]


class Members:
    def __init__(self, accounts: AccountRepository, ways: WaysIn) -> None:
        self._accounts = accounts
        self._ways = ways

    async def of(self, person_ids: Sequence[str], grants: Sequence[Grant]) -> list[Member]:
        """Return these people, with what they hold of `grants`; those who are gone are left out."""
        accounts = [await self._accounts.get(person_id) for person_id in person_ids]
        return [await self._member(account, grants) for account in accounts if account is not None]

    async def _member(self, account: Account, grants: Sequence[Grant]) -> Member:
        ways = [way for _, way in await self._ways.of_person(account.id)]
        return Member(
            person_id=account.id,
            name=account.profile.name,
            addresses=tuple(way.address.masked for way in ways if way.address),
            grants=tuple(grant for grant in grants if grant in account.grants),
        )
