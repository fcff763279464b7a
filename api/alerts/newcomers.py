"""Phones that come into the area of a warning while it is in force: they get it then.

Every LOOK_EVERY one of the workers meets what changed with all that is in force (notifications.newcomers).
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

import structlog

from api.alerts.bulletins import Bulletin, Communes
from api.alerts.notices import audience_of, belated_id, newcomers_id, quieted_id, warning_id
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.clock import Clock
from api.kit.rounds import Rounds
from api.kit.store import StoreError
from notifications.meeting import Holding
from notifications.notice import Audience
from notifications.pacing import pause
from notifications.service import Notifications

LOOK_EVERY = timedelta(seconds=20)
_ASK_SECONDS = 4.0
"""How often each worker asks whether the round is its own."""
_ROUND = "alerts.newcomers"

log = structlog.get_logger()


class NewcomerLooks:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        notifications: Notifications,
        communes: Communes,
        rounds: Rounds,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._newcomers = notifications.newcomers
        self._communes = communes
        self._rounds = rounds
        self._clock = clock
        self._audiences: dict[str, Audience] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Look whenever it is this process's round, until `stop` is set."""
        while not stop.is_set():
            try:
                await self.look_if_due()
            except StoreError as error:
                log.warning("newcomers not looked for", error=type(error).__name__)
            except Exception as error:
                # The one place that catches everything: the next look makes up for this one.
                log.error("newcomers not looked for", exc_info=error)
            await pause(stop, _ASK_SECONDS)

    async def look_if_due(self) -> None:
        if await self._rounds.take(_ROUND, LOOK_EVERY):
            await self.look()

    async def look(self) -> None:
        """Tell whoever has come since the last look. May be done by several at once: nobody is told twice."""
        holding = [one async for one in self._holding()]
        self._audiences = {one.notice_id: one.audience for one in holding}
        told = await self._newcomers.tell(holding)
        for notice_id, devices in told.items():
            if devices:
                log.info("newcomers told", notice=notice_id, devices=devices)

    async def _holding(self) -> AsyncGenerator[Holding]:
        """Yield what newcomers are to be told; a warning that cannot be read keeps no other back."""
        now = self._clock()
        async for record in self._alerts.being_told(now):
            for number, bulletin in enumerate(await self._bulletins(record)):
                holds = now < bulletin.expires and not bulletin.is_all_clear
                if holds and (told := await self._told_by(record, number, bulletin)):
                    yield told

    async def _bulletins(self, record: AlertRecord) -> Sequence[Bulletin]:
        try:
            return (await self._open_alerts.open(record)).bulletins
        except StoreError:
            raise
        except Exception as error:
            log.error("alert not read, no newcomers told", alert=record.id, exc_info=error)
            return ()

    async def _told_by(
        self, record: AlertRecord, number: int, bulletin: Bulletin
    ) -> Holding | None:
        """Return what newcomers are told by it; None when whom it is for cannot be worked out."""
        loud_id = warning_id(record.id, number)
        try:
            audience = await self._audience(loud_id, bulletin)
        except Exception as error:
            log.error("no audience, no newcomers told", notice=loud_id, exc_info=error)
            return None
        return Holding(
            notice_id=loud_id,
            newcomers_id=newcomers_id(loud_id),
            audience=audience,
            besides=(quieted_id(loud_id), belated_id(loud_id)),
        )

    async def _audience(self, loud_id: str, bulletin: Bulletin) -> Audience:
        """Return whom it is for, worked out once: it takes a while, and each look asks."""
        if loud_id not in self._audiences:
            found = await asyncio.to_thread(audience_of, bulletin, self._communes)
            self._audiences[loud_id] = found
        return self._audiences[loud_id]
