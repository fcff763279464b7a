"""Which commune a position is in, and which communes an area touches."""

from functools import cache, cached_property
from pathlib import Path

import h3.api.basic_int as h3

from api.kit.area import Area
from api.kit.geo import Position
from api.province import province_file
from api.tourism.cell_table import CellTable

SHIPPED_TABLE = Path(__file__).with_name("data") / "commune_cells.npz"
TABLE_NAME = "commune_cells.npz"

_ROOT_RESOLUTION = 5
_WHOLE_ENOUGH_RESOLUTION = 8
_DRAWN_FINELY_AT_MOST = 10
_LOOKED_AT_TOGETHER = 32
_REACH_IN_EDGES = 2.2
"""A commune reaches at most across one cell beside its own: two edges, and H3's edges vary."""


class CommuneIndex:
    """Answers from a table of cells in memory (2 MB for 99 communes), without waiting.

    A position near a border may be given to the neighbour: with the shipped table 0.7 % of positions
    in the province, none further than 72 m from the border (`table.border_error_metres`); the
    boundaries themselves are simplified to about 40 m.
    """

    def __init__(self, table: CellTable) -> None:
        self.table = table

    @classmethod
    def in_folder(cls, data_folder: Path) -> "CommuneIndex":
        """Load the table that `laocai communes import` left in `data_folder`, else the shipped one."""
        imported = data_folder / TABLE_NAME
        return cls(CellTable.load(imported)) if imported.exists() else shipped_communes()

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all communes."""
        return frozenset(self.table.codes)

    def at(self, position: Position) -> str | None:
        """Return the code of the commune, None outside the province."""
        return self.table.owner_at(position.latitude, position.longitude)

    def touching(self, area: Area) -> frozenset[str]:
        """Return the codes of all communes that meet `area`.

        Never misses one; may add a neighbour that is less than 300 m away. Takes up to 0.5 s, for half of the province.
        Descends from coarse cells to fine ones while the area is near and a commune is still open.
        Every cell is looked at together with what is around it: a commune may reach into the cells next
        to its own, and children lie a little outside their parent.
        """
        return _Descent(self.table, area).codes_under(self._roots)

    def area_of(self, codes: frozenset[str]) -> Area:
        """Return an area that holds these communes whole, and at most 400 m around them.

        More than ten communes are drawn with larger cells: at most 900 m. Takes up to 0.4 s.
        """
        finest, coarsest = (10, 8) if len(codes) <= _DRAWN_FINELY_AT_MOST else (9, 7)
        cells = self.table.cells_of(codes, finest, coarsest)
        margin = _REACH_IN_EDGES * h3.average_hexagon_edge_length(self.table.resolution, unit="m")
        return Area.of_cells(map(h3.int_to_str, cells), margin)

    @cached_property
    def _roots(self) -> list[int]:
        return self.table.parents(_ROOT_RESOLUTION)


@cache
def shipped_communes() -> CommuneIndex:
    """Return the index over the table that is part of the product."""
    return CommuneIndex(CellTable.load(province_file(SHIPPED_TABLE)))


class _Descent:
    """One search for the communes that an area touches."""

    def __init__(self, table: CellTable, area: Area) -> None:
        self._table = table
        self._area = area
        self._found: set[str] = set()
        self._touched: dict[int, bool] = {}

    def codes_under(self, roots: list[int]) -> frozenset[str]:
        """Look at some cells at a time, finer ones first: what they find closes coarser ones unseen."""
        waiting: list[list[int]] = [roots]
        while waiting:
            cells = waiting.pop()
            if len(cells) > _LOOKED_AT_TOGETHER:
                waiting.append(cells[_LOOKED_AT_TOGETHER:])
            if children := self._looked_at(cells[:_LOOKED_AT_TOGETHER]):
                waiting.append(children)
        return frozenset(self._found)

    def _looked_at(self, cells: list[int]) -> list[int]:
        """Note what is found in cells of one resolution, and return the finer ones that stay open."""
        resolution = h3.get_resolution(cells[0])
        is_finest = resolution == self._table.resolution
        owners = {cell: self._table.owners_under(cell) - self._found for cell in cells}
        around = {
            cell: h3.grid_disk(cell, 1 if is_finest else 2)
            for cell, codes in owners.items()
            if codes
        }
        self._touch({near for disk in around.values() for near in disk}, resolution)
        children: list[int] = []
        for cell, disk in around.items():
            if not any(map(self._touched.__getitem__, disk)):
                continue
            if is_finest or self._is_surely_touched(cell, resolution):
                self._found |= owners[cell]
            else:
                children.extend(h3.cell_to_children(cell))
        return children

    def _is_surely_touched(self, cell: int, resolution: int) -> bool:
        return (
            resolution >= _WHOLE_ENOUGH_RESOLUTION
            and self._table.is_whole(cell)
            and self._touched[cell]
        )

    def _touch(self, cells: set[int], resolution: int) -> None:
        """Learn of cells of one resolution whether the area touches them."""
        unknown = sorted(cells - self._touched.keys())
        touched = self._area.touches_cells([h3.int_to_str(cell) for cell in unknown], resolution)
        self._touched.update(zip(unknown, touched, strict=True))
