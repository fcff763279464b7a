"""Where something holds: polygons and circles on the earth, asked by position and by H3 cell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, pi, radians, sin
from threading import Lock

import h3
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from api.kit import shapely_arrays
from api.kit.geo import EARTH_RADIUS_METRES, Position
from api.kit.rings import DECIMALS, WORLD, filled, wrapped

METRES_PER_DEGREE = EARTH_RADIUS_METRES * pi / 180
BOUNDARY_DEGREES = 2 * 10**-DECIMALS
"""How close to the line is on it."""
CIRCLE_CORNERS = 180
ELLIPSOID_MARGIN = 1.006
"""The sphere is off the ellipsoid by at most 0.56 %."""
WORLDWIDE_METRES = 10_000_000.0
CELL_MARGIN = 0.02
"""Share of a cell's edge by which the cell's true border may leave the straight lines we draw for it."""
DESCENDANTS_MARGIN = 0.2
"""Share of a cell's edge by which its descendants may stick out; 0.144 was measured."""
CELLS_AT_MOST = 200_000
SLICE_DEGREES = 120
_FINER = 2
"""Resolutions by which a cell is cut up to see how much of it is covered."""
_ASKED_AT_ONCE = 256
"""Positions: where thousands of parts overlap, each is compared with all of them."""


class AreaTooWide(ValueError):
    """The area meets more cells of this resolution than is sane: ask `touches_cell` of the cells in use."""


@dataclass(frozen=True, slots=True)
class Circle:
    """All within `radius_metres` of `centre`, as the crow flies; radius 0 is the point itself."""

    centre: Position
    radius_metres: float


