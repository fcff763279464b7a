"""Computes the table of communes' cells from their boundaries: `laocai communes import FILE`.

A cell of resolution 10 (edge 76 m) belongs to the commune that holds its centre; seven whole sisters are
one cell of the next coarser resolution. Published boundaries are simplified one by one, so neighbours
leave gaps of some metres or overlap: the nearest commune gets a gap; the first code gets an overlap, and
the others are remembered as disputing it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h3.api.basic_int as h3_cells
import h3.api.numpy_int as h3
import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from api.tourism.cell_runs import CellRuns
from api.tourism.cell_table import CellTable
from api.tourism.errors import InvalidBoundaries

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESOLUTION = 10
GAP_METRES = 100
"""No more than this lies between boundaries that should meet."""

_POINTS_MEASURED = 200_000
_METRES_A_DEGREE = 111_195
_SEED = 20_250_701

Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A commune's code and its polygon or polygons in WGS 84 degrees."""

    code: str
    geometry: BaseGeometry


def import_boundaries(source: Path, table: Path, progress: Progress) -> CellTable:
    """Compute the table of the boundaries in the GeoJSON file `source` and write it to `table`.

    Raises InvalidBoundaries, and then leaves `table` as it was.
    """
    computed = computed_table(read_boundaries(source), progress)
    computed.save(table)
    return computed


def read_boundaries(source: Path) -> list[Boundary]:
    """Read a FeatureCollection whose features have a property `code`. Raises InvalidBoundaries."""
    try:
        document: Any = json.loads(source.read_bytes())
        features: Any = document["features"]
        found = [_boundary(feature, row) for row, feature in enumerate(features, 1)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidBoundaries(reason=f"{type(error).__name__}: {error}") from error
    codes = [boundary.code for boundary in found]
    if not found or len(set(codes)) < len(codes):
        raise InvalidBoundaries(reason="a code of its own for every feature")
    return sorted(found, key=lambda boundary: boundary.code)


def _boundary(feature: Mapping[str, Any], row: int) -> Boundary:
    code = feature["properties"]["code"]
    if not isinstance(code, str) or not code:
        raise InvalidBoundaries(reason=f"feature {row}: code")
    try:
        geometry = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
    except (ShapelyError, AttributeError) as error:
        raise InvalidBoundaries(reason=f"feature {row}: {error}") from error
    west, south, east, north = geometry.bounds
    if geometry.area == 0 or not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidBoundaries(reason=f"feature {row}: geometry")
    return Boundary(code, geometry)


def computed_table(boundaries: Sequence[Boundary], progress: Progress) -> CellTable:
    """Return the table of `boundaries`, its error measured against them."""
    claims, spikes = _claims(boundaries, progress)
    owned, first = np.unique(claims.cells, return_index=True)
    gaps = _gap_cells(boundaries, owned)
    table = CellTable(
        owned=_compacted(_Claims(owned, claims.owners[first]).and_also(gaps)),
        disputed=claims.without(first).and_also(spikes).runs(),
        codes=tuple(boundary.code for boundary in boundaries),
        resolution=RESOLUTION,
    )
    error = measured_error(table, boundaries, _POINTS_MEASURED, progress)
    return replace(table, border_error_metres=error.greatest_metres, wrong_share=error.wrong_share)


@dataclass(frozen=True, slots=True, eq=False)
class _Claims:
    """Cells of RESOLUTION, and for each the row of the boundary that claims it."""

    cells: "NDArray[np.uint64]"
    owners: "NDArray[np.uint16]"

    @classmethod
    def of(cls, found: "Sequence[NDArray[np.uint64]]") -> "_Claims":
        rows = np.arange(len(found), dtype=np.uint16)
        return cls(np.concatenate(found), np.repeat(rows, [len(cells) for cells in found]))

    def and_also(self, other: "_Claims") -> "_Claims":
        return _Claims(
            np.concatenate([self.cells, other.cells]), np.concatenate([self.owners, other.owners])
        )

    def without(self, rows: "NDArray[np.intp]") -> "_Claims":
        return _Claims(np.delete(self.cells, rows), np.delete(self.owners, rows))

    def runs(self) -> CellRuns:
        return CellRuns.of(self.cells, self.owners)


def _claims(boundaries: Sequence[Boundary], progress: Progress) -> tuple[_Claims, _Claims]:
    """Return the cells whose centre each boundary holds, and those in its thin ends that hold no centre."""
    centred: list[NDArray[np.uint64]] = []
    thin: list[NDArray[np.uint64]] = []
    for row, boundary in enumerate(boundaries, 1):
        centred.append(_centred_cells(boundary.geometry))
        thin.append(_thin_ends(boundary.geometry, centred[-1]))
        progress("communes", row, len(boundaries))
    return _Claims.of(centred), _Claims.of(thin)


def _thin_ends(geometry: BaseGeometry, centred: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """Return the cells that `geometry` meets though they are neither `centred` nor next to one that is."""
    edge = np.setdiff1d(_met_cells(geometry), centred)
    own = set(centred.tolist())
    is_thin = [own.isdisjoint(h3_cells.grid_disk(cell, 1)) for cell in edge.tolist()]
    return edge[np.array(is_thin, dtype=np.bool)]


def _centred_cells(geometry: BaseGeometry) -> "NDArray[np.uint64]":
    """Return the cells whose centre `geometry` holds."""
    return np.unique(h3.geo_to_cells(_polygons(geometry).__geo_interface__, RESOLUTION))


def _met_cells(geometry: BaseGeometry) -> "NDArray[np.uint64]":
    """Return the cells that `geometry` meets."""
    shape = h3.geo_to_h3shape(_polygons(geometry).__geo_interface__)
    return np.unique(h3.h3shape_to_cells_experimental(shape, RESOLUTION, contain="overlap"))


def _polygons(geometry: BaseGeometry) -> shapely.MultiPolygon:
    """Return `geometry` without the lines and points that mending may have left in it."""
    parts = shapely.get_parts(geometry)
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])


