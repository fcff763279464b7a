"""The jobs behind an accepted message: tell the phones. Each may run several times.

Whoever replaces or ends a warning withdraws first what is still on its way of it, then looks who shows
what, and comes back once no worker has any of it in hand (api.alerts.late_arrivals).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.late_arrivals import LateArrivals
from api.alerts.notices import (
    audience_of,
    cancellation,
    closing,
    ids_to_tell,
    quieted,
    warning,
    warning_id,
)
from api.alerts.open_alerts import Alert, OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.shown import ShownChain, ShownChains
from api.alerts.threads import threads_closed
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.jobs import Handler, Jobs
from notifications.devices import Device
from notifications.notice import Audience, Notice
from notifications.service import Notifications

FAN_OUT = "alerts.fan_out"
FAN_OUT_CANCELLATION = "alerts.fan_out_cancellation"
WITHDRAW_REPLACED = "alerts.withdraw_replaced"
CHANGES = "alerts"
"""The topic of events: an alert was issued, updated or cancelled. Payload: `alert_id`."""

log = structlog.get_logger()


class FanOutJobs:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        notifications: Notifications,
        communes: Communes,
        jobs: Jobs,
        events: Events,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._notifications = notifications
        self._communes = communes
        self._events = events
        self._clock = clock
        self._chains = ShownChains(alerts, open_alerts, notifications)
        self._late = LateArrivals(alerts, open_alerts, self._chains, notifications, jobs, clock)

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker."""
        return {
            FAN_OUT: self.fan_out,
            FAN_OUT_CANCELLATION: self.fan_out_cancellation,
            WITHDRAW_REPLACED: self.withdraw_replaced,
            **self._late.handlers(),
        }

    async def fan_out(self, payload: Mapping[str, Any]) -> None:
        """Tell those in the area of bulletin `number` of the alert `alert_id`, while it is active."""
        record = await self._alerts.begin_to_warn(payload["alert_id"], self._clock())
        if record is None:
            log.info("alert not active, nobody told", alert=payload["alert_id"])
            return
        if payload["takes_effect_later"]:
            await self._publish(record)
        alert, number = await self._open_alerts.open(record), int(payload["number"])
        before, threads = await self._chains.before(record)
        if before.alerts:
            await self._withdraw(before)
            queued = await self._tell_update(alert, number, threads[number], before)
            await self._late.look_for(record, (threads[number],))
        else:
            bulletin = alert.bulletins[number]
            notice = warning(ActualAlert(record), number, bulletin, threads[number])
            queued = await self._notifications.fan_out(notice, await self._audience(bulletin))
        if not alert.bulletins[number].is_all_clear:
            await self._notifications.newcomers.begin(warning_id(record.id, number))
        log.info("alert fanned out", alert=record.id, number=number, devices=queued)

    async def _tell_update(self, alert: Alert, number: int, thread: str, before: ShownChain) -> int:
        bulletin = alert.bulletins[number]
        notice = warning(ActualAlert(alert.record), number, bulletin, thread)
        if bulletin.is_all_clear:
            threads = before.threads if alert.is_all_clear and number == 0 else (thread,)
            told = await self._notifications.fan_out_to(notice, await before.may_show(threads))
        else:
            told = await self._tell_news(notice, bulletin, before)
        await self._leave_out(alert, thread, before, ids_to_tell(notice.id))
        return told

    async def _tell_news(self, notice: Notice, bulletin: Bulletin, before: ShownChain) -> int:
        """Tell aloud whoever learns of something by it, then change silently what the others show."""
        shows, knows = await before.knows(notice.thread, bulletin, self._clock())
        audience = await self._audience(bulletin)

        def learns(device: Device) -> bool:
            return not knows(device)

        unknowing = replace(audience, takes=learns)
        aloud = await self._notifications.fan_out(notice, unknowing)
        # Also who would rather not hear of such warnings: what they show must be brought up to date.
        others = replace(audience, subject=None, takes=shows, unless_in=notice.id)
        return aloud + await self._notifications.fan_out(quieted(notice), others)

    async def withdraw_replaced(self, payload: Mapping[str, Any]) -> None:
        """Send to nobody else what the Update `alert_id` replaces: it has taken effect.

        What waits for quiet hours to end, or for a sender in trouble, would come after the update
        and take its place on the phone. What phones show of events that the update no longer has
        is closed.
        """
        update = await self._alerts.kept(payload["alert_id"])
        before, threads = await self._chains.before(update)
        await self._withdraw(before)
        if update.has_ended(self._clock()):
            return
        alert = await self._open_alerts.open(update)
        closed = threads_closed(before.threads, alert, threads, self._clock())
        for thread in closed:
            await self._leave_out(alert, thread, before, ())
        if closed:
            await self._late.look_for(update, closed)

    async def _leave_out(
        self, alert: Alert, thread: str, before: ShownChain, told_by: Sequence[str]
    ) -> None:
        """Close silently what phones show in a thread, but for those that the alert itself tells."""
        notice = closing(alert, thread, before.latest(thread))
        if notice is None or notice.expires_at <= self._clock():
            return
        left = await before.may_show_still(thread) - await self._notifications.meant_by(told_by)
        queued = await self._notifications.fan_out_to(notice, left)
        log.info("phones left out", alert=alert.record.id, devices=queued)

    async def fan_out_cancellation(self, payload: Mapping[str, Any]) -> None:
        """Tell those who were warned of the alerts that the Cancel `alert_id` takes back."""
        cancel = await self._alerts.kept(payload["alert_id"])
        cancelled = await self._alerts.get_many(cancel.references)
        for record in cancelled.values():
            if record.warned_at is not None:
                shown = await self._chains.up_to(record)
                ended = shown.ended_notices(self._clock(), with_cancellations=False)
                await self._notifications.withdraw(ended)
            if await self._chains.still_shows(record, cancel, self._clock()):
                await self._take_back(record, cancel)

    async def _take_back(self, record: AlertRecord, cancel: AlertRecord) -> None:
        shown = await self._chains.up_to(record)
        for thread in shown.threads:
            bulletin = shown.latest(thread)
            if bulletin is None or bulletin.expires <= self._clock():
                continue
            notice = cancellation(ActualAlert(cancel), record, thread, bulletin)
            told = await self._notifications.fan_out_to(notice, await shown.may_show([thread]))
            log.info("alert taken back", alert=record.id, devices=told)
        await self._late.look_for(cancel, shown.threads, of=record)

    async def _withdraw(self, shown: ShownChain) -> None:
        await self._notifications.withdraw(shown.ended_notices(self._clock()))

    async def _audience(self, bulletin: Bulletin) -> Audience:
        return await asyncio.to_thread(audience_of, bulletin, self._communes)

    async def _publish(self, record: AlertRecord) -> None:
        for alert_id in (record.id, *record.references):
            await self._events.publish(CHANGES, {"alert_id": alert_id})
