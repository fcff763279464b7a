"""What was observed before: each value of the last 30 days, and two years by the hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.conditions.errors import InvalidPeriod
from api.conditions.readings.observation import HourOfValues, Observation
from api.conditions.readings.repository import HOURS_KEPT_FOR, VALUES_KEPT_FOR, ReadingRepository
from api.conditions.stations.measures import Measure
from api.kit.clock import Clock

VALUES_AT_MOST = 5_000
"""Of one answer; 30 days of a value each ten minutes are 4,320."""
DAYS_OF_VALUES_AT_MOST, DAYS_OF_HOURS_AT_MOST = 31, 200


@dataclass(frozen=True, slots=True)
class History:
    """`is_whole`: nothing was left out behind the last."""

    values: tuple[Observation, ...]
    hours: tuple[HourOfValues, ...]
    is_whole: bool


class HistoryService:
    def __init__(self, readings: ReadingRepository, clock: Clock) -> None:
        self._readings = readings
        self._clock = clock

    async def values(
        self, station_id: str, measure: Measure, start: datetime, end: datetime
    ) -> History:
        """Return each value from `start` until before `end`, of the last 30 days. Raises InvalidPeriod."""
        _check(start, end, DAYS_OF_VALUES_AT_MOST)
        kept_from = max(start, self._clock() - VALUES_KEPT_FOR)
        found = await self._readings.values(station_id, measure, kept_from, end, VALUES_AT_MOST + 1)
        return History(tuple(found[:VALUES_AT_MOST]), (), len(found) <= VALUES_AT_MOST)

    async def hours(
        self, station_id: str, measure: Measure, start: datetime, end: datetime
    ) -> History:
        """Return the hours from `start` until before `end`, of the last two years. Raises InvalidPeriod."""
        _check(start, end, DAYS_OF_HOURS_AT_MOST)
        kept_from = max(start, self._clock() - HOURS_KEPT_FOR)
        found = await self._readings.hours(station_id, measure, kept_from, end, VALUES_AT_MOST + 1)
        return History((), tuple(found[:VALUES_AT_MOST]), len(found) <= VALUES_AT_MOST)


def _check(start: datetime, end: datetime, days: int) -> None:
    is_sound = (
        start.tzinfo is not None
        and end.tzinfo is not None
        and start < end
        and end - start <= timedelta(days=days)
    )
    if not is_sound:
        raise InvalidPeriod(days=days)
