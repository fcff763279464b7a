from api.accounts.caller import Caller
from api.accounts.people.repository import Account, AccountRepository


class People:
    """People and what they keep of themselves."""

    def __init__(self, accounts: AccountRepository) -> None:
        self._accounts = accounts

    async def account_of(self, caller: Caller) -> Account | None:
        """Return the caller's account; None for nobody in particular."""
        return await self._accounts.get(caller.person_id) if caller.person_id else None
