"""Those who hold roles, as other staff see them: a name, and addresses that are mostly hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.caller import Grant
from api.accounts.people.repository import AccountRepository
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
        found = [await self._member(person_id, grants) for person_id in person_ids]
        return [member for member in found if member is not None]

    async def _member(self, person_id: str, grants: Sequence[Grant]) -> Member | None:
        account = await self._accounts.get(person_id)
        if account is None:
            return None
        ways = [way for _, way in await self._ways.of_person(person_id)]
        return Member(
            person_id=person_id,
            name=account.profile.name,
            addresses=tuple(way.address.masked for way in ways if way.address),
            grants=tuple(grant for grant in grants if grant in account.grants),
        )
