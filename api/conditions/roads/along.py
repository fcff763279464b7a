"""Which events lie on a route, how far along it, and whether they concern who goes that way."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from api.conditions.roads.road_event import RoadDirection, RoadEvent
from api.kit.area import METRES_PER_DEGREE
from api.kit.geo import Position


@dataclass(frozen=True, slots=True)
class EventOnRoute:
    """`metres_along`: from the start of the route to where it first comes near."""

    event: RoadEvent
    metres_along: float
    metres_away: float


class Route:
    """A line on the ground in metres, flat around its middle: right to 0.5 % within the province."""

    def __init__(self, points: Sequence[Position]) -> None:
        latitudes = [it.latitude for it in points]
        middle = (min(latitudes) + max(latitudes)) / 2
        self._metres_east = METRES_PER_DEGREE * cos(radians(middle))
        self._line = LineString([self._flat(it) for it in points])

    def met(self, events: Sequence[RoadEvent], within_metres: float) -> list[EventOnRoute]:
        """Return the events within so many metres that concern this way, the first on it first."""
        found: list[EventOnRoute] = []
        for event in events:
            shape = self._shape(event)
            away = float(self._line.distance(shape))
            if away <= within_metres and self._concerns(event):
                found.append(EventOnRoute(event, self._first_along(event), away))
        return sorted(found, key=lambda it: (it.metres_along, it.event.id))

    def _concerns(self, event: RoadEvent) -> bool:
        """Tell whether it is on our side of the road; a point or a line across has no sides."""
        start, end = self._along(event.line[0]), self._along(event.line[-1])
        if event.direction is RoadDirection.BOTH or start == end:
            return True
        return (end > start) == (event.direction is RoadDirection.FORWARD)

    def _first_along(self, event: RoadEvent) -> float:
        return min(map(self._along, event.line))

    def _along(self, position: Position) -> float:
        return float(self._line.project(Point(self._flat(position))))

    def _shape(self, event: RoadEvent) -> BaseGeometry:
        flat = [self._flat(it) for it in event.line]
        return Point(flat[0]) if len(flat) == 1 else LineString(flat)

    def _flat(self, position: Position) -> tuple[float, float]:
        return position.longitude * self._metres_east, position.latitude * METRES_PER_DEGREE
