"""What can be measured: in which unit it is kept, within which bounds, and for how long it says anything.

Units are codes of UN/CEFACT Recommendation 20, as NGSI-LD's `unitCode` has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum, auto


class StationKind(StrEnum):
    """What a station is there for."""

    RAIN = auto()
    RIVER = auto()
    LANDSLIDE = auto()
    AIR = auto()
    RADIATION = auto()
    WASTEWATER = auto()
    FIRE = auto()
    PARKING = auto()
    TRAFFIC = auto()


class Measure(StrEnum):
    """A property of a station."""

    RAINFALL = auto()
    """Of the last hour."""
    TEMPERATURE = auto()
    HUMIDITY = auto()
    WIND_SPEED = auto()
    WATER_LEVEL = auto()
    WATER_FLOW = auto()
    GROUND_SHIFT = auto()
    GROUND_TILT = auto()
    AIR_QUALITY_INDEX = auto()
    PM25 = auto()
    PM10 = auto()
    DOSE_RATE = auto()
    ACIDITY = auto()
    OXYGEN_DEMAND = auto()
    """Chemical."""
    FIRE_DANGER = auto()
    """Of forests: 1 to 5, for cấp I to cấp V."""
    FREE_SPACES = auto()
    VEHICLES = auto()
    VEHICLE_SPEED = auto()


@dataclass(frozen=True, slots=True)
class Scale:
    """`unit`: in which a value is kept. `factors`: of other units that are taken.

    `least`, `most`: what lies outside of them is an error of the station. `lasts`: how long a value
    says how things are.
    """

    kind: StationKind
    unit: str
    least: float
    most: float
    lasts: timedelta
    factors: Mapping[str, float] = field(default_factory=dict[str, float])

    def value_in(self, value: float, unit: str | None) -> float | None:
        """Return a value in our unit, None for a unit that is not taken. Without a unit it is ours."""
        if unit is None or unit == self.unit:
            return value
        factor = self.factors.get(unit)
        return None if factor is None else value * factor


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_HALF_AN_HOUR, _QUARTER = timedelta(minutes=30), timedelta(minutes=15)
_METRES = {"CMT": 0.01, "MMT": 0.001, "KMT": 1000.0}

SCALES: Mapping[Measure, Scale] = {
    Measure.RAINFALL: Scale(StationKind.RAIN, "MMT", 0, 500, 2 * _HOUR, {"CMT": 10.0}),
    Measure.TEMPERATURE: Scale(StationKind.RAIN, "CEL", -20, 50, 3 * _HOUR),
    Measure.HUMIDITY: Scale(StationKind.RAIN, "P1", 0, 100, 3 * _HOUR, {"C62": 100.0}),
    Measure.WIND_SPEED: Scale(StationKind.RAIN, "MTS", 0, 100, 3 * _HOUR, {"KMH": 1 / 3.6}),
    Measure.WATER_LEVEL: Scale(StationKind.RIVER, "MTR", -50, 3_200, 2 * _HOUR, _METRES),
    Measure.WATER_FLOW: Scale(StationKind.RIVER, "MQS", 0, 50_000, 2 * _HOUR),
    Measure.GROUND_SHIFT: Scale(
        StationKind.LANDSLIDE, "MMT", -100_000, 100_000, 6 * _HOUR, {"CMT": 10.0, "MTR": 1000.0}
    ),
    Measure.GROUND_TILT: Scale(StationKind.LANDSLIDE, "DD", -180, 180, 6 * _HOUR),
    Measure.AIR_QUALITY_INDEX: Scale(StationKind.AIR, "C62", 0, 500, 3 * _HOUR),
    Measure.PM25: Scale(StationKind.AIR, "GQ", 0, 2_000, 3 * _HOUR, {"GP": 1000.0}),
    Measure.PM10: Scale(StationKind.AIR, "GQ", 0, 5_000, 3 * _HOUR, {"GP": 1000.0}),
    Measure.DOSE_RATE: Scale(
        StationKind.RADIATION, "P72", 0, 1_000_000, 2 * _HOUR, {"P73": 0.001, "P71": 1000.0}
    ),
    Measure.ACIDITY: Scale(StationKind.WASTEWATER, "Q30", 0, 14, 2 * _HOUR),
    Measure.OXYGEN_DEMAND: Scale(StationKind.WASTEWATER, "M1", 0, 100_000, 2 * _HOUR),
    Measure.FIRE_DANGER: Scale(StationKind.FIRE, "C62", 1, 5, _DAY),
    Measure.FREE_SPACES: Scale(StationKind.PARKING, "C62", 0, 100_000, _HALF_AN_HOUR),
    Measure.VEHICLES: Scale(StationKind.TRAFFIC, "C62", 0, 100_000, _QUARTER),
    Measure.VEHICLE_SPEED: Scale(StationKind.TRAFFIC, "KMH", 0, 250, _QUARTER, {"MTS": 3.6}),
}
"""A station is of one kind; it may measure what stations of other kinds do."""
