"""An area asked of many cells and positions at once: the answers of api.kit.area, in arrays."""

from dataclasses import dataclass

import h3
import numpy as np
import shapely
from numpy.typing import NDArray

from api.kit import shapely_arrays
from api.kit.area import (
    BOUNDARY_DEGREES,
    CELL_MARGIN,
    ELLIPSOID_MARGIN,
    METRES_PER_DEGREE,
    Area,
    cell_outlines,
)
from api.kit.geo import COARSE_RESOLUTION
from api.kit.shapely_arrays import Numbers, Shapes, Truths
from notifications.devices import ACCURACY_METRES_AT_MOST

PARTS_RESOLUTION = 9
PARTS = 49
HALF = 0.5
_NARROWEST = 0.1
_STRIP_MARGIN = 1.1
"""The strip's corners are rounded with straight lines, which cut them off by a fiftieth."""

Places = NDArray[np.intp]

_CELL_MARGIN_DEGREES = (
    CELL_MARGIN * h3.average_hexagon_edge_length(COARSE_RESOLUTION, unit="m") / METRES_PER_DEGREE
)


class CellShapes:
    """What is drawn of each cell in use, once: its outline, and a larger one that surely holds it."""

    def __init__(self, cells: NDArray[np.uint64]) -> None:
        names = [f"{cell:x}" for cell in cells.tolist()]
        self.outlines: Shapes = cell_outlines(names)
        self.bounds: Numbers = shapely_arrays.bounds(self.outlines).reshape(-1, 4)
        margins = 2 * _CELL_MARGIN_DEGREES / _narrowing(np.abs(self.bounds[:, [1, 3]]).max(axis=1))
        self.grown: Shapes = shapely_arrays.buffer(self.outlines, margins, join_style="mitre")
        self.part_centres: Numbers = _part_centres(names)
        """Latitude and longitude of each of the 49 parts of each cell."""

    def __len__(self) -> int:
        return len(self.outlines)


def _part_centres(names: list[str]) -> Numbers:
    centres = np.zeros((len(names), PARTS, 2))
    for place, name in enumerate(names):
        parts = h3.cell_to_children(name, PARTS_RESOLUTION)
        # A pentagon has fewer, some of which are then taken twice.
        found = [h3.cell_to_latlng(part) for part in parts]
        centres[place] = np.resize(np.array(found), (PARTS, 2))
    return centres


@dataclass(frozen=True, slots=True)
class CellAnswers:
    """Of each cell: whether it meets the area, whether who is in it may be off into it, and whether all is inside."""

    touched: Truths
    near: Truths
    held: Truths


class AreaColumns:
    """An area with geometry of its own, so that it may be asked in a thread beside others."""

    def __init__(self, area: Area) -> None:
        self._parts: Shapes = shapely_arrays.from_wkb(
            shapely_arrays.to_wkb(np.array(area.parts, np.object_))
        )
        shapely.prepare(self._parts)
        self._bounds: Numbers = shapely_arrays.bounds(self._parts).reshape(-1, 4)
        latitudes = np.abs(self._bounds[:, [1, 3]])
        farthest = float(latitudes.max()) if len(latitudes) else 0.0
        self._narrowing = float(_narrowing(np.array([farthest]))[0])

    def cells(self, shapes: CellShapes) -> CellAnswers:
        """Answer for each cell what `Area.touches_cell` would."""
        margin = _CELL_MARGIN_DEGREES / self._narrowing
        off = ACCURACY_METRES_AT_MOST * ELLIPSOID_MARGIN / METRES_PER_DEGREE / self._narrowing
        touched, near, held = (np.zeros(len(shapes), np.bool_) for _ in range(3))
        for part, bounds in zip(self._parts, self._bounds, strict=True):
            places = _meeting(shapes.bounds, bounds, margin + off)
            held[places] |= shapely_arrays.contains_properly(part, shapes.grown[places])
            places = places[~held[places]]
            meeting = shapely_arrays.intersects(part, shapes.outlines[places])
            touched[places[meeting]] = True
            beside = places[~meeting]
            beside = beside[shapely_arrays.dwithin(part, shapes.outlines[beside], margin + off)]
            near[beside] = True
            touched[beside] |= shapely_arrays.dwithin(part, shapes.outlines[beside], margin)
        touched |= held
        near |= touched
        return CellAnswers(touched, near, held)

    def come_within(self, latitudes: Numbers, longitudes: Numbers, metres: Numbers) -> Truths:
        """Answer for each position what `Area.comes_within` would."""
        reach = BOUNDARY_DEGREES + metres * ELLIPSOID_MARGIN / METRES_PER_DEGREE / _narrowing(
            latitudes
        )
        found = np.zeros(len(latitudes), np.bool_)
        around = np.stack(
            [longitudes - reach, latitudes - reach, longitudes + reach, latitudes + reach], axis=1
        )
        for part, bounds in zip(self._parts, self._bounds, strict=True):
            places = _meeting(around, bounds, 0.0)
            places = places[~found[places]]
            x, y, near = longitudes[places], latitudes[places], reach[places]
            found[places] = _within(part, x, y, near)
        return found

    def mostly_outside(self, shapes: CellShapes, doubtful: Truths) -> Truths:
        """Answer for each `doubtful` cell whether less than half of it lies in the area, for others no."""
        found = np.zeros(len(doubtful), np.bool_)
        places = np.flatnonzero(doubtful)
        if len(places):
            centres = shapes.part_centres[places].reshape(-1, 2)
            inside = self.come_within(centres[:, 0], centres[:, 1], np.zeros(len(centres)))
            found[places] = inside.reshape(len(places), PARTS).mean(axis=1) < HALF
        return found


def _within(part: object, x: Numbers, y: Numbers, reach: Numbers) -> Truths:
    """Tell which points come so near: most by being inside, few by how far they are."""
    found: Truths = shapely_arrays.contains_xy(part, x, y)
    outside = np.flatnonzero(~found)
    if len(outside):
        strip = shapely_arrays.buffer(
            part, float(reach[outside].max()) * _STRIP_MARGIN, quad_segs=4
        )
        shapely.prepare(strip)
        beside = outside[shapely_arrays.contains_xy(strip, x[outside], y[outside])]
        points = shapely_arrays.points(x[beside], y[beside])
        found[beside] = shapely_arrays.dwithin(part, points, reach[beside])
    return found


def _meeting(boxes: Numbers, bounds: Numbers, reach: float) -> Places:
    """Return the places of the boxes that come so near to the bounds (west, south, east, north)."""
    west, south, east, north = bounds
    return np.flatnonzero(
        (boxes[:, 0] <= east + reach)
        & (boxes[:, 2] >= west - reach)
        & (boxes[:, 1] <= north + reach)
        & (boxes[:, 3] >= south - reach)
    )


def _narrowing(latitudes: Numbers) -> Numbers:
    """Return by how much a degree of longitude is shorter than one of latitude."""
    found: Numbers = np.maximum(_NARROWEST, np.cos(np.radians(latitudes)))
    return found
