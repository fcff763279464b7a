"""Devices of people: linked by whoever shows the device's secret, for as long as their session lasts."""

from typing import Any

from api.accounts.caller import Caller
from api.accounts.devices.location_consent import LocationConsent
from api.accounts.devices.service import DeviceService
from api.accounts.errors import DeviceNotFound, NotFound, NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.session_repository import EndReason, SessionRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id
from notifications.device_repository import DeviceRepository
from notifications.devices import Device


class DeviceLinks:
    """Who is signed in on which device. Sessions tell it when they end (SessionEndings)."""

    def __init__(
        self,
        service: DeviceService,
        devices: DeviceRepository,
        sessions: SessionRepository,
        accounts: AccountRepository,
        location: LocationConsent,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._service = service
        self._devices = devices
        self._sessions = sessions
        self._accounts = accounts
        self._location = location
        self._idempotency = idempotency
        self._clock = clock

    async def link(
        self, caller: Caller, device_id: str, secret: str, idempotency_key: str
    ) -> Device:
        """Make a device the caller's, whosever it was; the same call again answers the same.

        Raises NotSignedIn, DeviceNotFound (also for a replay after the link has ended) and
        IdempotencyProblem.
        """
        person_id, session_id = caller.person(), caller.session_id or ""

        async def work() -> dict[str, Any]:
            device = await self._service.find(device_id, secret)
            if device is None:
                raise DeviceNotFound
            await self._hold(person_id, session_id)
            if await self._devices.link(device, person_id, session_id, self._clock()) is None:
                raise DeviceNotFound
            await self._location.device_linked(person_id)
            return {"device": device.id}

        asked = {"device": device_id, "secret": secret}
        result = await self._idempotency.once(person_id, "linkDevice", idempotency_key, asked, work)
        device = await self._devices.get(result["device"])
        if device is None or device.person_id != person_id:
            raise DeviceNotFound
        return device

    async def unlink(self, caller: Caller, device_id: str) -> None:
        """Make a device of the caller's nobody's. Raises NotSignedIn, NotFound."""
        person_id = caller.person()
        if not is_id(device_id) or not await self._devices.unlink(person_id, device_id):
            raise NotFound

    async def of(self, caller: Caller) -> list[Device]:
        """Return the caller's devices, the first registered first. Raises NotSignedIn."""
        return await self.reached(caller.person())

    async def reached(self, person_id: str) -> list[Device]:
        """Return the devices on which a person is signed in at this moment.

        A session that ran out tells nobody, so a link counts only while its session is open.
        """
        sessions = await self._sessions.of_person(person_id, self._clock())
        still_open = {session.id for session in sessions}
        linked = await self._devices.linked(person_id)
        return [device for device in linked if device.session_id in still_open]

    async def ended(self, person_id: str, session_id: str | None, reason: EndReason) -> None:
        """Part the devices from a session that has ended, or from all of a person's for None.

        Whoever is erased leaves no devices behind. Joins the open transaction.
        """
        if reason is EndReason.ERASED and session_id is None:
            await self._devices.remove_linked(person_id)
        else:
            await self._devices.unlink_all(person_id, session_id)

    async def _hold(self, person_id: str, session_id: str) -> None:
        session = await self._sessions.get(session_id)
        if session is None or not session.is_open(self._clock()):
            raise NotSignedIn
        if not await self._accounts.hold(person_id):
            raise NotSignedIn