class Area:
    """A part of the earth's surface, its boundary included. Immutable; may be empty.

    Never smaller than what was drawn: circles are a little larger (up to 0.65 %), broken rings are
    repaired without losing their inside (api.kit.rings), lines and points are kept. The parts are
    kept side by side: to unite thousands that overlap can take minutes.
    """

    __slots__ = ("_farthest_latitude", "_lock", "_parts", "_tree")

    def __init__(self, shapes: Iterable[BaseGeometry]) -> None:
        """Make an area of shapes in degrees, x eastwards, within -180 to 180."""
        self._parts: list[BaseGeometry] = [
            part for shape in shapes for part in shapely.get_parts(shape) if not part.is_empty
        ]
        shapely.prepare(self._parts)
        self._tree = shapely.STRtree(self._parts)
        latitudes = (abs(edge) for part in self._parts for edge in part.bounds[1::2])
        self._farthest_latitude = max(latitudes, default=0.0)
        # What GEOS prepares it prepares at the first question, and not for two threads at once.
        self._lock = Lock()

    @classmethod
    def of(cls, polygons: Sequence[Sequence[Position]], circles: Sequence[Circle]) -> "Area":
        """Return the union. A polygon is a ring of one position or more, closed or not."""
        rings = (
            filled([(corner.longitude, corner.latitude) for corner in ring])
            for ring in polygons
            if ring
        )
        return cls([*rings, *map(_disc, circles)])

    @classmethod
    def of_cells(cls, cells: Iterable[str], margin_metres: float = 0.0) -> "Area":
        """Return the union of H3 cells, each grown to hold all its descendants, and by the margin."""
        held = list(cells)
        margins = np.array([_descendants_margin(cell, margin_metres) for cell in held])
        outlines = shapely_arrays.buffer(cell_outlines(held), margins, join_style="mitre")
        return cls([wrapped(shapely.union_all(outlines))])

    def __or__(self, other: "Area") -> "Area":
        return Area([*self._parts, *other._parts])

    @property
    def geometry(self) -> BaseGeometry:
        """The union as a shape in degrees. Slow where thousands of parts overlap."""
        return shapely.union_all(self._parts)

    @property
    def parts(self) -> tuple[BaseGeometry, ...]:
        """The shapes whose union it is, to be drawn; they may overlap. Do not change them."""
        return tuple(self._parts)

    @property
    def is_empty(self) -> bool:
        return not self._parts

    @property
    def corner_count(self) -> int:
        """How many corners its parts have in all; memory goes with it, about 200 bytes each."""
        return len(shapely.get_coordinates(self._parts))

    def covers(self, position: Position) -> bool:
        """Tell whether `position` lies inside or on the boundary."""
        return self._is_near(Point(position.longitude, position.latitude), BOUNDARY_DEGREES)

    def meets_way(self, positions: Sequence[Position], within_metres: float = 0.0) -> bool:
        """Tell whether it comes as near as that to the way from one position straight to the next.

        Or, by a little, not quite.
        """
        points = [(it.longitude, it.latitude) for it in positions]
        way = LineString(points) if len(points) > 1 else Point(points[0])
        narrowing = max(0.1, cos(radians(max(abs(it.latitude) for it in positions))))
        nearness = within_metres * ELLIPSOID_MARGIN / METRES_PER_DEGREE / narrowing
        return self._is_near(way, BOUNDARY_DEGREES + nearness)

    def meets(self, other: "Area") -> bool:
        """Tell whether both cover some position."""
        return any(self._is_near(part, BOUNDARY_DEGREES) for part in other.parts)

    def comes_within(self, position: Position, metres: float) -> bool:
        """Tell whether the area comes as near to `position` as that, or, by a little, not quite."""
        narrowing = max(0.1, cos(radians(position.latitude)))
        reach = BOUNDARY_DEGREES + metres * ELLIPSOID_MARGIN / METRES_PER_DEGREE / narrowing
        return self._is_near(Point(position.longitude, position.latitude), reach)

    def covers_each(self, positions: Sequence[Position]) -> list[bool]:
        """Tell of each of many positions what `covers` would, in a small part of the time."""
        found: list[bool] = []
        for first in range(0, len(positions), _ASKED_AT_ONCE):
            found += self._covers_each(positions[first : first + _ASKED_AT_ONCE])
        return found

    def _covers_each(self, positions: Sequence[Position]) -> list[bool]:
        points = shapely.points([(it.longitude, it.latitude) for it in positions])
        covered: list[bool] = self._come_within(points, BOUNDARY_DEGREES).tolist()
        return covered

    def _come_within(self, shapes: NDArray[np.object_], reach: float) -> NDArray[np.bool_]:
        """Tell which shapes come so near, in degrees."""
        west, south, east, north = shapely_arrays.bounds(shapes).T
        around = shapely_arrays.boxes(west - reach, south - reach, east + reach, north + reach)
        found = np.zeros(len(shapes), np.bool_)
        with self._lock:
            asked, candidates = self._tree.query(around)
            near = shapely.dwithin(self._tree.geometries[candidates], shapes[asked], reach)
        found[asked[near]] = True
        return found

    def touches_cell(self, cell: str, within_metres: float = 0.0) -> bool:
        """Tell whether the H3 cell meets the area, or comes so near; where a few metres decide, yes.

        Of a cell that holds a covered position it is always true.
        """
        if self.is_empty:
            return False
        narrowing = max(0.1, cos(radians(self._farthest_latitude)))
        nearness = within_metres * ELLIPSOID_MARGIN / METRES_PER_DEGREE / narrowing
        margin = self._cell_margin(h3.get_resolution(cell)) + nearness
        return self._is_near(cell_outline(cell), margin)

    def touches_cells(self, cells: Sequence[str], resolution: int) -> list[bool]:
        """Tell of each of many cells of one resolution what `touches_cell` would, in a small part of the time."""
        if self.is_empty:
            return [False] * len(cells)
        near = self._come_within(cell_outlines(cells), self._cell_margin(resolution))
        touched: list[bool] = near.tolist()
        return touched

    def holds_cell(self, cell: str) -> bool:
        """Tell whether the corners and the centre of an H3 cell all lie in the area."""
        corners = [*h3.cell_to_boundary(cell), h3.cell_to_latlng(cell)]
        return all(self.covers_each([Position(*corner) for corner in corners]))

    def share_of_cell(self, cell: str) -> float:
        """Return about how much of an H3 cell lies in the area, 0 to 1: by the centres of 49 parts of it."""
        parts = h3.cell_to_children(cell, h3.get_resolution(cell) + _FINER)
        covered = self.covers_each([Position(*h3.cell_to_latlng(part)) for part in parts])
        return sum(covered) / len(covered)

    def cells(self, resolution: int) -> frozenset[str]:
        """Return every H3 cell of `resolution` that meets the area, as `touches_cell` would.

        Raises AreaTooWide when that may be more than CELLS_AT_MOST (about 80 times the province at
        resolution 7); `cells_estimate` tells beforehand. A parent cell does not quite contain its
        children, so compare only cells of one resolution.
        """
        if self.is_empty:
            return frozenset()
        if self.cells_estimate(resolution) > CELLS_AT_MOST:
            raise AreaTooWide
        margin = self._cell_margin(resolution)
        return frozenset(
            cell
            for part in self._parts
            for polygon in _slices(wrapped(shapely.buffer(part, margin, quad_segs=4)))
            for cell in h3.h3shape_to_cells_experimental(
                h3.LatLngPoly(*_loops(polygon)), resolution, contain="overlap"
            )
        )

    def cells_estimate(self, resolution: int) -> int:
        """Return about how many cells of `resolution` the bounding boxes of the parts meet, in all."""
        return sum(_cells_of_box(part.bounds, resolution) for part in self._parts)

    def _is_near(self, shape: BaseGeometry, degrees_at_most: float) -> bool:
        west, south, east, north = shape.bounds
        reach = degrees_at_most
        around = box(west - reach, south - reach, east + reach, north + reach)
        with self._lock:
            candidates: list[int] = self._tree.query(around).tolist()
            return any(shapely.dwithin(self._parts[index], shape, reach) for index in candidates)

    def _cell_margin(self, resolution: int) -> float:
        """Degrees by which to look beyond the area so as never to miss a cell."""
        metres = CELL_MARGIN * h3.average_hexagon_edge_length(resolution, unit="m")
        narrowing = max(0.1, cos(radians(self._farthest_latitude)))
        return float(metres / METRES_PER_DEGREE / narrowing)


