"""The jobs that pass warnings on to relays, and say there too when one no longer holds."""

import asyncio
from collections.abc import Mapping
from typing import Any

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Communes
from api.alerts.notices import warning
from api.alerts.open_alerts import Alert, OpenAlerts
from api.alerts.relays.ending import RelayEnds
from api.alerts.relays.passing import Passing, Saying
from api.alerts.relays.records import Relay
from api.alerts.relays.repository import RelayRepository
from api.alerts.repository import AlertRepository
from api.alerts.shown import ShownChains
from api.alerts.subjects import subject_of
from api.kit.clock import Clock
from api.kit.jobs import Handler

RELAYING = "alerts.relay"


class RelayJobs:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        chains: ShownChains,
        communes: Communes,
        relays: RelayRepository,
        passing: Passing,
        ends: RelayEnds,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._chains = chains
        self._communes = communes
        self._relays = relays
        self._passing = passing
        self._ends = ends
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker. They wait for other systems."""
        return {RELAYING: self.pass_on, **self._ends.handlers()}

    async def ask(self, payload: Mapping[str, Any]) -> None:
        """Ask for a bulletin, of which phones have just been told, to be passed on in its communes.

        Relays that were told what it replaces are told too, however mild it is; beyond its communes,
        that what they were told no longer holds.
        """
        number = int(payload["number"])
        alert = await self._in_force(payload["alert_id"], number)
        if alert is None:
            return
        bulletin, saying = alert.bulletins[number], await self._saying(alert, number)
        told = await self._relays.told(saying.after)
        homes = await asyncio.to_thread(bulletin.reach.homes, self._communes)
        for relay in await self._relays.in_communes(homes):
            if bulletin.is_all_clear or relay in told or relay.wants(subject_of(bulletin)):
                await self._ask(payload, saying, relay)
        beyond = [relay for relay in told if relay.commune not in homes]
        if not bulletin.is_all_clear:
            await self._ends.leave_out(alert.record, saying.notice.thread, beyond)
            return
        for relay in beyond:
            await self._ask(payload, saying, relay)

    async def pass_on(self, payload: Mapping[str, Any]) -> None:
        """Try once, and ask for another try if the relay did not take it."""

        async def look() -> Saying | None:
            number = int(payload["number"])
            alert = await self._in_force(payload["alert_id"], number)
            return await self._saying(alert, number) if alert else None

        await self._passing.try_once(RELAYING, payload, look)

    async def _in_force(self, alert_id: str, number: int) -> Alert | None:
        """Return the alert, unless something has ended it or this bulletin of it."""
        record, now = await self._alerts.get(alert_id), self._clock()
        if record is None or record.warned_at is None or record.has_ended(now):
            return None
        alert = await self._open_alerts.open(record)
        return alert if alert.bulletins[number].is_in_force(now) else None

    async def _saying(self, alert: Alert, number: int) -> Saying:
        before, threads = await self._chains.before(alert.record)
        bulletin, thread = alert.bulletins[number], threads[number]
        # A message that says nothing but that all is over ends all that was said before.
        is_end_of_all = alert.is_all_clear and number == 0
        ended = before.warnings(before.threads if is_end_of_all else (thread,))
        return Saying(warning(ActualAlert(alert.record), number, bulletin, thread), tuple(ended))

    async def _ask(self, payload: Mapping[str, Any], saying: Saying, relay: Relay) -> None:
        job = {"alert_id": payload["alert_id"], "number": int(payload["number"])}
        await self._passing.ask(RELAYING, job, saying.notice, relay)
