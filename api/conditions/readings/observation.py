"""What was observed, as it is kept."""

from dataclasses import dataclass
from datetime import datetime

from api.conditions.stations.measures import SCALES, Measure


@dataclass(frozen=True, slots=True)
class Observation:
    """One value, in the unit of its scale. `observed_at`: aware, UTC."""

    station_id: str
    measure: Measure
    value: float
    observed_at: datetime

    def is_stale(self, now: datetime) -> bool:
        """Tell whether it is too old to say how things are."""
        return now - self.observed_at > SCALES[self.measure].lasts


@dataclass(frozen=True, slots=True)
class HourOfValues:
    """What all values of an hour come to. `hour`: its beginning."""

    hour: datetime
    least: float
    most: float
    mean: float
    count: int
