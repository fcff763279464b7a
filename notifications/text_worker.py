"""The loop that empties the outbox of texts: lease one, send it, note what came of it."""

import asyncio
import traceback
from collections.abc import Mapping
from datetime import timedelta

import structlog

from api.kit.clock import Clock
from api.kit.sealing import SealBroken, Sealer
from api.kit.store import Store, StoreError
from notifications.pacing import back_off, insist, pause
from notifications.senders import Answer, TextSender, Verdict
from notifications.text_message import Channel, TextState
from notifications.text_outbox import LeasedText, TextOutbox

log = structlog.get_logger()

POLL_SECONDS = 0.15
TEXTS_AT_ONCE = 8
"""Of each channel, so that a service that hangs holds nothing up but its own texts."""

STOP_SECONDS = 5.0
"""How long a text under way may still take when the process is told to stop."""

_STATES = {
    Verdict.ACCEPTED: TextState.SENT,
    Verdict.REFUSED: TextState.REFUSED,
    Verdict.UNREGISTERED: TextState.REFUSED,
    Verdict.EXPIRED: TextState.EXPIRED,
}


class TextWorker:
    """Sends what is due, several texts at a time. Any number of processes may run one."""

    def __init__(
        self, store: Store, sealer: Sealer, clock: Clock, senders: Mapping[Channel, TextSender]
    ) -> None:
        self._outbox = TextOutbox(store, sealer, clock)
        self._clock = clock
        self._senders = senders

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. What takes too long then comes due again by itself."""
        due = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            slots = [
                tasks.create_task(self._empty(channel, due, stop))
                for channel in self._senders
                for _ in range(TEXTS_AT_ONCE)
            ]
            tasks.create_task(self._watch(due, stop))
            await stop.wait()
            await asyncio.wait(slots, timeout=STOP_SECONDS)
            for slot in slots:
                slot.cancel()

    async def run_due(self) -> int:
        """Handle everything that is due now, one after the other; return how many texts."""
        handled = 0
        for channel in self._senders:
            while text := await self._outbox.lease(channel):
                await self._handle(text)
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
                log.warning("text outbox unavailable", error=type(error).__name__)
            await pause(stop, POLL_SECONDS)
        due.set()

    async def _empty(self, channel: Channel, due: asyncio.Event, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                if text := await self._outbox.lease(channel):
                    await self._handle(text)
                    continue
            except StoreError as error:
                # What was leased comes due again by itself.
                log.warning("text outbox unavailable", error=type(error).__name__)
            except Exception as error:
                # The one place that catches everything: one bad text must not stop the others.
                _log_failure(error)
            await due.wait()

    async def _handle(self, text: LeasedText) -> None:
        answer = await self._answer(text)
        await insist(lambda: self._note(text, answer))
        log.info(
            "text handled",
            text=text.id,
            channel=text.channel.value,
            attempt=text.attempt,
            verdict=answer.verdict.name,
            reason=answer.reason,
        )

    async def _answer(self, text: LeasedText) -> Answer:
        if self._clock() >= text.expires_at:
            return Answer(Verdict.EXPIRED)
        try:
            message = self._outbox.message(text)
        except SealBroken:
            # Its key may come back, or come late from another host: tried until the text ends.
            log.error("text does not open: its key is not in the keys file", text=text.id)
            return Answer(Verdict.TRY_LATER, "SealBroken")
        return await self._senders[text.channel].send(message)

    async def _note(self, text: LeasedText, answer: Answer) -> None:
        if state := _STATES.get(answer.verdict):
            is_held = await self._outbox.settle(text, state, answer.reason)
        else:
            wait = max(back_off(text.attempt), answer.retry_after or timedelta())
            due_at = min(self._clock() + wait, text.expires_at)
            is_held = await self._outbox.give_back(
                text, due_at, answer.reason, may_have_gone=answer.may_have_gone
            )
        if not is_held:
            log.warning("text taken over or erased", text=text.id)


def _log_failure(error: Exception) -> None:
    """Say where it happened; not the error's words, in which a service may repeat an address."""
    where = traceback.format_tb(error.__traceback__)
    log.error("text failed", error=type(error).__name__, where="".join(where))
