"""Whose record it is, and what they agree to: the same checks before every read and write."""

from dataclasses import dataclass
from datetime import date

from api.accounts.errors import NotSignedIn
from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import Consents
from api.accounts.privacy.purposes import ConsentPurpose
from api.health.appointments.errors import HealthConsentMissing, PatientNotFound
from api.health.record.errors import CardConsentMissing
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.sealing import Sealer
from api.kit.store import Store


@dataclass(frozen=True, slots=True, repr=False)
class PatientShown:
    """Who a patient is, as the person who acts for them has told; None for what they have not."""

    name: str | None
    born_on: date | None


class Owners:
    """Every call joins the open transaction."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._accounts = AccountRepository(store, sealer)
        self._dependants = DependantRepository(store, sealer)
        self._clock = clock
        ledger = ConsentLedger(store, sealer)
        self._consents = Consents(
            store, ledger, self._dependants, (), Idempotency(store, clock), clock
        )

    async def check(
        self, person_id: str, dependant_id: str | None, *, to_end_it: bool = False
    ) -> None:
        """Raise PatientNotFound unless it is the person, or a dependant who has not come of age.

        `to_end_it`: what was begun for a child is ended by the same person at any age.
        """
        if dependant_id is None:
            return
        dependant = await self._dependants.of(person_id, dependant_id)
        today = day_in_vietnam(self._clock())
        if dependant is None or (dependant.has_outgrown(today) and not to_end_it):
            raise PatientNotFound

    async def hold(
        self, person_id: str, dependant_id: str | None, *, to_end_it: bool = False
    ) -> None:
        """Keep account and dependants as they are until the open transaction ends.

        So does whoever withdraws a consent or removes a dependant: of both at once none is
        overlooked. Raises NotSignedIn, and PatientNotFound as `check` does.
        """
        if not await self._accounts.hold(person_id):
            raise NotSignedIn
        await self.check(person_id, dependant_id, to_end_it=to_end_it)

    async def hold_account(self, person_id: str) -> None:
        """Keep the account as it is until the open transaction ends, also when it is leaving."""
        await self._accounts.hold(person_id)

    async def may_keep(self, person_id: str, dependant_id: str | None) -> bool:
        """Tell whether they agree that health data is kept."""
        return await self._consents.is_given(person_id, ConsentPurpose.HEALTH, dependant_id)

    async def check_record(self, person_id: str, dependant_id: str | None) -> None:
        """Raise HealthConsentMissing unless health data may be kept."""
        if not await self.may_keep(person_id, dependant_id):
            raise HealthConsentMissing(purpose=ConsentPurpose.HEALTH.value)

    async def check_card(self, person_id: str, dependant_id: str | None) -> None:
        """Raise CardConsentMissing unless they agree to an emergency card."""
        purpose = ConsentPurpose.EMERGENCY_CARD
        if not await self._consents.is_given(person_id, purpose, dependant_id):
            raise CardConsentMissing(purpose=purpose.value)

    async def shown(self, person_id: str, dependant_id: str | None) -> PatientShown | None:
        """Return who it is; None when the account is leaving or there is nobody any more."""
        account = await self._accounts.get(person_id)
        if account is None or account.is_leaving:
            return None
        if dependant_id is None:
            return PatientShown(account.profile.name, account.profile.born_on)
        dependant = await self._dependants.of(person_id, dependant_id)
        return PatientShown(dependant.name, dependant.born_on) if dependant else None
