"""Which warnings a trip's way crosses."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.alerts.bulletins import Bulletin
from api.alerts.open_alerts import Alert
from api.kit.clock import Clock
from api.kit.geo import Position
from api.safety.trips.records import Trip, TripState

ALERTS_AT_MOST = 200


class Warnings(Protocol):
    """What is warned of: AlertService, in the product."""

    async def in_force(self, start: datetime, end: datetime, most: int) -> list[Alert]: ...


@dataclass(frozen=True, slots=True)
class Danger:
    """A warning on the way. `bulletin`: the worst part of it that the way crosses."""

    alert_id: str
    bulletin: Bulletin


class Dangers:
    def __init__(self, warnings: Warnings, clock: Clock) -> None:
        self._warnings = warnings
        self._clock = clock

    async def of(self, trip: Trip) -> list[Danger]:
        """Return the warnings in force on the way from now until the trip is due back, the worst first."""
        now, content = self._clock(), trip.content
        if content is None or trip.state is not TripState.OPEN:
            return []
        alerts = await self._warnings.in_force(now, max(now, trip.due_at), ALERTS_AT_MOST)
        return await asyncio.to_thread(_crossed, alerts, content.route)


def _crossed(alerts: Sequence[Alert], route: Sequence[Position]) -> list[Danger]:
    found: list[Danger] = []
    for alert in alerts:
        for bulletin in alert.bulletins:
            if bulletin.reach.area.meets_way(route):
                found.append(Danger(alert.record.id, bulletin))
                break
    return found
