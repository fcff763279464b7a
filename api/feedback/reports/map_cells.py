"""Where on the map: the H3 cells by which reports of a place are found without reading all others.

A report carries its cell at three sizes, each with an index; a box asks for the cells of the smallest size of
which it needs few. What lies in a cell but not in the box is left out by its exact place.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from typing import Any

import h3

from api.kit.geo import EARTH_RADIUS_METRES, Position, cell_of
from api.province import served_province

CELL_FIELDS: Mapping[str, int] = {"cell_9": 9, "cell_7": 7, "cell_5": 5}
"""Fields of a report's document and their resolution (0.1 km², 5 km², 253 km²), the smallest first."""
CELLS_AT_MOST = 130
_METRES_A_DEGREE = radians(1) * EARTH_RADIUS_METRES
_MARGIN = 0.0002
"""Degrees, about 20 m: edges of cells are not quite straight lines of a map."""


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees, WGS 84; far from the antimeridian and the poles."""

    south: float
    west: float
    north: float
    east: float

    def within(self, other: "Box") -> "Box | None":
        """Return what both have in common, None for nothing."""
        common = Box(
            max(self.south, other.south),
            max(self.west, other.west),
            min(self.north, other.north),
            min(self.east, other.east),
        )
        return common if common.south <= common.north and common.west <= common.east else None

    @classmethod
    def around(cls, centre: Position, metres: float) -> "Box":
        """Return a box that holds everything within some metres."""
        north = metres / _METRES_A_DEGREE
        east = north / max(0.01, cos(radians(min(89.0, abs(centre.latitude) + north))))
        return cls(
            centre.latitude - north,
            centre.longitude - east,
            centre.latitude + north,
            centre.longitude + east,
        )


@cache
def province_box() -> Box:
    """Return a box that holds the whole province: no report lies outside."""
    bounds = served_province().bounds
    return Box(bounds.south, bounds.west, bounds.north, bounds.east)


def cells_of(spot: Position | None) -> dict[str, str | None]:
    """Return the fields of a report's document by which it is found on the map."""
    return {
        field: cell_of(spot, resolution) if spot else None
        for field, resolution in CELL_FIELDS.items()
    }


def lying_in(box: Box) -> dict[str, Any] | None:
    """Return the conditions of a filter for what lies in a box; None when no report can."""
    common = box.within(province_box())
    if common is None:
        return None
    field, cells = _covering(common)
    return {
        field: {"$in": cells},
        "latitude": {"$gte": box.south, "$lte": box.north},
        "longitude": {"$gte": box.west, "$lte": box.east},
    }


def of_categories(wanted: Collection[str], categories: Iterable[str]) -> dict[str, Any]:
    """Return the condition for what lies in a box and is of some categories.

    Said by the others, for an engine that is told the categories themselves may look by them and not by the place.
    """
    return {"category": {"$nin": [one for one in categories if one not in wanted]}}


def _covering(box: Box) -> tuple[str, list[str]]:
    south, north = box.south - _MARGIN, box.north + _MARGIN
    west, east = box.west - _MARGIN, box.east + _MARGIN
    corners = [(south, west), (south, east), (north, east), (north, west)]
    square_degrees = (north - south) * (east - west)
    square_km = square_degrees * (_METRES_A_DEGREE / 1_000) ** 2 * cos(radians(south))
    *smaller, largest = CELL_FIELDS.items()
    for field, resolution in smaller:
        if square_km < CELLS_AT_MOST * h3.average_hexagon_area(resolution, unit="km^2"):
            cells = _overlapping(corners, resolution)
            if len(cells) <= CELLS_AT_MOST:
                return field, cells
    return largest[0], _overlapping(corners, largest[1])


def _overlapping(corners: list[tuple[float, float]], resolution: int) -> list[str]:
    shape = h3.LatLngPoly(corners)
    return list(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap"))
