"""Phones that come into the area of a warning while it is in force: they get it then.

They drive there, are registered there, or call it home from now on. Every LOOK_EVERY the phones that changed since
the last look are met with the area; whoever the warning was meant for already, in whatever way, is left alone.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from api.alerts.bulletins import Communes
from api.alerts.notices import audience_of, quieted_id, warning_id
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from notifications.service import Notifications

TELL_NEWCOMERS = "alerts.tell_newcomers"
LOOK_EVERY = timedelta(seconds=20)

log = structlog.get_logger()


class Newcomers:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        notifications: Notifications,
        communes: Communes,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._notifications = notifications
        self._communes = communes
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {TELL_NEWCOMERS: self.tell}

    async def look_for(self, record: AlertRecord, number: int, since: datetime) -> None:
        """Ask for looks at who comes into the area of a bulletin after `since`, when its fan-out began."""
        await self._ask({"alert_id": record.id, "number": number, "since": since}, 0)

    async def tell(self, payload: Mapping[str, Any]) -> None:
        """Tell who has come since the last look, and look again while the bulletin is in force."""
        now, number = self._clock(), int(payload["number"])
        record = await self._alerts.kept(payload["alert_id"])
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        if not record.is_active(now) or now >= bulletin.expires:
            return
        audience = await asyncio.to_thread(audience_of, bulletin, self._communes)
        notice_id = warning_id(record.id, number)
        told = await self._notifications.fan_out_to_newcomers(
            notice_id, audience, payload["since"], besides=quieted_id(notice_id)
        )
        if told:
            log.info("newcomers told", alert=record.id, number=number, devices=told)
        await self._ask({**payload, "since": now}, int(payload["round"]) + 1)

    async def _ask(self, asked: Mapping[str, Any], look: int) -> None:
        name = (asked["alert_id"], str(asked["number"]), str(look))
        await self._jobs.enqueue(
            TELL_NEWCOMERS,
            {**asked, "round": look},
            # Named by its round: a run that is repeated does not make two of it.
            id=derived_id(TELL_NEWCOMERS, *name),
            run_at=self._clock() + LOOK_EVERY,
        )
