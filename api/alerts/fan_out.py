"""The jobs behind an accepted message: tell the phones. Each may run several times."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.notices import (
    asks_for_attention,
    audience_of,
    belated,
    cancellation,
    is_all_clear,
    notice_ids,
    quieted,
    warning,
)
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.jobs import Handler
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
        events: Events,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._notifications = notifications
        self._communes = communes
        self._events = events
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker."""
        return {
            FAN_OUT: self.fan_out,
            FAN_OUT_CANCELLATION: self.fan_out_cancellation,
            WITHDRAW_REPLACED: self.withdraw_replaced,
        }

    async def fan_out(self, payload: Mapping[str, Any]) -> None:
        """Tell those in the area of bulletin `number` of the alert `alert_id`, while it is active."""
        await self._tell(payload)
        # What ended it meanwhile may have looked for its notices before there were any.
        record = await self._alerts.get(payload["alert_id"])
        if record is not None:
            await self._withdraw_ended(record)
            await self._take_back_late(record)

    async def _take_back_late(self, record: AlertRecord) -> None:
        """Tell of a Cancel those who were warned after it looked for whom to tell."""
        cancels = await self._alerts.get_many(record.cancelled_by)
        for cancel in cancels.values():
            if await self._is_shown(record, cancel):
                await self._take_back(record, cancel, is_late=True)

    async def withdraw_replaced(self, payload: Mapping[str, Any]) -> None:
        """Send to nobody else what the Update `alert_id` replaces: it has taken effect.

        What waits for quiet hours to end, or for a sender in trouble, would come after the update
        and take its place on the phone.
        """
        update = await self._alerts.get(payload["alert_id"])
        if update is None:
            raise LookupError(payload["alert_id"])
        replaced = await self._alerts.get_many(update.references)
        for record in replaced.values():
            await self._withdraw_ended(record)

    async def _withdraw_ended(self, record: AlertRecord) -> None:
        if record.warned_at is None or not record.has_ended(self._clock()):
            return
        bulletins = (await self._open_alerts.open(record)).bulletins
        await self._notifications.withdraw(notice_ids(record.id, len(bulletins)))

    async def _tell(self, payload: Mapping[str, Any]) -> None:
        record = await self._alerts.begin_to_warn(payload["alert_id"], self._clock())
        if record is None:
            log.info("alert not active, nobody told", alert=payload["alert_id"])
            return
        if payload["takes_effect_later"]:
            await self._publish(record)
        number = int(payload["number"])
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        queued = await self._fan_out(ActualAlert(record), number, bulletin)
        log.info("alert fanned out", alert=record.id, number=number, devices=queued)

    async def _fan_out(self, actual: ActualAlert, number: int, bulletin: Bulletin) -> int:
        """Tell everybody in the area, or by an update: aloud whoever has something new to know."""
        notice = warning(actual, number, bulletin)
        before = await self._told_before(actual.record)
        if before and is_all_clear(bulletin):
            return await self._notifications.fan_out_to_reached(
                notice, await self._notices_of(before)
            )
        audience = await self._audience(bulletin)
        if not before or await self._asks_for_attention(bulletin, number, before[-1]):
            return await self._notifications.fan_out(notice, audience)
        return await self._fan_out_quietly(notice, audience, await self._notices_of(before))

    async def _fan_out_quietly(
        self, notice: Notice, audience: Audience, earlier: tuple[str, ...]
    ) -> int:
        """Tell the area's newcomers aloud, then change silently what the others have."""
        newcomers = replace(audience, unless_reached_by=earlier)
        aloud = await self._notifications.fan_out(notice, newcomers)
        # Whom the first of both took is told already, though FCM may have taken the earlier one since.
        others = replace(audience, if_reached_by=earlier, unless_in=notice.id)
        return aloud + await self._notifications.fan_out(quieted(notice), others)

    async def _told_before(self, record: AlertRecord) -> list[AlertRecord]:
        """Return the earlier warnings of the chain that phones may show, the first first."""
        if not record.references:
            return []
        chain = await self._alerts.of_thread(record.thread, record.sender, record.status)
        referenced = await self._alerts.get_many(record.references)
        known = {one.id: one for one in (*chain, *referenced.values())}.values()
        told = [one for one in known if one.warned_at is not None and one.sent < record.sent]
        return sorted(told, key=lambda one: one.sent)

    async def _notices_of(self, alerts: Sequence[AlertRecord]) -> tuple[str, ...]:
        ids: list[str] = []
        for record in alerts:
            ids += notice_ids(record.id, len((await self._open_alerts.open(record)).bulletins))
        return tuple(ids)

    async def _asks_for_attention(
        self, bulletin: Bulletin, number: int, before: AlertRecord
    ) -> bool:
        bulletins = (await self._open_alerts.open(before)).bulletins
        return number >= len(bulletins) or asks_for_attention(bulletin, bulletins[number])

    async def fan_out_cancellation(self, payload: Mapping[str, Any]) -> None:
        """Tell those who were warned of the alerts that the Cancel `alert_id` takes back."""
        cancel = await self._alerts.get(payload["alert_id"])
        if cancel is None:
            raise LookupError(payload["alert_id"])
        cancelled = await self._alerts.get_many(cancel.references)
        for record in cancelled.values():
            await self._withdraw_ended(record)
            if await self._is_shown(record, cancel):
                await self._take_back(record, cancel)

    async def _is_shown(self, record: AlertRecord, cancel: AlertRecord) -> bool:
        """Tell whether phones show the alert itself: not when an update has taken its place there.

        An update that was to take effect later, or reaches nobody, has taken nothing's place.
        """
        if (
            record.warned_at is None
            or cancel.id not in record.cancelled_by
            or self._clock() >= record.expires_at
        ):
            return False
        updates = await self._alerts.get_many(record.superseded_by)
        return all(update.warned_at is None for update in updates.values())

    async def _take_back(
        self, record: AlertRecord, cancel: AlertRecord, *, is_late: bool = False
    ) -> None:
        alert = await self._open_alerts.open(record)
        earlier = [*await self._told_before(record), record]
        for number, bulletin in enumerate(alert.bulletins):
            if bulletin.reach.is_nowhere or bulletin.expires <= self._clock():
                continue
            notice = cancellation(ActualAlert(cancel), record, number, bulletin)
            queued = await self._notifications.fan_out_to_reached(
                belated(notice) if is_late else notice,
                await self._notices_of(earlier),
                unless_in=notice.id if is_late else None,
            )
            log.info("alert taken back", alert=record.id, number=number, devices=queued)

    async def _audience(self, bulletin: Bulletin) -> Audience:
        return await asyncio.to_thread(audience_of, bulletin, self._communes)

    async def _publish(self, record: AlertRecord) -> None:
        for alert_id in (record.id, *record.references):
            await self._events.publish(CHANGES, {"alert_id": alert_id})
