"""Who heard of a bulletin on a device of theirs, so that an SMS would tell them nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.alerts.bulletins import Bulletin
from api.alerts.notices import quieted_id
from api.alerts.shown import Put
from api.alerts.sounding import is_known
from notifications.device_repository import DeviceRepository
from notifications.devices import Device
from notifications.receipts import Receipts


@dataclass(frozen=True, slots=True)
class _Opened:
    """`by`: the devices on which a bulletin was opened."""

    bulletin: Bulletin
    by: frozenset[str]


class Heard:
    """Of one bulletin, as of one moment. `earlier`: what was told before in its thread, oldest first."""

    def __init__(
        self,
        devices: DeviceRepository,
        bulletin: Bulletin,
        own: frozenset[str],
        earlier: Sequence[_Opened],
        now: datetime,
    ) -> None:
        self._devices = devices
        self._bulletin = bulletin
        self._own = own
        self._earlier = earlier
        self._now = now

    async def by(self, person_id: str) -> bool:
        """Tell whether they opened it on a device, or there an earlier one since which there is nothing new."""
        return any(map(self._on, await self._devices.linked(person_id)))

    async def nothing_by(self, person_id: str) -> bool:
        """Tell whether they opened neither it nor anything earlier."""
        opened = self._own.union(*(one.by for one in self._earlier))
        return not any(one.id in opened for one in await self._devices.linked(person_id))

    def _on(self, device: Device) -> bool:
        if device.id in self._own:
            return True
        opened = [place for place, one in enumerate(self._earlier) if device.id in one.by]
        if not opened:
            return False
        language = device.profile.language
        return all(
            is_known(self._bulletin, one.bulletin, language, self._now)
            for one in self._earlier[opened[-1] :]
        )


class Hearing:
    def __init__(self, devices: DeviceRepository, receipts: Receipts) -> None:
        self._devices = devices
        self._receipts = receipts

    async def of(
        self, notice_id: str, bulletin: Bulletin, puts: Sequence[Put], now: datetime
    ) -> Heard:
        """Read who opened the notice, and what was `put` into its thread before. Held in memory as a whole."""
        own = await self._opened([notice_id, quieted_id(notice_id)])
        earlier: list[_Opened] = []
        for put in puts:
            if put.bulletin is None:
                continue
            by = await self._opened([put.notice_id])
            if earlier and earlier[-1].bulletin is put.bulletin:
                by |= earlier.pop().by
            earlier.append(_Opened(put.bulletin, by))
        return Heard(self._devices, bulletin, own, earlier, now)

    async def _opened(self, notice_ids: Sequence[str]) -> frozenset[str]:
        opened = [await self._receipts.of(notice_id) for notice_id in notice_ids]
        return frozenset[str]().union(*opened)
