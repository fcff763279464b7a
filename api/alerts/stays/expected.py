"""Guests, for warnings: whoever declared a stay is expected in its commune until its end, and shortly before it."""

from collections.abc import AsyncGenerator
from datetime import datetime

from api.alerts.stays.records import WARNED_BEFORE
from api.alerts.stays.repository import StayRepository
from api.kit.area import Area
from api.kit.audience_source import Period, ascending


class ExpectedGuests:
    """Implements AudienceSource. A commune that the area meets at all is meant as a whole, as homes are."""

    name = "stays"

    def __init__(self, stays: StayRepository) -> None:
        self._stays = stays

    async def persons_in(
        self,
        area: Area,
        communes: frozenset[str],
        period: Period,
        after: str | None,
        said_since: datetime | None,
    ) -> AsyncGenerator[str]:
        """Yield who stays in one of the communes in the period, or comes soon after it."""
        begins_before = period.end + WARNED_BEFORE
        in_each = [
            self._stays.persons_in(code, period.start, begins_before, after, said_since)
            for code in sorted(communes)
        ]
        async for person_id in ascending(in_each):
            yield person_id
