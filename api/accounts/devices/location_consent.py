"""Where the devices of people are, and their consent to it.

A device that is nobody's goes by what was agreed to on it. One that is a person's goes, besides, by
what the person says: whoever withdrew LOCATION is followed on none of their devices.
"""

from api.accounts.errors import ConsentMissing
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger, ConsentState
from api.accounts.privacy.purposes import ConsentPurpose
from notifications.device_repository import DeviceRepository


class LocationConsent:
    def __init__(
        self, ledger: ConsentLedger, accounts: AccountRepository, devices: DeviceRepository
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._devices = devices

    async def require(self, person_id: str) -> None:
        """Raise ConsentMissing when the person withdrew it."""
        if await self._is_withdrawn(person_id):
            raise ConsentMissing

    async def device_linked(self, person_id: str) -> None:
        """Forget where a device is that becomes the person's; joins the open transaction."""
        if await self._is_withdrawn(person_id):
            await self._devices.forget_positions_of(person_id)

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Forget where the person's devices are; joins the open transaction."""
        if purpose is ConsentPurpose.LOCATION and subject_id is None:
            # Whoever links a device holds the account too, so none can come in beside this.
            await self._accounts.hold(person_id)
            await self._devices.forget_positions_of(person_id)

    async def _is_withdrawn(self, person_id: str) -> bool:
        newest = await self._ledger.newest(person_id, ConsentPurpose.LOCATION, None)
        return newest is not None and newest.state is ConsentState.WITHDRAWN
