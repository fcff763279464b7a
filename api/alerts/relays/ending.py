"""Says at relays that a warning which they were told no longer holds: somebody there may go on announcing it.

What a Cancel takes back, and what an Update leaves out: an event that it does not go on with, or a commune
that is no longer in its area. An all-clear is passed on as the bulletin that it is (telling.py).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from api.alerts.ends import Ends
from api.alerts.relays.passing import Passing, Saying
from api.alerts.relays.records import Relay
from api.alerts.relays.repository import RelayRepository
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.shown import Put
from api.kit.jobs import Handler

RELAYING_END = "alerts.relay_end"


class RelayEnds:
    def __init__(
        self, alerts: AlertRepository, ends: Ends, relays: RelayRepository, passing: Passing
    ) -> None:
        self._alerts = alerts
        self._ends = ends
        self._relays = relays
        self._passing = passing

    def handlers(self) -> dict[str, Handler]:
        return {RELAYING_END: self.pass_on}

    async def after_cancellation(self, payload: Mapping[str, Any]) -> None:
        """Ask for what the Cancel `alert_id` takes back to be taken back at relays."""
        cancel = await self._alerts.kept(payload["alert_id"])
        async for record, shown in self._ends.cancelled_by(cancel):
            for thread in shown.threads:
                told = await self._relays.told(shown.warnings([thread]))
                await self._ask(cancel, thread, told, of_id=record.id)

    async def after_update(self, payload: Mapping[str, Any]) -> None:
        """Ask for the events that the Update `alert_id` does not go on with to be closed at relays."""
        update = await self._alerts.kept(payload["alert_id"])
        before, closed = await self._ends.closed_by(update)
        for thread in closed:
            told = await self._relays.told(before.warnings([thread]))
            await self.leave_out(update, thread, told)

    async def leave_out(self, update: AlertRecord, thread: str, relays: Iterable[Relay]) -> None:
        """Ask for these relays, which an update is not for, to be told that the thread's warning is over."""
        await self._ask(update, thread, relays, of_id=None)

    async def pass_on(self, payload: Mapping[str, Any]) -> None:
        """Try once, and ask for another try if the relay did not take it."""

        async def look() -> Saying | None:
            ender, thread = await self._alerts.get(payload["alert_id"]), payload["thread"]
            end = await self._ends.of(ender, payload["of"], thread) if ender else None
            if end is None:
                return None
            return Saying(end.notice, tuple(end.chain.warnings([thread])))

        await self._passing.try_once(RELAYING_END, payload, look)

    async def _ask(
        self, ender: AlertRecord, thread: str, relays: Iterable[Relay], *, of_id: str | None
    ) -> None:
        end = await self._ends.of(ender, of_id, thread)
        if end is None:
            return
        puts = end.chain.puts(thread)
        job = {"alert_id": ender.id, "of": of_id, "thread": thread}
        for relay in relays:
            if not await self._knows(relay, puts):
                await self._passing.ask(RELAYING_END, job, end.notice, relay)

    async def _knows(self, relay: Relay, puts: list[Put]) -> bool:
        """Tell whether the last that the relay was told there is that it is over."""
        outcomes = await self._relays.outcomes_at(relay.id, [put.notice_id for put in puts])
        told = {one.notice_id for one in outcomes if one.attempts}
        said = [put for put in puts if put.notice_id in told]
        return bool(said) and said[-1].bulletin is None
