"""The course of a trail: points in order, and what can be measured on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from api.kit.area import METRES_PER_DEGREE
from api.kit.geo import EARTH_RADIUS_METRES, Position, distance_metres
from api.kit.near_cells import indexed_cells
from api.tourism.trails.errors import NoLine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SPACING_METRES = 5.0
"""What lies nearer to the point before it tells nothing that a receiver knows."""
SAMPLE_METRES = 100.0
"""A line is looked up by a sample of it about every so often."""
_DEGREE_DECIMALS, _METRE_DECIMALS = 6, 1
_FLAT_DEGREES = 3.0
"""As far as this the earth may be taken for flat to find what is nearest."""


class LinePoint(NamedTuple):
    """Degrees, WGS 84, and metres above the sea if known."""

    latitude: float
    longitude: float
    elevation: float | None = None


@dataclass(frozen=True)
class Line:
    """Two points or more, SPACING_METRES apart or more. Its points are what imports and exports keep."""

    points: tuple[LinePoint, ...]

    @classmethod
    def of(cls, points: Iterable[LinePoint]) -> "Line":
        """Return a line of these points, rounded to 0.1 m, without those that stand still.

        The first and the last stay. Raises NoLine when fewer than two are left.
        """
        kept: list[LinePoint] = []
        last: LinePoint | None = None
        for point in map(_rounded, points):
            last = point
            if not kept or metres_between(kept[-1], point) >= SPACING_METRES:
                kept.append(point)
        if last is not None and kept[-1] is not last:
            while len(kept) > 1 and metres_between(kept[-1], last) < SPACING_METRES:
                kept.pop()
            if metres_between(kept[-1], last) >= SPACING_METRES:
                kept.append(last)
        if len(kept) < 2:
            raise NoLine(least=int(SPACING_METRES))
        return cls(tuple(kept))

    @cached_property
    def distances(self) -> "Numbers":
        """Metres along the line to each point, from 0."""
        latitudes, longitudes = np.radians([it[:2] for it in self.points], dtype=np.float64).T
        half_chord_squared = (
            np.sin(np.diff(latitudes) / 2) ** 2
            + np.cos(latitudes[:-1]) * np.cos(latitudes[1:]) * np.sin(np.diff(longitudes) / 2) ** 2
        )
        steps = 2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(half_chord_squared))
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length_metres(self) -> float:
        return float(self.distances[-1])

    def simplified(self, tolerance_metres: float) -> "Line":
        """Return the line with fewer points, none of those left out further from it than that.

        Douglas and Peucker's algorithm, in the plane that touches the earth at the line's middle.
        """
        ground = _projected(self.points, self.points[len(self.points) // 2])
        # The third coordinate only tells which points are kept.
        numbered = np.column_stack([ground, np.arange(len(self.points))])
        kept = shapely.simplify(
            shapely.LineString(numbered), tolerance_metres, preserve_topology=False
        )
        coordinates: Numbers = shapely.get_coordinates(kept, include_z=True)
        rows: list[int] = coordinates[:, 2].astype(int).tolist()
        return Line(tuple(self.points[row] for row in rows))

    def with_points_at_most(self, most: int, tolerance_metres: float) -> tuple["Line", float]:
        """Return a simplified line of `most` points or fewer, and the tolerance that took."""
        tolerance = tolerance_metres
        line = self.simplified(tolerance) if tolerance else self
        while len(line.points) > most:
            tolerance = max(2 * tolerance, 1.0)
            line = self.simplified(tolerance)
        return line, tolerance

    def samples(self) -> list[Position]:
        """Return positions along the line, SAMPLE_METRES apart at most, both ends among them."""
        along = np.linspace(0.0, self.length_metres, int(self.length_metres // SAMPLE_METRES) + 2)
        latitudes = np.interp(along, self.distances, [it.latitude for it in self.points])
        longitudes = np.interp(along, self.distances, [it.longitude for it in self.points])
        pairs = zip(latitudes.tolist(), longitudes.tolist(), strict=True)
        return [Position(latitude, longitude) for latitude, longitude in pairs]

    def cells(self) -> list[str]:
        """Return the H3 cells by which the line is found near a position (api.kit.near_cells)."""
        return sorted({cell for spot in self.samples() for cell in indexed_cells(spot)})


def metres_from_line(position: Position, outline: Sequence[Position]) -> float:
    """Return metres from `position` to the nearest point of a line; far away, of its corners."""
    here = LinePoint(position.latitude, position.longitude)
    corners = [LinePoint(it.latitude, it.longitude) for it in outline]
    if all(_is_around(here, corner) for corner in corners):
        ground = shapely.LineString(_projected(corners, here))
        return float(ground.distance(shapely.Point(0.0, 0.0)))
    return min(metres_between(here, corner) for corner in corners)


def _is_around(here: LinePoint, corner: LinePoint) -> bool:
    return (
        abs(here.latitude - corner.latitude) < _FLAT_DEGREES
        and abs(here.longitude - corner.longitude) < _FLAT_DEGREES
    )


def _projected(points: Sequence[LinePoint], centre: LinePoint) -> "Numbers":
    """Return metres east and north of `centre`; off by less than 0.2 % within 3 degrees."""
    degrees = np.array([it[:2] for it in points], dtype=np.float64)
    north = (degrees[:, 0] - centre.latitude) * METRES_PER_DEGREE
    east = (degrees[:, 1] - centre.longitude) * METRES_PER_DEGREE
    return np.column_stack([east * np.cos(np.radians(centre.latitude)), north])


def _rounded(point: LinePoint) -> LinePoint:
    elevation = point.elevation
    return LinePoint(
        round(point.latitude, _DEGREE_DECIMALS),
        round(point.longitude, _DEGREE_DECIMALS),
        None if elevation is None else round(elevation, _METRE_DECIMALS),
    )


def metres_between(a: LinePoint, b: LinePoint) -> float:
    return distance_metres(Position(a.latitude, a.longitude), Position(b.latitude, b.longitude))