def _gap_cells(boundaries: Sequence[Boundary], owned: "NDArray[np.uint64]") -> _Claims:
    """Return the cells that nobody owns in gaps up to GAP_METRES wide, with the nearest commune."""
    reach = GAP_METRES / 2 / _METRES_A_DEGREE
    province = shapely.union_all([boundary.geometry for boundary in boundaries])
    closed = province.buffer(reach, quad_segs=2).buffer(-reach, quad_segs=2)
    free = np.setdiff1d(_centred_cells(closed.difference(province)), owned)
    centres = np.array([h3.cell_to_latlng(cell)[::-1] for cell in free]).reshape(-1, 2)
    tree = shapely.STRtree([boundary.geometry for boundary in boundaries])
    rows, owners = tree.query_nearest(shapely.points(centres), all_matches=False)
    return _Claims(free[rows], owners.astype(np.uint16))


def _compacted(claims: _Claims) -> CellRuns:
    rows = np.unique(claims.owners)
    found = [h3.compact_cells(claims.cells[claims.owners == row]) for row in rows]
    return CellRuns.of(np.concatenate(found), np.repeat(rows, [len(part) for part in found]))


@dataclass(frozen=True, slots=True)
class BorderError:
    """How far a table is from exact boundaries.

    `wrong_share`: of random positions in the province, those with a wrong answer. `greatest_metres`:
    how far such a position is, at most, from the commune it was said to be in (or from the outside).
    """

    wrong_share: float
    greatest_metres: float


def measured_error(
    table: CellTable, boundaries: Sequence[Boundary], points: int, progress: Progress
) -> BorderError:
    """Ask `table` for `points` random positions inside the boundaries and compare with the polygons."""
    geometries = np.array([boundary.geometry for boundary in boundaries])
    borders = dict(zip((boundary.code for boundary in boundaries), geometries, strict=True))
    outside = shapely.boundary(shapely.union_all(geometries))
    x, y, owners = _random_positions(geometries, points)
    wrong, greatest = 0, 0.0
    for done, (longitude, latitude, owner) in enumerate(zip(x, y, owners, strict=True), 1):
        answer = table.owner_at(latitude, longitude)
        if answer != boundaries[owner].code:
            wrong += 1
            border = outside if answer is None else borders[answer]
            greatest = max(greatest, _metres_between(border, longitude, latitude))
        if done % 10_000 == 0 or done == len(x):
            progress("error at borders", done, len(x))
    return BorderError(wrong / max(1, len(x)), greatest)


def _random_positions(
    geometries: "NDArray[Any]", points: int
) -> "tuple[list[float], list[float], list[int]]":
    """Return random positions that lie in exactly one of `geometries`, and in which."""
    random = np.random.default_rng(_SEED)
    province = shapely.union_all(geometries)
    west, south, east, north = province.bounds
    inside = province.area / ((east - west) * (north - south))
    x = random.uniform(west, east, int(points / inside))
    y = random.uniform(south, north, int(points / inside))
    rows, owners = shapely.STRtree(geometries).query(shapely.points(x, y), predicate="intersects")
    only = np.bincount(rows, minlength=len(x))[rows] == 1
    rows, owners = rows[only], owners[only]
    return x[rows].tolist(), y[rows].tolist(), owners.tolist()


def _metres_between(geometry: BaseGeometry, longitude: float, latitude: float) -> float:
    """Return the distance on a plane that is true in metres around the point."""
    narrowing = np.cos(np.radians(latitude))
    flat = shapely.transform(
        geometry,
        lambda xy: (xy - (longitude, latitude)) * (narrowing * _METRES_A_DEGREE, _METRES_A_DEGREE),
    )
    return float(flat.distance(shapely.Point(0, 0)))
