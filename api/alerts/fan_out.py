"""The jobs behind an accepted message: tell the phones. Each may run several times."""

from collections.abc import Mapping
from typing import Any

import structlog

from api.alerts.notices import audience_of, cancellation, warning
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.jobs import Handler
from notifications.service import Notifications

FAN_OUT = "alerts.fan_out"
FAN_OUT_CANCELLATION = "alerts.fan_out_cancellation"
CHANGES = "alerts"
"""The topic of events: an alert was issued, updated or cancelled. Payload: `alert_id`."""

log = structlog.get_logger()


class FanOutJobs:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        notifications: Notifications,
        events: Events,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._notifications = notifications
        self._events = events
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker."""
        return {FAN_OUT: self.fan_out, FAN_OUT_CANCELLATION: self.fan_out_cancellation}

    async def fan_out(self, payload: Mapping[str, Any]) -> None:
        """Tell those in the area of bulletin `number` of the alert `alert_id`, while it is active."""
        record = await self._alerts.begin_to_warn(payload["alert_id"], self._clock())
        if record is None:
            log.info("alert not active, nobody told", alert=payload["alert_id"])
            return
        if payload["takes_effect_later"]:
            await self._publish(record)
        number = int(payload["number"])
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        queued = await self._notifications.fan_out(
            warning(record, number, bulletin), audience_of(bulletin)
        )
        log.info("alert fanned out", alert=record.id, number=number, devices=queued)

    async def fan_out_cancellation(self, payload: Mapping[str, Any]) -> None:
        """Tell those who were warned of the alerts that the Cancel `alert_id` takes back."""
        cancel = await self._alerts.get(payload["alert_id"])
        if cancel is None:
            raise LookupError(payload["alert_id"])
        cancelled = await self._alerts.get_many(cancel.references)
        for record in cancelled.values():
            if self._is_shown(record, cancel):
                await self._take_back(record, cancel)

    def _is_shown(self, record: AlertRecord, cancel: AlertRecord) -> bool:
        """Tell whether phones show the alert itself: not when an update has taken its place there."""
        return (
            record.warned_at is not None
            and not record.superseded_by
            and cancel.id in record.cancelled_by
            and self._clock() < record.expires_at
        )

    async def _take_back(self, record: AlertRecord, cancel: AlertRecord) -> None:
        alert = await self._open_alerts.open(record)
        for number, bulletin in enumerate(alert.bulletins):
            if bulletin.reach.is_nowhere or bulletin.expires <= self._clock():
                continue
            queued = await self._notifications.fan_out(
                cancellation(cancel, record, number, bulletin), audience_of(bulletin)
            )
            log.info("alert taken back", alert=record.id, number=number, devices=queued)

    async def _publish(self, record: AlertRecord) -> None:
        for alert_id in (record.id, *record.references):
            await self._events.publish(CHANGES, {"alert_id": alert_id})
