"""One notice in one look for newcomers: who is met (notifications.newcomers)."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from notifications.audience import Selection
from notifications.device_index import SETTLING_TIME
from notifications.device_repository import ChangedDevices, FoundDevices
from notifications.devices import Device
from notifications.fan_outs import Behind, FanOut
from notifications.notice import Audience

ASIDE_AT_MOST = 500
"""More devices than these that cannot be judged are no matter of single devices: then a look looks back."""

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
    """`met`: who came, by their ids. `told`: how many of them were told. `unjudged`: who may have come.

    `people`: whose devices could not be read or judged before and can be now. `has_failed`: something else of it
    broke, so whoever came is to be met again by a look back.
    """

    holding: Holding
    fan_out: FanOut
    now: datetime
    selection: Selection
    met: dict[str, Met] = field(default_factory=dict[str, Met])
    people: set[str] = field(default_factory=set[str])
    told: int = 0
    unjudged: set[str] = field(default_factory=set[str])
    has_failed: bool = False

    @property
    def since(self) -> datetime:
        """From when on nobody has been met; what was committed late is looked at once more."""
        return self._begins_at - SETTLING_TIME

    @property
    def _begins_at(self) -> datetime:
        met_to, behind = self.fan_out.met_to or self.fan_out.began_at, self.fan_out.behind
        # The earlier of both: one that was set back begins before what broke.
        return min(met_to, behind.since) if behind and behind.is_due(self.now) else met_to

    def meet(self, changed: ChangedDevices) -> None:
        """Meet whoever of them came. One that cannot be judged keeps no other of the page back."""
        self.unjudged |= changed.broken
        for device in changed.devices:
            if device.updated_at >= self.since and _came(device, self.holding.audience):
                self._judge(device)

    def meet_again(self, found: FoundDevices) -> None:
        """Meet whoever was put aside by looks before. What else became of them meanwhile does not count."""
        self.unjudged |= found.broken.intersection(self.fan_out.aside)
        for device_id in self.fan_out.aside:
            if device := found.devices.get(device_id):
                self._judge(device)
                # What was said before it was whole again is asked about no other way.
                if device.person_id:
                    self.people.add(device.person_id)

    def aside(self) -> list[str]:
        """Return who is to be tried at each look; of more than a bulletin may have, first who was before."""
        before = self.fan_out.aside
        # Whoever was put aside and can be judged now was not told, if telling broke.
        kept = [one for one in before if self.has_failed or one in self.unjudged]
        return [*kept, *sorted(self.unjudged.difference(before))][:ASIDE_AT_MOST]

    def behind(self) -> Behind | None:
        """Return what is to be made up for by a look back."""
        before = self.fan_out.behind
        is_looking_back = before is not None and before.is_due(self.now)
        if not self.has_failed and self.unjudged.issubset(self.aside()):
            return None if is_looking_back else before
        if before is None:
            # The next look looks back: most of what breaks is over by then.
            return Behind(self._begins_at, self.now, 1)
        earliest = replace(before, since=min(before.since, self._begins_at))
        return earliest.broken_again(self.now) if is_looking_back else earliest

    def _judge(self, device: Device) -> None:
        try:
            self._meet(device)
        except Exception as error:
            if not self.unjudged:
                log.error("device not judged", notice=self.holding.notice_id, exc_info=error)
            self.unjudged.add(device.id)

    def _meet(self, device: Device) -> None:
        if self.selection.includes(device):
            # Told also where what is counted besides breaks.
            self.met[device.id] = Met(device.renewals)
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
