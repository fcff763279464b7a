"""One notice in one look for newcomers: who is met (notifications.newcomers)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from notifications.audience import Selection
from notifications.device_index import SETTLING_TIME
from notifications.devices import Device
from notifications.fan_outs import FanOut
from notifications.notice import Audience

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Holding:
    """A notice that holds. Whoever comes gets it as `newcomers_id`, unless they are in it, or in one `besides`."""

    notice_id: str
    newcomers_id: str
    audience: Audience
    besides: tuple[str, ...] = ()

    @property
    def notice_ids(self) -> tuple[str, ...]:
        """All with which somebody may have been told, those who came included."""
        return (self.notice_id, *self.besides, self.newcomers_id)


@dataclass(frozen=True, slots=True)
class Met:
    """A device that came. `renewals`: how often it had been registered anew then.

    `is_somewhere`: it is meant by what it says now. Else it says nothing of where it is, was registered
    anew, and is told only what was meant for it and has not reached it before.
    """

    renewals: int
    is_likely_outside: bool = False
    is_somewhere: bool = True


@dataclass(slots=True)
class Meeting:
    """`met`: who came, by their ids. `told`: how many of them were told.

    `has_failed`: something of it broke, so whoever came is to be met again by the next look.
    """

    holding: Holding
    fan_out: FanOut
    now: datetime
    selection: Selection
    met: dict[str, Met] = field(default_factory=dict[str, Met])
    told: int = 0
    has_failed: bool = False

    @property
    def since(self) -> datetime:
        """From when on nobody has been met; what was committed late is looked at once more."""
        return (self.fan_out.met_to or self.fan_out.began_at) - SETTLING_TIME

    def meet(self, changed: Sequence[Device]) -> None:
        """Meet whoever of them came. One that cannot be judged keeps no other of the page back."""
        for device in changed:
            try:
                self._meet(device)
            except Exception as error:
                if not self.has_failed:
                    log.error("device not judged", notice=self.holding.notice_id, exc_info=error)
                self.has_failed = True

    def _meet(self, device: Device) -> None:
        if device.updated_at < self.since or not _came(device, self.holding.audience):
            return
        if self.selection.includes(device):
            outside = self.selection.is_likely_outside(device)
            self.met[device.id] = Met(device.renewals, outside)
        elif device.renewals and self.selection.may_be_anywhere(device):
            # Where it was is forgotten as its registration ends: it was meant by that, if it was.
            self.met[device.id] = Met(device.renewals, is_somewhere=False)


def _came(device: Device, audience: Audience) -> bool:
    """Tell whether a device is at home there, or anything changed: it moved, or wants such warnings now.

    One that changed because its position was forgotten, being old, has not moved.
    """
    is_at_home = bool(audience.communes & device.profile.home_communes)
    return is_at_home or device.blurred_at != device.updated_at
