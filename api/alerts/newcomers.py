"""Phones that come into the area of a warning while it is in force: they get it then.

They drive there, are registered there, or call it home from now on. Every LOOK_EVERY the phones that changed since
the last look are met with the area; whoever the warning was meant for already, in whatever way, is left alone.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from api.alerts.bulletins import Bulletin, Communes
from api.alerts.notices import audience_of, belated_id, newcomers_id, quieted_id, warning_id
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from notifications.notice import Audience
from notifications.service import Notifications

TELL_NEWCOMERS = "alerts.tell_newcomers"
LOOK_EVERY = timedelta(seconds=20)
_AUDIENCES_KEPT = 64

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
        self._audiences: dict[tuple[str, int], Audience] = {}

    def handlers(self) -> dict[str, Handler]:
        return {TELL_NEWCOMERS: self.tell}

    async def look_for(self, record: AlertRecord, number: int) -> None:
        """Ask for looks at who comes into the area of a bulletin since it was first told."""
        since = record.warned_at or self._clock()
        await self._ask({"alert_id": record.id, "number": number, "since": since}, 0)

    async def tell(self, payload: Mapping[str, Any]) -> None:
        """Tell who has come since the last look; the next one is asked for first, and comes whatever this one meets."""
        now, number = self._clock(), int(payload["number"])
        record = await self._alerts.kept(payload["alert_id"])
        if not record.is_active(now):
            return
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        if now >= bulletin.expires:
            return
        await self._ask({**payload, "since": now}, int(payload["round"]) + 1)
        loud_id = warning_id(record.id, number)
        told = await self._notifications.fan_out_to_newcomers(
            newcomers_id(loud_id),
            await self._audience(record.id, number, bulletin),
            payload["since"],
            behind=loud_id,
            besides=(quieted_id(loud_id), belated_id(loud_id)),
        )
        if told:
            log.info("newcomers told", alert=record.id, number=number, devices=told)

    async def _audience(self, alert_id: str, number: int, bulletin: Bulletin) -> Audience:
        """Return whom it is for, worked out once: it takes a while, and each look asks."""
        key = alert_id, number
        if key not in self._audiences:
            if len(self._audiences) >= _AUDIENCES_KEPT:
                self._audiences.clear()
            found = await asyncio.to_thread(audience_of, bulletin, self._communes)
            self._audiences[key] = found
        return self._audiences[key]

    async def _ask(self, asked: Mapping[str, Any], look: int) -> None:
        name = (asked["alert_id"], str(asked["number"]), str(look))
        await self._jobs.enqueue(
            TELL_NEWCOMERS,
            {**asked, "round": look},
            # Named by its round: a run that is repeated does not make two of it.
            id=derived_id(TELL_NEWCOMERS, *name),
            run_at=self._clock() + LOOK_EVERY,
        )
