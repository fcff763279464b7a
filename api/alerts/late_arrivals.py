"""Warnings that a worker had in hand as they were replaced: they may come after what replaced them.

Nothing can call them back. So once no worker has any left, whoever got one by then is told again, without
a sound, what holds: it takes the place of the old one on the screen.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from api.alerts.actual_alert import ActualAlert
from api.alerts.notices import belated, cancellation, closing, ids_to_tell, warning
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.shown import ShownChain, ShownChains
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from notifications.notice import Notice
from notifications.service import Notifications

TELL_LATE = "alerts.tell_late"
FIRST_LOOK_AFTER = timedelta(seconds=3)
NEXT_LOOK_AFTER = timedelta(seconds=15)

log = structlog.get_logger()


class LateArrivals:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        chains: ShownChains,
        notifications: Notifications,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._chains = chains
        self._notifications = notifications
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {TELL_LATE: self.tell}

    async def look_for(
        self, ender: AlertRecord, threads: Sequence[str], *, of: AlertRecord | None = None
    ) -> None:
        """Ask for a look at these threads after an Update, or a Cancel `of` an alert, was told there."""
        if threads:
            asked = {"alert_id": ender.id, "of": of.id if of else None, "threads": list(threads)}
            await self._ask(asked, 0, FIRST_LOOK_AFTER)

    async def tell(self, payload: Mapping[str, Any]) -> None:
        """Tell those whom something reached late; look again later while something is on its way."""
        ender = await self._alerts.kept(payload["alert_id"])
        if payload["of"] is None:
            is_settled = await self._after_update(ender, payload["threads"])
        else:
            is_settled = await self._after_cancel(ender, payload["of"], payload["threads"])
        if not is_settled:
            await self._ask(payload, int(payload["round"]) + 1, NEXT_LOOK_AFTER)

    async def _after_update(self, update: AlertRecord, threads: Sequence[str]) -> bool:
        if not update.is_active(self._clock()):
            return True
        shown, own = await self._chains.before(update)
        alert = await self._open_alerts.open(update)
        late = await self._late(shown, threads, is_cancel=False)
        for thread, devices in (late or {}).items():
            meant = frozenset[str]()
            if thread in own:
                number = own.index(thread)
                notice = warning(ActualAlert(update), number, alert.bulletins[number], thread)
                told = await self._notifications.meant_by(ids_to_tell(notice.id))
                meant = devices & told
                await self._tell(notice, meant)
            await self._tell(closing(alert, thread, shown.latest(thread)), devices - meant)
        return late is not None

    async def _after_cancel(
        self, cancel: AlertRecord, cancelled_id: str, threads: Sequence[str]
    ) -> bool:
        record = await self._alerts.get(cancelled_id)
        updates = await self._alerts.get_many(record.superseded_by if record else ())
        if record is None or any(update.warned_at is not None for update in updates.values()):
            return True
        shown = await self._chains.up_to(record)
        late = await self._late(shown, threads, is_cancel=True)
        for thread, devices in (late or {}).items():
            if bulletin := shown.latest(thread):
                await self._tell(
                    cancellation(ActualAlert(cancel), record, thread, bulletin), devices
                )
        return late is not None

    async def _late(
        self, shown: ShownChain, threads: Sequence[str], *, is_cancel: bool
    ) -> dict[str, frozenset[str]] | None:
        """Return by thread whom something of it may have reached late; None while some is in hand."""
        found: dict[str, frozenset[str]] = {}
        for thread in threads:
            ended = shown.ended_notices(self._clock(), [thread], with_cancellations=not is_cancel)
            late = await self._notifications.reached_late(ended)
            if late is None:
                return None
            found[thread] = late
        return found

    async def _tell(self, notice: Notice | None, devices: frozenset[str]) -> None:
        if notice is not None and devices:
            told = await self._notifications.fan_out_to(belated(notice), devices)
            log.info("told again", notice=notice.id, devices=told)

    async def _ask(self, asked: Mapping[str, Any], look: int, after: timedelta) -> None:
        name = (asked["alert_id"], asked["of"] or "", asked["threads"][0], str(look))
        await self._jobs.enqueue(
            TELL_LATE,
            {**asked, "round": look},
            id=derived_id(TELL_LATE, *name),
            run_at=self._clock() + after,
        )