def _disc(circle: Circle) -> BaseGeometry:
    if circle.radius_metres == 0:
        return Point(circle.centre.longitude, circle.centre.latitude)
    if circle.radius_metres > WORLDWIDE_METRES:
        return WORLD
    # The corners stand outside the circle, so that the edges between them stay outside too.
    radius = circle.radius_metres * ELLIPSOID_MARGIN / cos(pi / CIRCLE_CORNERS)
    bearings = (2 * pi * corner / CIRCLE_CORNERS for corner in range(CIRCLE_CORNERS))
    return filled([_destination(circle.centre, bearing, radius) for bearing in bearings])


def cell_outline(cell: str) -> BaseGeometry:
    """Return the straight lines we draw for an H3 cell; its true border may leave them by CELL_MARGIN."""
    return filled([(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)])


def cell_outlines(cells: Sequence[str]) -> NDArray[np.object_]:
    """Return what `cell_outline` would of each of many cells, in a small part of the time."""
    boundaries = [h3.cell_to_boundary(cell) for cell in cells]
    corners = np.array([corner for boundary in boundaries for corner in boundary]).reshape(-1, 2)
    owners = np.repeat(np.arange(len(cells)), [len(boundary) for boundary in boundaries])
    rings = shapely_arrays.rings(corners[:, ::-1], indices=owners)
    outlines = shapely_arrays.polygons(rings)
    west, _, east, _ = shapely_arrays.bounds(outlines).T
    for round_the_world in np.flatnonzero(east - west > SLICE_DEGREES).tolist():
        outlines[round_the_world] = cell_outline(cells[round_the_world])
    return outlines


def _descendants_margin(cell: str, margin_metres: float) -> float:
    edge = h3.average_hexagon_edge_length(h3.get_resolution(cell), unit="m")
    latitude, _ = h3.cell_to_latlng(cell)
    metres = DESCENDANTS_MARGIN * float(edge) + margin_metres
    return metres / METRES_PER_DEGREE / max(0.1, cos(radians(latitude)))


def _destination(start: Position, bearing: float, metres: float) -> tuple[float, float]:
    """Return (longitude, latitude) after `metres` along the great circle that leaves at `bearing`."""
    angle = metres / EARTH_RADIUS_METRES
    y, x = radians(start.latitude), radians(start.longitude)
    end_y = asin(max(-1.0, min(1.0, sin(y) * cos(angle) + cos(y) * sin(angle) * cos(bearing))))
    end_x = x + atan2(sin(bearing) * sin(angle) * cos(y), cos(angle) - sin(y) * sin(end_y))
    return (degrees(end_x) + 180) % 360 - 180, degrees(end_y)


def _slices(geometry: BaseGeometry) -> Iterator[Polygon]:
    """Yield polygons at most SLICE_DEGREES wide: H3 takes a longer edge for one over the antimeridian."""
    for start in range(-180, 180, SLICE_DEGREES):
        part = shapely.intersection(geometry, box(start, -90, start + SLICE_DEGREES, 90))
        yield from (piece for piece in shapely.get_parts(part) if isinstance(piece, Polygon))


def _loops(polygon: Polygon) -> list[list[tuple[float, float]]]:
    rings = (polygon.exterior, *polygon.interiors)
    return [[(y, x) for x, y in shapely.get_coordinates(ring)[:-1]] for ring in rings]


def _cells_of_box(bounds: tuple[float, float, float, float], resolution: int) -> int:
    west, south, east, north = bounds
    edge = h3.average_hexagon_edge_length(resolution, unit="m")
    nearest_to_equator = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    width = (east - west) * METRES_PER_DEGREE * cos(radians(nearest_to_equator)) + 2 * edge
    height = (north - south) * METRES_PER_DEGREE + 2 * edge
    return int(width * height / h3.average_hexagon_area(resolution, unit="m^2")) + 1
