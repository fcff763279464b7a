"""The jobs behind an accepted message: tell the phones. Each may run several times."""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from api.alerts.bulletins import Bulletin, Communes
from api.alerts.notices import audience_of, cancellation, warning, warning_id
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.jobs import Handler
from notifications.notice import Audience
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
        await self._notifications.withdraw(
            [warning_id(record.id, number) for number in range(len(bulletins))]
        )

    async def _tell(self, payload: Mapping[str, Any]) -> None:
        record = await self._alerts.begin_to_warn(payload["alert_id"], self._clock())
        if record is None:
            log.info("alert not active, nobody told", alert=payload["alert_id"])
            return
        if payload["takes_effect_later"]:
            await self._publish(record)
        number = int(payload["number"])
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        queued = await self._notifications.fan_out(
            warning(record, number, bulletin), await self._audience(bulletin)
        )
        log.info("alert fanned out", alert=record.id, number=number, devices=queued)

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

    async def _take_back(self, record: AlertRecord, cancel: AlertRecord) -> None:
        alert = await self._open_alerts.open(record)
        for number, bulletin in enumerate(alert.bulletins):
            if bulletin.reach.is_nowhere or bulletin.expires <= self._clock():
                continue
            queued = await self._notifications.fan_out(
                cancellation(cancel, record, number, bulletin), await self._audience(bulletin)
            )
            log.info("alert taken back", alert=record.id, number=number, devices=queued)

    async def _audience(self, bulletin: Bulletin) -> Audience:
        return await asyncio.to_thread(audience_of, bulletin, self._communes)

    async def _publish(self, record: AlertRecord) -> None:
        for alert_id in (record.id, *record.references):
            await self._events.publish(CHANGES, {"alert_id": alert_id})
