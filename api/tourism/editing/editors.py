"""Who may edit content, and what editors are called by each other."""

from collections.abc import Iterable, Mapping

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.accounts.people.repository import AccountRepository

RIGHT = Grant(Role.CONTENT_EDITOR, PROVINCE)


def editor_of(caller: Caller) -> str:
    """Return the id of the person. Raises NotSignedIn, NotAllowed."""
    return caller.require(RIGHT.role, RIGHT.scope)


class Editors:
    def __init__(self, accounts: AccountRepository) -> None:
        self._accounts = accounts

    async def names(self, person_ids: Iterable[str | None]) -> Mapping[str, str]:
        """Return what those are called who have an account and a name."""
        found: dict[str, str] = {}
        for person_id in {*person_ids} - {None}:
            account = await self._accounts.get(person_id or "")
            if account is not None and account.profile.name:
                found[account.id] = account.profile.name
        return found
