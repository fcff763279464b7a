"""What stands in the way on a stretch of road for hours or days.

A road, trail or place that is closed by decision is a closure of tourism's; here is what a stretch of
a road meets, closed or not, with its line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.kit.errors import N_
from api.kit.geo import Position


class RoadEventKind(StrEnum):
    CLOSURE = auto()
    LANDSLIDE = auto()
    FOG = auto()
    ICE = auto()
    ACCIDENT = auto()


class RoadDirection(StrEnum):
    """Which way is concerned: as the line runs, against it, or both."""

    BOTH = auto()
    FORWARD = auto()
    BACKWARD = auto()


KIND_WORDS: Mapping[RoadEventKind, str] = {
    RoadEventKind.CLOSURE: N_("Road closed"),
    RoadEventKind.LANDSLIDE: N_("Landslide on the road"),
    RoadEventKind.FOG: N_("Fog on the road"),
    RoadEventKind.ICE: N_("Ice on the road"),
    RoadEventKind.ACCIDENT: N_("Accident on the road"),
}


@dataclass(frozen=True, slots=True)
class RoadEvent:
    """`line`: at least one point. `notes`: by language, with Vietnamese where there is any.

    `report_code`: of a report of a citizen from which it comes. `ended_at`: when it was ended by hand, or
    by its sender. `sent_at`: of what a feed sent, when its sender last changed it.
    """

    id: str
    agency_id: str
    kind: RoadEventKind
    road: str | None
    line: tuple[Position, ...]
    direction: RoadDirection
    notes: Mapping[str, str]
    source: str
    report_code: str | None
    starts: datetime
    ends: datetime | None
    ended_at: datetime | None = None
    sent_at: datetime | None = None
    version: int = 1

    @property
    def until(self) -> datetime | None:
        """When it is over: as it was said, or earlier."""
        ends = [moment for moment in (self.ends, self.ended_at) if moment is not None]
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in degrees, as a map shows it."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def around(cls, positions: tuple[Position, ...]) -> "Bounds":
        latitudes = [it.latitude for it in positions]
        longitudes = [it.longitude for it in positions]
        return cls(min(latitudes), min(longitudes), max(latitudes), max(longitudes))

    def widened(self, degrees_north: float, degrees_east: float) -> "Bounds":
        return Bounds(
            self.south - degrees_north,
            self.west - degrees_east,
            self.north + degrees_north,
            self.east + degrees_east,
        )
