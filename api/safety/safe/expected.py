"""How many people are expected to answer after a warning, by commune: those whose devices took it.

Counting reads every such device, so a count is good for a minute.
"""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta

from api.alerts.notices import notice_ids
from api.kit.clock import Clock
from notifications.whereabouts import Reached, Whereabouts

GOOD_FOR = timedelta(minutes=1)
_BULLETINS_AT_MOST = 32
"""More than any warning has; ids beyond the last one count nothing."""
_WARNINGS_REMEMBERED = 16


class Expected:
    def __init__(self, whereabouts: Whereabouts, clock: Clock) -> None:
        self._whereabouts = whereabouts
        self._clock = clock
        self._counted: OrderedDict[str, tuple[datetime, Reached]] = OrderedDict()
        self._counting = asyncio.Lock()

    async def of(self, alert_id: str) -> Reached:
        """Return the count of a warning, at most GOOD_FOR old."""
        async with self._counting:
            counted = self._counted.get(alert_id)
            if counted is None or self._clock() >= counted[0] + GOOD_FOR:
                ids = notice_ids(alert_id, _BULLETINS_AT_MOST)
                counted = (self._clock(), await self._whereabouts.of_reached(ids))
                self._counted[alert_id] = counted
                if len(self._counted) > _WARNINGS_REMEMBERED:
                    self._counted.popitem(last=False)
            return counted[1]
