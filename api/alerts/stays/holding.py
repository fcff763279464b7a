"""Which warnings hold already where somebody says to come: they went out before, to others."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.alerts.bulletins import Bulletin, Communes
from api.alerts.open_alerts import Alert
from api.alerts.stays.records import WARNED_BEFORE, Stay
from api.kit.area import Area
from api.kit.clock import Clock

ALERTS_AT_MOST = 200


class Warnings(Protocol):
    """What is warned of: AlertService, in the product."""

    async def in_force(self, start: datetime, end: datetime, most: int) -> list[Alert]: ...


@dataclass(frozen=True, slots=True)
class HoldingWarning:
    """`bulletin`: the worst part of it that concerns the stay."""

    alert_id: str
    bulletin: Bulletin


class HoldingWarnings:
    def __init__(self, warnings: Warnings, communes: Communes, clock: Clock) -> None:
        self._warnings = warnings
        self._communes = communes
        self._clock = clock

    async def of(self, stay: Stay) -> list[HoldingWarning]:
        """Return what is in force in the stay's commune now, and not over long before it begins; the worst first."""
        now = self._clock()
        alerts = await self._warnings.in_force(now, now, ALERTS_AT_MOST)
        return await asyncio.to_thread(self._there, alerts, stay, now) if alerts else []

    def _there(self, alerts: Sequence[Alert], stay: Stay, now: datetime) -> list[HoldingWarning]:
        commune = self._communes.area_of(frozenset({stay.commune_code}))
        return [
            HoldingWarning(alert.record.id, found)
            for alert in alerts
            if (found := _worst_in(alert, stay, commune, now)) is not None
        ]


def _worst_in(alert: Alert, stay: Stay, commune: Area, now: datetime) -> Bulletin | None:
    for bulletin in alert.bulletins:
        reach = bulletin.reach
        is_there = stay.commune_code in reach.named or reach.area.meets(commune)
        lasts = bulletin.is_in_force(now) and bulletin.expires > stay.begins_at - WARNED_BEFORE
        if is_there and lasts and not bulletin.is_all_clear:
            return bulletin
    return None
