"""Who reports: somebody who is signed in, or a device that shows its secret."""

from dataclasses import dataclass

from api.accounts.caller import Caller
from api.accounts.devices.service import DeviceService
from api.accounts.errors import DeviceNotFound
from api.feedback.reports.records import Reporter, ReporterKind


@dataclass(frozen=True, slots=True, repr=False)
class ShownDevice:
    """What a device shows of itself."""

    id: str
    secret: str


class Reporters:
    def __init__(self, devices: DeviceService) -> None:
        self._devices = devices

    async def of(self, caller: Caller, shown: ShownDevice | None) -> Reporter:
        """Return who asks: the person before the device. Raises NotSignedIn, DeviceNotFound."""
        if caller.person_id is not None or shown is None:
            return Reporter(ReporterKind.PERSON, caller.person())
        device = await self._devices.find(shown.id, shown.secret)
        if device is None or device.retired_at is not None:
            raise DeviceNotFound
        return Reporter(ReporterKind.DEVICE, device.id)

    async def person_behind(self, reporter: Reporter) -> str | None:
        """Return whose account it is, or whom the device is linked to now; joins the open transaction."""
        if reporter.kind is ReporterKind.DEVICE:
            return await self._devices.person_of(reporter.id)
        return reporter.person_id
