"""Says at relays that a warning which they were told no longer holds: somebody there may go on announcing it.

What a Cancel takes back, and what an Update leaves out: an event that it does not go on with, or a commune
that is no longer in its area. An all-clear is passed on as the bulletin that it is (telling.py).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from api.alerts.actual_alert import ActualAlert
from api.alerts.notices import cancellation, closing
from api.alerts.open_alerts import OpenAlerts
from api.alerts.relays.passing import Passing, Saying
from api.alerts.relays.records import Relay
from api.alerts.relays.repository import RelayRepository
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.shown import Put, ShownChain, ShownChains
from api.alerts.threads import threads_closed
from api.kit.clock import Clock
from api.kit.jobs import Handler
from notifications.notice import Notice

RELAYING_END = "alerts.relay_end"

_End = tuple[Notice, ShownChain]
"""What says that a warning is over, and the chain in which it was told."""


class RelayEnds:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        chains: ShownChains,
        relays: RelayRepository,
        passing: Passing,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._chains = chains
        self._relays = relays
        self._passing = passing
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {RELAYING_END: self.pass_on}

    async def after_cancellation(self, payload: Mapping[str, Any]) -> None:
        """Ask for what the Cancel `alert_id` takes back to be taken back at relays."""
        cancel = await self._alerts.kept(payload["alert_id"])
        cancelled = await self._alerts.get_many(cancel.references)
        for record in cancelled.values():
            if record.warned_at is not None:
                shown = await self._chains.up_to(record)
                for thread in shown.threads:
                    told = await self._relays.told(shown.warnings([thread]))
                    await self._ask(cancel, thread, told, of_id=record.id)

    async def after_update(self, payload: Mapping[str, Any]) -> None:
        """Ask for the events that the Update `alert_id` does not go on with to be closed at relays."""
        update = await self._alerts.kept(payload["alert_id"])
        alert = await self._open_alerts.open(update)
        if alert.is_all_clear:
            return
        before, threads = await self._chains.before(update)
        for thread in threads_closed(before.threads, alert, threads, self._clock()):
            told = await self._relays.told(before.warnings([thread]))
            await self.leave_out(update, thread, told)

    async def leave_out(self, update: AlertRecord, thread: str, relays: Iterable[Relay]) -> None:
        """Ask for these relays, which an update is not for, to be told that the thread's warning is over."""
        await self._ask(update, thread, relays, of_id=None)

    async def pass_on(self, payload: Mapping[str, Any]) -> None:
        """Try once, and ask for another try if the relay did not take it."""

        async def look() -> Saying | None:
            ender = await self._alerts.get(payload["alert_id"])
            found = await self._end(ender, payload["of"], payload["thread"]) if ender else None
            if found is None:
                return None
            notice, puts = found
            return Saying(notice, tuple(put.notice_id for put in puts if put.bulletin))

        await self._passing.try_once(RELAYING_END, payload, look)

    async def _ask(
        self, ender: AlertRecord, thread: str, relays: Iterable[Relay], *, of_id: str | None
    ) -> None:
        found = await self._end(ender, of_id, thread)
        if found is None:
            return
        notice, puts = found
        job = {"alert_id": ender.id, "of": of_id, "thread": thread}
        for relay in relays:
            if not await self._knows(relay, puts):
                await self._passing.ask(RELAYING_END, job, notice, relay)

    async def _knows(self, relay: Relay, puts: list[Put]) -> bool:
        """Tell whether the last that the relay was told there is that it is over."""
        outcomes = await self._relays.outcomes_at(relay.id, [put.notice_id for put in puts])
        told = {one.notice_id for one in outcomes if one.attempts}
        said = [put for put in puts if put.notice_id in told]
        return bool(said) and said[-1].bulletin is None

    async def _end(
        self, ender: AlertRecord, of_id: str | None, thread: str
    ) -> tuple[Notice, list[Put]] | None:
        """Return what says that it is over, while that is news, and what it is said of."""
        if of_id is None:
            found = await self._left_out(ender, thread)
        else:
            found = await self._taken_back(ender, of_id, thread)
        if found is None or found[0].expires_at <= self._clock():
            return None
        notice, shown = found
        return notice, shown.puts(thread)

    async def _left_out(self, update: AlertRecord, thread: str) -> _End | None:
        if update.has_ended(self._clock()):
            return None
        alert = await self._open_alerts.open(update)
        shown, _ = await self._chains.before(update)
        notice = closing(alert, thread, shown.latest(thread))
        return (notice, shown) if notice else None

    async def _taken_back(self, cancel: AlertRecord, of_id: str, thread: str) -> _End | None:
        record = await self._alerts.get(of_id)
        if record is None or not await self._chains.still_shows(record, cancel, self._clock()):
            return None
        shown = await self._chains.up_to(record)
        latest = shown.latest(thread)
        if latest is None:
            return None
        return cancellation(ActualAlert(cancel), record, thread, latest), shown
