"""Alerts with their areas worked out, remembered: what a message says never changes."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from api.alerts.bulletins import Bulletin, Communes, bulletins_of
from api.alerts.repository import AlertRecord, AlertRepository, AlertState
from api.kit.geo import Position

REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as seen from one place at one moment: `bulletin` is the worst that holds there."""

    record: AlertRecord
    state: AlertState
    bulletin: Bulletin


@dataclass(frozen=True, slots=True)
class Alert:
    """A warning: what became of it, and what it says, the worst first."""

    record: AlertRecord
    bulletins: tuple[Bulletin, ...]

    def view(self, position: Position | None, now: datetime) -> AlertView | None:
        """Return what holds at a position, or anywhere for None; what is in force now comes first."""
        here = [
            bulletin for bulletin in self.bulletins if position is None or bulletin.covers(position)
        ]
        if not here:
            return None
        in_force = [bulletin for bulletin in here if bulletin.is_in_force(now)]
        return AlertView(self.record, self.record.state(now), (in_force or here)[0])

    def active_view(self, position: Position | None, now: datetime) -> AlertView | None:
        """Return what people there are to be warned of now, None when nothing."""
        view = self.view(position, now)
        if view is None or not self.record.is_active(now) or not view.bulletin.is_in_force(now):
            return None
        return view


class OpenAlerts:
    """Opens records: reads the message and works the areas out, once for the latest REMEMBERED."""

    def __init__(self, alerts: AlertRepository, communes: Communes) -> None:
        self._alerts = alerts
        self._communes = communes
        self._bulletins: OrderedDict[str, tuple[Bulletin, ...]] = OrderedDict()

    async def open(self, record: AlertRecord) -> Alert:
        bulletins = self._bulletins.get(record.id)
        if bulletins is None:
            bulletins = await self._worked_out(record)
            self._bulletins[record.id] = bulletins
        self._bulletins.move_to_end(record.id)
        while len(self._bulletins) > REMEMBERED:
            self._bulletins.popitem(last=False)
        return Alert(record, bulletins)

    async def _worked_out(self, record: AlertRecord) -> tuple[Bulletin, ...]:
        stored = await self._alerts.message(record.id)
        if stored is None:
            # Both parts are written in one transaction: something has tampered with the store.
            raise LookupError(record.id)
        return await asyncio.to_thread(
            bulletins_of, stored.message, record.received_at, self._communes
        )
