"""What people choose: extreme warnings by SMS, of some communes, or none any more."""

from collections.abc import Sequence

from api.accounts.caller import Caller
from api.accounts.devices.requests import home_communes_of
from api.accounts.errors import ConsentMissing, NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.alerts.bulletins import Communes
from api.alerts.by_sms.wishes import SmsWish, SmsWishes
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact


class ChoosingSms:
    def __init__(
        self,
        store: Store,
        wishes: SmsWishes,
        accounts: AccountRepository,
        communes: Communes,
        clock: Clock,
    ) -> None:
        self._store = store
        self._wishes = wishes
        self._accounts = accounts
        self._communes = communes
        self._clock = clock

    async def of(self, caller: Caller) -> SmsWish | None:
        """Return what the caller chose. Raises NotSignedIn."""
        return await self._wishes.get(caller.person())

    async def choose(self, caller: Caller, codes: Sequence[str], consent: bool) -> SmsWish | None:
        """Keep what the caller wants; no communes: no SMS any more.

        Raises NotSignedIn, ConsentMissing, TooManyCommunes, UnknownCommune.
        """
        person_id = caller.person()
        communes = home_communes_of(codes, self._communes.codes)
        if not communes:
            await self._wishes.remove(person_id)
            return None
        if not consent:
            raise ConsentMissing
        wish = SmsWish(person_id, communes, self._clock())

        async def work() -> None:
            if not await self._accounts.hold(person_id):
                raise NotSignedIn
            await self._wishes.put(wish)

        await transact(self._store, work)
        return wish
