"""The loop that empties the outbox: lease a batch, send it, note the outcomes, let it go."""

import asyncio
from asyncio import Task
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from api.kit.clock import Clock
from api.kit.store import Store, StoreError
from api.kit.transactions import transact
from notifications.delivery import Delivery
from notifications.device_repository import DeviceRepository
from notifications.fan_outs import FanOuts
from notifications.notice import Priority
from notifications.outbox import Batch, Outbox
from notifications.pacing import insist, pause
from notifications.senders import Sender

log = structlog.get_logger()

POLL_SECONDS = 0.2
NOTE_SECONDS = 0.5
"""How often outcomes are noted while a batch is being sent: what kill -9 can make us repeat."""

STOP_SECONDS = 5.0
"""How long a batch under way may still take when the process is told to stop."""

SWEEP_EVERY = timedelta(minutes=10)

LANES: Sequence[Sequence[Priority]] = (
    (Priority.EXTREME,),
    *(tuple(Priority) for _ in range(4)),
)
"""What each of the concurrent slots takes. One is kept free for what cannot wait."""


class OutboxWorker:
    """Sends what is due, several batches at a time. Any number of processes may run one."""

    def __init__(self, store: Store, clock: Clock, sender: Sender) -> None:
        self._store = store
        self._outbox = Outbox(store, clock)
        self._fan_outs = FanOuts(store)
        self._devices = DeviceRepository(store)
        self._clock = clock
        self._sender = sender

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. Batches under way are given back with what is known of them."""
        due = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for lanes in LANES:
                tasks.create_task(self._empty(lanes, due, stop))
            tasks.create_task(self._watch(due, stop))
            tasks.create_task(self._forget_positions(stop))

    async def run_due(self) -> int:
        """Handle everything that is due now, one after the other; return how many batches."""
        handled = 0
        stop = asyncio.Event()
        while batch := await self._outbox.lease(tuple(Priority)):
            await self._handle(batch, stop)
            handled += 1
        return handled

    async def _watch(self, due: asyncio.Event, stop: asyncio.Event) -> None:
        """Wake the slots whenever something is due: one cheap read in place of a write for each."""
        while not stop.is_set():
            try:
                if await self._outbox.is_due():
                    due.set()
                    due.clear()
            except StoreError as error:
                log.warning("outbox unavailable", error=type(error).__name__)
            await pause(stop, POLL_SECONDS)
        due.set()

    async def _empty(
        self, lanes: Sequence[Priority], due: asyncio.Event, stop: asyncio.Event
    ) -> None:
        while not stop.is_set():
            try:
                if batch := await self._outbox.lease(lanes):
                    await self._handle(batch, stop)
                    continue
            except StoreError as error:
                # What was leased comes due again by itself.
                log.warning("outbox unavailable", error=type(error).__name__)
            except Exception as error:
                # The one place that catches everything: one bad batch must not stop the others.
                log.error("batch failed", exc_info=error)
            await due.wait()

    async def _handle(self, batch: Batch, stop: asyncio.Event) -> None:
        fan_out = await self._fan_outs.get(batch.notice_id)
        if fan_out is None:
            # Both are kept equally long, so this is a store restored from different moments.
            log.error("batch without notice", batch=batch.id, notice=batch.notice_id)
            await self._outbox.let_go(batch, batch.outcomes, None)
            return
        devices = await self._devices.find_many(batch.device_ids)
        if devices.broken:
            log.error("devices not read", batch=batch.id, devices=sorted(devices.broken))
        delivery = Delivery(batch, fan_out.notice, devices, self._clock())
        if delivery.wakes_anybody:
            # Noted before it is sent: whoever withdraws the notice either sees these on their way,
            # or was so early that it is seen here.
            if not await self._outbox.keep(batch, delivery.certain):
                return
            fan_out = await self._fan_outs.get(batch.notice_id) or fan_out
            delivery = Delivery(batch, fan_out.notice, devices, self._clock())
        try:
            is_held = await self._send(batch, delivery, stop)
        except Exception:
            # What was sent before the sender broke was sent: it must not go out again.
            await insist(lambda: self._settle(batch, delivery))
            raise
        if is_held:
            await insist(lambda: self._settle(batch, delivery))
            delivery.log_summary()

    async def _send(self, batch: Batch, delivery: Delivery, stop: asyncio.Event) -> bool:
        """Send what is to be sent, noting outcomes on the way; False when the lease was lost."""
        sending = asyncio.create_task(self._sender.send(delivery.messages, delivery.report))
        stopping = asyncio.create_task(stop.wait())
        try:
            while not await _first_of(sending, stopping, NOTE_SECONDS):
                if not await self._note(batch, delivery):
                    log.warning("batch taken over", batch=batch.id)
                    return False
            await asyncio.wait({sending}, timeout=STOP_SECONDS)
            if sending.done():
                sending.result()
            return True
        finally:
            stopping.cancel()
            sending.cancel()
            await asyncio.wait({sending, stopping})

    async def _note(self, batch: Batch, delivery: Delivery) -> bool:
        """Keep what is known so far; False when another worker has the batch now."""
        try:
            return await self._outbox.keep(batch, delivery.certain)
        except StoreError as error:
            # No reason to stop sending: the next note, or the last one, holds these outcomes too.
            log.warning("outcomes not noted yet", batch=batch.id, error=type(error).__name__)
            return True

    async def _settle(self, batch: Batch, delivery: Delivery) -> None:
        if delivery.rejected:
            await transact(self._store, lambda: self._judge(batch, delivery))
        else:
            await self._let_go(batch, delivery)

    async def _judge(self, batch: Batch, delivery: Delivery) -> None:
        """Let the batch go with what became of those rejected; joins the open transaction.

        In one, so that whoever is registered anew is either seen here, and sent it again by this batch,
        or comes after the outcome, and is met by a look for newcomers.
        """
        rejected, unregistered, now = delivery.rejected, delivery.unregistered, self._clock()
        # Each is written once: a thousand in one transaction take half a second.
        others = {one: times for one, times in rejected.items() if one not in unregistered}
        await self._devices.note_rejected(others, now)
        await self._devices.retire(unregistered, "UNREGISTERED", now)
        delivery.try_again_where_changed(await self._devices.get_many(tuple(rejected)))
        await self._let_go(batch, delivery)

    async def _let_go(self, batch: Batch, delivery: Delivery) -> None:
        due_at = delivery.due_again_at(self._clock())
        outcomes, refused = delivery.outcomes, delivery.refused
        await self._outbox.let_go(batch, outcomes, due_at, refused, delivery.unread)

    async def _forget_positions(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(StoreError):
                forgotten = await self._devices.forget_positions(self._clock())
                blurred = await self._devices.forget_exact_positions(self._clock())
                log.debug("positions forgotten", devices=forgotten, exact=blurred)
            await pause(stop, SWEEP_EVERY.total_seconds())


async def _first_of(sending: Task[None], stopping: Task[object], seconds: float) -> bool:
    """Wait for one of them; False when neither was done in time."""
    done, _ = await asyncio.wait(
        {sending, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
    )
    return bool(done)
