"""The door of this package: say something to an audience, and see how far it came."""

from collections.abc import Sequence
from dataclasses import replace

from api.kit.clock import Clock
from api.kit.store import Store
from notifications.audience import Selection
from notifications.device_repository import DeviceRepository
from notifications.fan_outs import FanOut, FanOuts
from notifications.notice import Audience, Notice, reader_of
from notifications.outbox import Outbox, Progress


class Notifications:
    """Fills the outbox; a worker (notifications.worker) empties it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._devices = DeviceRepository(store)
        self._fan_outs = FanOuts(store)
        self._outbox = Outbox(store, clock)
        self._clock = clock

    async def fan_out(self, notice: Notice, audience: Audience) -> int:
        """Queue `notice` for every device of `audience`, and return how many that are.

        Idempotent by `notice.id`: a call after a crash goes on where the first one stopped, two at
        once share the work, and one after the end returns the first answer. The notice is kept as
        it was given first. An expired notice is queued for nobody.
        """
        while not (fan_out := await self._run(notice, audience)).done_at:
            pass
        return fan_out.devices

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
        """Send these notices to nobody any more. Phones that have one keep it; unknown ids do nothing."""
        await self._fan_outs.withdraw(notice_ids, self._clock())

    async def progress(self, notice_id: str) -> Progress:
        """Return the counts so far, all zero for a notice that was never fanned out."""
        return await self._outbox.progress(notice_id)

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
            )
            async for page in selection.pages(fan_out.cursor):
                if page.device_ids:
                    added = await self._fan_outs.add(
                        fan_out, page.device_ids, page.cursor, self._clock()
                    )
                    if added is None:
                        return fan_out
                    fan_out = added
        return await self._fan_outs.finish(fan_out, self._clock()) or fan_out
