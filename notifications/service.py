"""The door of this package: say something to an audience, and see how far it came."""

import asyncio
from collections import Counter
from collections.abc import Collection as AnyOf
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.kit.audience_source import AudienceSource, Period
from api.kit.clock import Clock
from api.kit.store import Store
from notifications.audience import PAGE_SIZE, Expected, Selection, nobody
from notifications.device_index import DeviceIndex
from notifications.device_repository import DeviceRepository
from notifications.fan_outs import FanOut, FanOuts
from notifications.newcomers import Newcomers
from notifications.notice import Audience, Notice, reader_of
from notifications.outbox import Outbox, Progress, Tally
from notifications.outcomes import Outcome
from notifications.receipts import Receipts


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`at_the_edge`: of the `devices`, those whose coarse cell lies only partly in the area.

    Some of these stand outside; they are warned, so that nobody inside is missed.
    """

    devices: int
    at_the_edge: int

    @property
    def edge_share(self) -> float:
        return self.at_the_edge / self.devices if self.devices else 0.0


class Notifications:
    """Fills the outbox; a worker (notifications.worker) empties it. `sources`: who knows of plans and stays."""

    def __init__(self, store: Store, clock: Clock, sources: Sequence[AudienceSource] = ()) -> None:
        self._devices = DeviceRepository(store)
        self._fan_outs = FanOuts(store)
        self._outbox = Outbox(store, clock)
        self._receipts = Receipts(store)
        self.index = DeviceIndex(self._devices, clock)
        self._clock = clock
        self._sources = sorted(sources, key=lambda source: source.name)
        self.newcomers = Newcomers(store, clock, self._sources)

    async def keep_index(self, stop: asyncio.Event) -> None:
        """Hold all devices in memory until `stop` is set, so that an audience is found at once.

        For the process that fans out; about 50 bytes a device. Without it, they are read from the store.
        """
        await self.index.run(stop)

    async def fan_out(self, notice: Notice, audience: Audience) -> int:
        """Queue `notice` for every device of `audience`, and return how many that are.

        Idempotent by `notice.id`: a call after a crash goes on where the first one stopped, two at
        once share the work, and one after the end returns the first answer. The notice is kept as
        it was given first. An expired notice is queued for nobody.
        """
        while not (fan_out := await self._run(notice, audience)).done_at:
            pass
        return fan_out.devices

    async def fan_out_to(self, notice: Notice, device_ids: AnyOf[str]) -> int:
        """Queue `notice` for these devices, wherever they are; return how many those are.

        Idempotent as `fan_out` is.
        """
        while not (fan_out := await self._send_to(notice, device_ids)).done_at:
            pass
        return fan_out.devices

    async def last_shown(self, notice_ids: Sequence[str]) -> dict[str, str]:
        """Return, by device, the last of these notices that reached it; they are given oldest first.

        What was refused, expired, or waits has reached nobody. Held in memory as a whole.
        """
        shown: dict[str, str] = {}
        for notice_id in notice_ids:
            shown.update(dict.fromkeys(await self._outbox.reached_by([notice_id]), notice_id))
        return shown

    async def may_show(self, notice_ids: Sequence[str]) -> frozenset[str]:
        """Return the devices that got one of these notices, or may have, for all that FCM said."""
        return await self._outbox.reached_by(notice_ids, or_tried=True)

    async def meant_by(self, notice_ids: Sequence[str]) -> frozenset[str]:
        """Return the devices for which one of these notices was queued, whatever became of it."""
        meant: set[str] = set()
        for notice_id in notice_ids:
            meant |= await self._outbox.devices_of(notice_id)
        return frozenset(meant)

    async def reached_late(self, notice_ids: Sequence[str]) -> frozenset[str] | None:
        """Return the devices that may have got one of these notices after it was withdrawn.

        They were in the hands of a worker then. None while one still is.
        """
        late: set[str] = set()
        for notice_id in notice_ids:
            fan_out = await self._fan_outs.get(notice_id)
            if fan_out is None:
                continue
            found = await self._outbox.reached_since(notice_id, fan_out.notice.expires_at)
            if found is None:
                return None
            late |= found
        return frozenset(late)

    async def tell(self, notice: Notice, person_id: str) -> int:
        """Queue `notice` for every device on which a person is signed in; return how many those are.

        It is sent to those only that are still the person's then. Idempotent by `notice.id`, as
        `fan_out` is; it may join an open transaction.
        """
        own = replace(notice, reader=reader_of(person_id))
        fan_out = await self._fan_outs.begin(own, self._clock())
        if fan_out.done_at is None and fan_out.batches == 0:
            linked = await self._devices.linked(person_id)
            ids = [device.id for device in linked if device.retired_at is None]
            if ids and self._clock() < fan_out.notice.expires_at:
                added = await self._fan_outs.add(fan_out, ids, (), self._clock())
                fan_out = added or fan_out
        finished = await self._fan_outs.finish(fan_out, self._clock())
        return (finished or fan_out).devices

    async def tell_device(self, notice: Notice, device_id: str) -> int:
        """Queue `notice` for one device, whoever holds it; return how many that are: 1, or 0 for one that left.

        Idempotent by `notice.id`; it may join an open transaction.
        """
        fan_out = await self._fan_outs.begin(notice, self._clock())
        if fan_out.done_at is None and fan_out.batches == 0:
            device = await self._devices.get(device_id)
            is_there = device is not None and device.retired_at is None
            if is_there and self._clock() < fan_out.notice.expires_at:
                added = await self._fan_outs.add(fan_out, [device_id], (), self._clock())
                fan_out = added or fan_out
        finished = await self._fan_outs.finish(fan_out, self._clock())
        return (finished or fan_out).devices

    async def withdraw(self, notice_ids: Sequence[str]) -> None:
        """Send these notices to nobody any more, also those that nobody has begun to fan out yet.

        Phones that have one keep it, and what a worker has in hand may still arrive (`reached_late`).
        """
        await self._fan_outs.withdraw(notice_ids, self._clock())

    async def reckon(self, audience: Audience, expires_at: datetime) -> Reckoning:
        """Count whom a notice to `audience` that ends then would reach now; nothing is queued and no device named."""
        met: set[str] = set()
        now = self._clock()
        expected = Expected(self._sources, Period(now, expires_at))
        selection = Selection(self._devices, audience, now, nobody, expected=expected)
        async for page in selection.pages():
            met.update(page.device_ids)
        return Reckoning(len(met), await self._count_at_the_edge(sorted(met), audience))

    async def _count_at_the_edge(self, device_ids: Sequence[str], audience: Audience) -> int:
        """Count those met only because their cell touches the area, of which a part lies outside."""
        cells: Counter[str] = Counter()
        for start in range(0, len(device_ids), PAGE_SIZE):
            devices = await self._devices.get_many(device_ids[start : start + PAGE_SIZE])
            for device in devices.values():
                position = device.position_at(self._clock())
                is_exact = device.exact_at(self._clock()) is not None
                if (
                    position
                    and not is_exact
                    and not audience.communes & device.profile.home_communes
                ):
                    cells[position.cell] += 1
        # Whoever is expected may be elsewhere now: a cell that does not touch the area is no edge of it.
        at_the_edge = (
            cell
            for cell in cells
            if audience.area.touches_cell(cell) and not audience.area.holds_cell(cell)
        )
        return sum(cells[cell] for cell in at_the_edge)

    async def progress(self, notice_id: str) -> Progress:
        """Return the counts so far, all zero for a notice that was never fanned out."""
        progress = await self._outbox.progress(notice_id)
        fan_out = await self._fan_outs.get(notice_id)
        outside = fan_out.likely_outside if fan_out else 0
        return replace(progress, likely_outside=outside)

    async def count(self, notice_id: str, tally: Tally) -> Counter[Outcome]:
        """Return how many devices of a notice stand where; reads only what the tally has not."""
        return await self._outbox.count(notice_id, tally)

    async def count_opened(self, notice_id: str) -> int:
        """Count the devices that say they opened it, those it was not meant for included."""
        return await self._receipts.count(notice_id)

    async def note_opened(self, notice_id: str, device_id: str) -> bool:
        """Note that a device opened a notice, once; False for a notice that does not exist."""
        if await self._fan_outs.get(notice_id) is None:
            return False
        await self._receipts.note(notice_id, device_id, self._clock())
        return True

    async def _send_to(self, notice: Notice, device_ids: AnyOf[str]) -> FanOut:
        """Go as far as possible without meeting another worker."""
        fan_out = await self._fan_outs.begin(notice, self._clock())
        if fan_out.done_at:
            return fan_out
        if self._clock() < fan_out.notice.expires_at:
            remaining = sorted(frozenset(device_ids) - await self._outbox.devices_of(notice.id))
            for start in range(0, len(remaining), PAGE_SIZE):
                added = await self._fan_outs.add(
                    fan_out, remaining[start : start + PAGE_SIZE], (), self._clock()
                )
                if added is None:
                    return fan_out
                fan_out = added
        return await self._fan_outs.finish(fan_out, self._clock()) or fan_out

    async def _left_out(self, audience: Audience) -> frozenset[str]:
        if audience.unless_in is None:
            return frozenset()
        return await self._outbox.devices_of(audience.unless_in)

    async def _run(self, notice: Notice, audience: Audience) -> FanOut:
        """Go as far as possible without meeting another worker."""
        fan_out = await self._fan_outs.begin(notice, self._clock())
        if fan_out.done_at:
            return fan_out
        if self._clock() < fan_out.notice.expires_at:
            selection = Selection(
                self._devices,
                audience,
                fan_out.began_at,
                lambda device_ids: self._outbox.holding(notice.id, device_ids),
                self.index,
                Expected(self._sources, Period(fan_out.began_at, fan_out.notice.expires_at)),
            )
            left_out = await self._left_out(audience)
            async for page in selection.pages(fan_out.cursor):
                if device_ids := tuple(one for one in page.device_ids if one not in left_out):
                    outside = len(page.likely_outside.intersection(device_ids))
                    added = await self._fan_outs.add(
                        fan_out, device_ids, page.cursor, self._clock(), outside
                    )
                    if added is None:
                        return fan_out
                    fan_out = added
        return await self._fan_outs.finish(fan_out, self._clock()) or fan_out
