"""Where somebody stands, as far as a phone knows: a position and how far off it may be.

Phones say their accuracy as the radius within which the true position lies with 68 % (Android's
`Location.getAccuracy`, Core Location's `horizontalAccuracy`). We take the error for a round normal one:
the radius of 68 % is then 1.51 standard deviations. How likely somebody is in a zone is the share that lies
in it of points spread over that distribution, always the same ones, each standing for as much of it.
"""

from dataclasses import dataclass
from math import cos, log, radians, sqrt
from typing import TYPE_CHECKING

import numpy as np
import shapely

from api.guide.tours.records import Polygon, Stop, Zone
from api.kit.area import METRES_PER_DEGREE, Circle
from api.kit.geo import Position

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHARE_WITHIN_ACCURACY = 0.68
_DEVIATIONS = sqrt(-2 * log(1 - _SHARE_WITHIN_ACCURACY))
_RINGS, _SPOKES = 16, 24


def _spread() -> "NDArray[np.float64]":
    """Return points of a round normal distribution of deviation 1: x and y, each of equal weight.

    Rings at the middle quantiles of the distance, each turned against the one before.
    """
    radii = np.sqrt(-2 * np.log(1 - (np.arange(_RINGS) + 0.5) / _RINGS))
    turns = 2 * np.pi * (np.arange(_SPOKES)[None, :] + np.arange(_RINGS)[:, None] * 0.618) / _SPOKES
    xs, ys = radii[:, None] * np.cos(turns), radii[:, None] * np.sin(turns)
    return np.stack([xs.ravel(), ys.ravel()])


_SPREAD = _spread()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`accuracy_metres`: the radius that holds the true position with 68 %."""

    position: Position
    accuracy_metres: float

    def likelihood_in(self, stop: Stop) -> float:
        """Return how likely this is in a zone of `stop`, 0 to 1, to within 0.02."""
        xs, ys = _SPREAD * (self.accuracy_metres / _DEVIATIONS)
        inside = np.zeros(xs.shape, np.bool)
        for zone in stop.zones:
            inside |= self._inside(zone, xs, ys)
        return float(inside.mean())

    def _inside(
        self, zone: Zone, xs: "NDArray[np.float64]", ys: "NDArray[np.float64]"
    ) -> "NDArray[np.bool]":
        if isinstance(zone, Circle):
            x, y = self._metres_to(zone.centre)
            return np.hypot(xs - x, ys - y) <= zone.radius_metres
        return self._inside_polygon(zone, xs, ys)

    def _inside_polygon(
        self, polygon: Polygon, xs: "NDArray[np.float64]", ys: "NDArray[np.float64]"
    ) -> "NDArray[np.bool]":
        shape = shapely.Polygon([self._metres_to(corner) for corner in polygon.corners])
        return np.asarray(shapely.contains_xy(shape, xs, ys), np.bool)

    def _metres_to(self, point: Position) -> tuple[float, float]:
        """Return metres east and north, good to 0.1 % within 20 km."""
        east = (point.longitude - self.position.longitude + 540) % 360 - 180
        return (
            east * METRES_PER_DEGREE * cos(radians(self.position.latitude)),
            (point.latitude - self.position.latitude) * METRES_PER_DEGREE,
        )

    def metres_from_line(self, points: tuple[Position, ...]) -> float:
        """Return the distance to the nearest point of a line through `points`, at least one."""
        flat = [self._metres_to(point) for point in points]
        line = shapely.LineString(flat) if len(flat) > 1 else shapely.Point(flat[0])
        return float(line.distance(shapely.Point(0, 0)))
