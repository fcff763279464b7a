"""Finds what is near through H3 cells: documents carry theirs, discs of cells around a position grow until enough is found.

An exact distance decides in the end; a disc only says who is worth measuring.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import h3

from api.kit.geo import Position, cell_of

INDEXED_RESOLUTIONS = (7, 5, 3)
"""A document's `cells` are those of its position at these resolutions (5 km², 253 km², 12,400 km² a cell)."""

_RINGS = ((7, 2), (7, 5), (5, 2), (5, 5), (3, 2), (3, 4))
_SMALLEST_EDGE = 0.7
"""No cell's edge is shorter than this share of the average of its resolution."""


def indexed_cells(position: Position) -> list[str]:
    """Return the cells to keep in a document's `cells` (an index with `many`)."""
    return [cell_of(position, resolution) for resolution in INDEXED_RESOLUTIONS]


@dataclass(frozen=True, slots=True)
class Disc:
    """Cells that hold everything within `reach_metres`, and more; `cells` is None for the whole earth."""

    reach_metres: float
    cells: list[str] | None


def discs(
    centre: Position, *, from_metres: float, to_metres: float | None, at_least_square_km: float
) -> Iterator[Disc]:
    """Yield growing discs around `centre`; the last one reaches `to_metres`, or everywhere for None.

    Discs that reach no further than `from_metres` (what lies there is known) or are smaller than
    `at_least_square_km` (too little to expect enough in it) are left out, unless they are the last.
    """
    for resolution, rings in _RINGS:
        edge = h3.average_hexagon_edge_length(resolution, unit="m")
        # The shortest way out of a disc of k rings, from a corner of its middle cell.
        reach = (1.5 * rings - 0.5) * edge * _SMALLEST_EDGE
        is_last = to_metres is not None and reach >= to_metres
        cells_in_disc = 1 + 3 * rings * (rings + 1)
        area = cells_in_disc * h3.average_hexagon_area(resolution, unit="km^2")
        if is_last or (reach > from_metres and area >= at_least_square_km):
            yield Disc(reach, h3.grid_disk(cell_of(centre, resolution), rings))
        if is_last:
            return
    yield Disc(float("inf"), None)
