"""A person says which reminders she wants."""

from api.accounts.caller import Caller
from api.accounts.errors import NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.health.reminders.preferences import ReminderKind, ReminderWishes
from api.kit.store import Store
from api.kit.transactions import transact


class ReminderWishing:
    def __init__(self, store: Store, accounts: AccountRepository, wishes: ReminderWishes) -> None:
        self._store = store
        self._accounts = accounts
        self._wishes = wishes

    async def off(self, caller: Caller) -> frozenset[ReminderKind]:
        """Return what the caller wants to hear nothing of. Raises NotSignedIn."""
        return await self._wishes.off(caller.person())

    async def put(self, caller: Caller, off: frozenset[ReminderKind]) -> frozenset[ReminderKind]:
        """Keep it. What is due meanwhile looks again when it is said. Raises NotSignedIn."""
        person_id = caller.person()

        async def work() -> None:
            if not await self._accounts.hold(person_id):
                raise NotSignedIn  # leaving: nothing may be kept of her any more
            await self._wishes.put(person_id, off)

        await transact(self._store, work)
        return await self._wishes.off(person_id)
