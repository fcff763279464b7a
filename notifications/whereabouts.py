"""Where those are whom notices reached: counted by commune, and no device named."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import h3

from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.store import Store
from notifications.device_repository import DeviceRepository
from notifications.devices import Device
from notifications.outbox import Outbox

_READ_AT_ONCE = 1_000
CommuneAt = Callable[[Position], str | None]


@dataclass(frozen=True, slots=True)
class Reached:
    """`devices`: how many took one of the notices. `people`: by commune, how many people they are.

    A device of nobody is one person. Who has no fresh position and no home commune is in none of the communes.
    """

    devices: int
    people: Mapping[str, int]


class Whereabouts:
    def __init__(self, store: Store, commune_at: CommuneAt, clock: Clock) -> None:
        self._devices = DeviceRepository(store)
        self._outbox = Outbox(store, clock)
        self._commune_at = commune_at
        self._clock = clock

    async def of_reached(self, notice_ids: Sequence[str]) -> Reached:
        """Count whom FCM took one of these notices over for. Reads every one of these devices."""
        reached = sorted(await self._outbox.reached_by(notice_ids))
        people: Counter[str] = Counter()
        commune_of_cell = cache(self._commune_of_cell)  # thousands share one
        signed_in: dict[str, tuple[datetime, str | None]] = {}
        for start in range(0, len(reached), _READ_AT_ONCE):
            found = await self._devices.get_many(reached[start : start + _READ_AT_ONCE])
            for device in found.values():
                commune_code = self._commune_of(device, commune_of_cell)
                if device.person_id is not None:
                    # Of the devices of one person the one counts that was heard of last.
                    seen = (device.updated_at, commune_code)
                    known = signed_in.setdefault(device.person_id, seen)
                    signed_in[device.person_id] = max(known, seen, key=lambda one: one[0])
                elif commune_code is not None:
                    people[commune_code] += 1
        people.update(code for _, code in signed_in.values() if code is not None)
        return Reached(len(reached), people)

    def _commune_of(
        self, device: Device, commune_of_cell: Callable[[str], str | None]
    ) -> str | None:
        """Return where it was last; else where it is at home."""
        position = device.position_at(self._clock())
        here = position and commune_of_cell(position.cell)
        return here or min(device.profile.home_communes, default=None)

    def _commune_of_cell(self, cell: str) -> str | None:
        return self._commune_at(Position(*h3.cell_to_latlng(cell)))
