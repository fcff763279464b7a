"""Trekkers, for warnings: whoever planned a trip is expected along its way until it is closed.

Planning one says so (api.safety.trips.texts.WARNED_ON_THE_WAY), which is how they agree to it.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta

from api.kit.area import Area
from api.kit.audience_source import Period
from api.safety.trips.records import Trip
from api.safety.trips.repository import TripRepository

OVERDUE_FOR_AT_MOST = timedelta(days=3)
"""Whoever has said nothing for longer has most likely forgotten to close the trip."""
OFF_THE_WAY_METRES = 1_000.0
"""Paths wind, and the straight lines between the points of a plan do not."""


class ExpectedTrekkers:
    """Implements AudienceSource. Others who go along are kept by name alone: they are not found."""

    name = "trips"

    def __init__(self, trips: TripRepository) -> None:
        self._trips = trips

    async def persons_in(
        self,
        area: Area,
        communes: frozenset[str],
        period: Period,
        after: str | None,
        said_since: datetime | None,
    ) -> AsyncGenerator[str]:
        """Yield who is on a trip that comes near the area, or last checked in from one of the communes."""
        last: str | None = None
        due_later_than = period.start - OVERDUE_FOR_AT_MOST
        async for trips in self._trips.under_way(due_later_than, after, said_since):
            for person_id in await asyncio.to_thread(_concerned, trips, area, communes):
                if person_id != last:
                    yield person_id
                    last = person_id


def _concerned(trips: Sequence[Trip], area: Area, communes: frozenset[str]) -> list[str]:
    """Return the trekkers of those trips, in the trips' order; one with several may come twice."""
    return [
        trip.person_id
        for trip in trips
        if trip.person_id is not None and _may_be_there(trip, area, communes)
    ]


def _may_be_there(trip: Trip, area: Area, communes: frozenset[str]) -> bool:
    is_known_there = trip.commune_code in communes
    if trip.content is None:  # it does not open
        return is_known_there
    has_checked_in_there = trip.points > 0 and is_known_there
    return has_checked_in_there or area.meets_way(trip.content.route, OFF_THE_WAY_METRES)
