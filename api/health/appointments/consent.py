"""The consent HEALTH, on which appointments rest: given for oneself, and for each dependant."""

from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import AGREES_FROM_AGE, counts
from api.accounts.privacy.purposes import ConsentPurpose
from api.health.appointments.errors import HealthConsentMissing
from api.health.appointments.forgetting import Forgetting
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.sealing import Sealer
from api.kit.store import Store


class HealthConsent:
    """Whoever takes a place holds the account, as does a withdrawal: of both at once none is overlooked."""

    def __init__(self, store: Store, sealer: Sealer, forgetting: Forgetting, clock: Clock) -> None:
        self._ledger = ConsentLedger(store, sealer)
        self._accounts = AccountRepository(store, sealer)
        self._dependants = DependantRepository(store, sealer)
        self._forgetting = forgetting
        self._clock = clock

    async def check(self, person_id: str, dependant_id: str | None) -> None:
        """Raise HealthConsentMissing unless a person agrees now; joins the open transaction."""
        if not await self.is_given(person_id, dependant_id):
            raise HealthConsentMissing(purpose=ConsentPurpose.HEALTH.value)

    async def is_given(self, person_id: str, dependant_id: str | None) -> bool:
        """Tell whether a person agrees at this moment; a child who has turned 7 must have agreed too."""
        newest = await self._ledger.newest(person_id, ConsentPurpose.HEALTH, dependant_id)
        if newest is None or not counts(newest):
            return False
        if dependant_id is None:
            return True
        today = day_in_vietnam(self._clock())
        age = await self._dependants.age_of(person_id, dependant_id, today)
        return age is not None and (age < AGREES_FROM_AGE or newest.dependant_agreed)

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Cancel what is to come and forget what was; joins the open transaction (RestsOnConsent)."""
        if purpose is not ConsentPurpose.HEALTH:
            return
        await self._accounts.hold(person_id)
        await self._forgetting.forget_patient(person_id, subject_id)

    async def dependant_removed(self, person_id: str, dependant_id: str) -> None:
        """Cancel what is to come and forget what was; joins the open transaction (KeepsOfDependants)."""
        await self._forgetting.forget_patient(person_id, dependant_id)
