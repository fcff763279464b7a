"""Where the devices of people are, and their consent to it.

A device that is nobody's goes by what was agreed to on it. One that is a person's goes, besides, by
what the person says: whoever withdrew LOCATION is followed on none of their devices.
"""

from api.accounts.errors import ConsentMissing
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger, ConsentState
from api.accounts.privacy.purposes import ConsentPurpose
from api.kit.clock import Clock
from notifications.device_repository import DeviceRepository


class LocationConsent:
    def __init__(
        self,
        ledger: ConsentLedger,
        accounts: AccountRepository,
        devices: DeviceRepository,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._devices = devices
        self._clock = clock

    async def require(self, person_id: str, *, exact: bool = False) -> None:
        """Raise ConsentMissing when the person withdrew it, or that to an `exact` position."""
        if await self._is_withdrawn(person_id, ConsentPurpose.LOCATION):
            raise ConsentMissing
        if exact and await self._is_withdrawn(person_id, ConsentPurpose.EXACT_LOCATION):
            raise ConsentMissing

    async def device_linked(self, person_id: str) -> None:
        """Forget where a device is that becomes the person's; joins the open transaction."""
        for purpose in (ConsentPurpose.LOCATION, ConsentPurpose.EXACT_LOCATION):
            if await self._is_withdrawn(person_id, purpose):
                await self._forget(person_id, purpose)

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Forget where the person's devices are; joins the open transaction."""
        if subject_id is None:
            await self._forget(person_id, purpose)

    async def _forget(self, person_id: str, purpose: ConsentPurpose) -> None:
        forget = {
            ConsentPurpose.LOCATION: self._devices.forget_positions_of,
            ConsentPurpose.EXACT_LOCATION: self._devices.forget_exact_positions_of,
        }.get(purpose)
        if forget is not None:
            # Whoever links a device holds the account too, so none can come in beside this.
            await self._accounts.hold(person_id)
            await forget(person_id, self._clock())

    async def _is_withdrawn(self, person_id: str, purpose: ConsentPurpose) -> bool:
        newest = await self._ledger.newest(person_id, purpose, None)
        return newest is not None and newest.state is ConsentState.WITHDRAWN
