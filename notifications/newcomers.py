"""Who comes into the audience of a notice after it was fanned out, while it holds: they get it then.

They move there, are registered there, call it home from now on, or say now that they will be there. What changed
since the last look is read once and met with every notice; whom one was meant for already is left alone.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from api.kit.audience_source import AudienceSource, Period
from api.kit.clock import Clock
from api.kit.store import Store
from notifications.addressed import Addressed
from notifications.audience import PAGE_SIZE, Expected, Selection
from notifications.device_index import SETTLING_TIME
from notifications.device_repository import DeviceRepository
from notifications.devices import EXACT_KEPT_FOR, Device
from notifications.fan_outs import FanOut, FanOuts
from notifications.notice import Audience
from notifications.outbox import Outbox

BEGUN_ANYHOW_AFTER = timedelta(minutes=10)
"""Nobody said that a fan-out is over, but this long after it was done it is: whoever comes is met from its beginning."""

_LATELY = EXACT_KEPT_FOR - timedelta(minutes=5)
"""Sooner than an exact position is forgotten."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A notice that holds. Whoever comes gets it as `newcomers_id`, unless they are in it, or in one `besides`."""

    notice_id: str
    newcomers_id: str
    audience: Audience
    besides: tuple[str, ...] = ()


@dataclass(slots=True)
class _Meeting:
    """One notice in one look. `met`: who came, and whether they are likely outside all the same."""

    holding: Holding
    fan_out: FanOut
    now: datetime
    selection: Selection
    met: dict[str, bool] = field(default_factory=dict[str, bool])

    @property
    def since(self) -> datetime:
        """From when on nobody has been met; what was committed late is looked at once more."""
        return (self.fan_out.met_to or self.fan_out.began_at) - SETTLING_TIME

    def meet(self, changed: Sequence[Device]) -> None:
        for device in changed:
            if device.updated_at < self.since or not _came(device, self.holding.audience):
                continue
            if self.selection.includes(device):
                self.met[device.id] = self.selection.is_likely_outside(device)


class Newcomers:
    """One in a process. To look often is cheap: whom a notice was meant for is remembered while it holds."""

    def __init__(self, store: Store, clock: Clock, sources: Sequence[AudienceSource]) -> None:
        self._devices = DeviceRepository(store)
        self._fan_outs = FanOuts(store)
        self._outbox = Outbox(store, clock)
        self._sources = sources
        self._clock = clock
        self._addressed: dict[str, Addressed] = {}

    async def begin(self, notice_id: str) -> None:
        """Say that a fan-out, and what is told beside it, is over: from now on looks meet whoever comes."""
        fan_out = await self._fan_outs.get(notice_id)
        if fan_out is not None:
            await self._fan_outs.note_met(notice_id, fan_out.began_at)

    async def tell(self, holding: Sequence[Holding]) -> dict[str, int]:
        """Queue these notices for whoever has come since the last look; return for how many, by notice.

        Each device gets each once, however often this runs, and by however many at once. A look that
        breaks off is made up for by the next.
        """
        meetings = await self._meetings(holding)
        self._forget_all_but(holding)
        if not meetings:
            return {}
        async for page in self._changed(min(one.since for one in meetings), meetings[0].now):
            for one in meetings:
                one.meet(page)
        return {one.holding.notice_id: await self._end(one) for one in meetings}

    async def _meetings(self, holding: Sequence[Holding]) -> list[_Meeting]:
        now = self._clock()
        fan_outs = await self._fan_outs.get_many([one.notice_id for one in holding])
        return [
            _Meeting(one, fan_out, now, Selection(self._devices, one.audience, now, _nobody))
            for one in holding
            if (fan_out := fan_outs.get(one.notice_id)) and _is_open(fan_out, now)
        ]

    def _forget_all_but(self, holding: Sequence[Holding]) -> None:
        kept = {
            notice_id
            for one in holding
            for notice_id in (one.notice_id, one.newcomers_id, *one.besides)
        }
        self._addressed = {one: self._addressed[one] for one in self._addressed.keys() & kept}

    async def _changed(self, since: datetime, until: datetime) -> AsyncGenerator[list[Device]]:
        """Yield pages of who changed since; no further than `until`, for others go on changing."""
        after: tuple[datetime, str] | None = None
        while found := await self._devices.changed_since(since, after, PAGE_SIZE):
            yield found
            after = (found[-1].updated_at, found[-1].id)
            if len(found) < PAGE_SIZE or after[0] > until:
                return

    async def _end(self, meeting: _Meeting) -> int:
        """Tell whoever was met and does not know, and note how far that came."""
        await self._meet_expected(meeting)
        told = await self._tell(meeting) if meeting.met else 0
        await self._fan_outs.note_met(meeting.holding.notice_id, meeting.now)
        return told

    async def _meet_expected(self, meeting: _Meeting) -> None:
        """Meet who said since that they will be there, wherever they are now."""
        period = Period(meeting.now, meeting.fan_out.notice.expires_at)
        expected = Expected(self._sources, period, meeting.since)
        selection = Selection(
            self._devices, meeting.holding.audience, meeting.now, _nobody, expected=expected
        )
        async for page in selection.expected():
            for device_id in page.device_ids:
                meeting.met.setdefault(device_id, False)

    async def _tell(self, meeting: _Meeting) -> int:
        holding, fan_out = meeting.holding, meeting.fan_out
        unknowing = list(meeting.met)
        for notice_id in (holding.notice_id, *holding.besides):
            known = await self._already_in(notice_id, unknowing)
            unknowing = [one for one in unknowing if one not in known]
        if not unknowing:
            return 0
        own = replace(fan_out.notice, id=holding.newcomers_id)
        begun = await self._fan_outs.begin(own, self._clock())
        await self._fan_outs.finish(begun, self._clock())
        pages = (unknowing[at : at + PAGE_SIZE] for at in range(0, len(unknowing), PAGE_SIZE))
        return sum([await self._add(own.id, page, meeting.met) for page in pages])

    async def _add(
        self, notice_id: str, device_ids: Sequence[str], is_likely_outside: dict[str, bool]
    ) -> int:
        """Add those who are not in yet; what others add meanwhile is seen, and tried again behind."""
        while True:
            fan_out, now = await self._fan_outs.get(notice_id), self._clock()
            known = await self._already_in(notice_id, device_ids)
            remaining = [one for one in device_ids if one not in known]
            if fan_out is None or now >= fan_out.notice.expires_at or not remaining:
                return 0
            outside = sum(is_likely_outside[one] for one in remaining)
            if await self._fan_outs.add_late(fan_out, remaining, now, outside):
                return len(remaining)

    async def _already_in(self, notice_id: str, device_ids: Sequence[str]) -> frozenset[str]:
        known = self._addressed.setdefault(notice_id, Addressed())
        return await self._outbox.addressed(notice_id, device_ids, known)


def _is_open(fan_out: FanOut, now: datetime) -> bool:
    """Tell whether it holds, and all whom it was fanned out to are in it."""
    if fan_out.done_at is None or now >= fan_out.notice.expires_at:
        return False
    return fan_out.met_to is not None or now >= fan_out.done_at + BEGUN_ANYHOW_AFTER


def _came(device: Device, audience: Audience) -> bool:
    """Tell whether a device is at home there, or changed last not long after it said where it is.

    One that changed because its exact position was forgotten, being old, has not moved.
    """
    position = device.profile.position
    is_at_home = bool(audience.communes & device.profile.home_communes)
    return is_at_home or (
        position is not None and position.observed_at > device.updated_at - _LATELY
    )


async def _nobody(_: Sequence[str]) -> frozenset[str]:
    return frozenset()
