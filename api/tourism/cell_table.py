"""A compacted table of H3 cells: which commune a place on the ground belongs to, in 1.3 MB of memory.

A cell of any resolution covers an unbroken run of the finest indexes, so the sorted table is a list
of runs, and one binary search finds the run that holds a position.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import h3.api.basic_int as h3
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = (1 << 52) - 1
_FINEST = 15
_BITS_A_DIGIT = 3


@dataclass(frozen=True, slots=True, eq=False)
class CellTable:
    """Cells and their owners, ascending by run. Cells not in the table belong to nobody.

    `cells`: H3 indexes (uint64), none within another. `owners`: for each cell a position in `codes`
    (uint16). `border_error_metres`: no position further than this from a border has a wrong owner;
    `wrong_share`: of all positions in the province, the share that has; both as measured when the
    table was computed.
    """

    cells: "NDArray[np.uint64]"
    owners: "NDArray[np.uint16]"
    codes: tuple[str, ...]
    resolution: int
    border_error_metres: float
    wrong_share: float
    _starts: "NDArray[np.uint64]"
    _ends: "NDArray[np.uint64]"

    @classmethod
    def of(
        cls,
        cells: "NDArray[np.uint64]",
        owners: "NDArray[np.uint16]",
        codes: tuple[str, ...],
        *,
        resolution: int,
        border_error_metres: float = 0.0,
        wrong_share: float = 0.0,
    ) -> "CellTable":
        """Put the cells, in any order, into a table; `resolution` is that of the finest of them."""
        starts, ends = _runs(cells)
        order = np.argsort(starts)
        return cls(
            cells=cells[order],
            owners=owners[order],
            codes=codes,
            resolution=resolution,
            border_error_metres=border_error_metres,
            wrong_share=wrong_share,
            _starts=starts[order],
            _ends=ends[order],
        )

    def owner_at(self, latitude: float, longitude: float) -> str | None:
        """Return the code of the commune whose cell holds the point (degrees), or None."""
        cell: int = h3.latlng_to_cell(latitude, longitude, self.resolution)
        finest = np.uint64(cell & _DIGITS)
        row = int(self._ends.searchsorted(finest))
        if row == len(self._ends) or self._starts[row] > finest:
            return None
        return self.codes[int(self.owners[row])]

    def owners_under(self, cell: int) -> frozenset[str]:
        """Return the codes of all communes that own something of `cell`."""
        owners: list[int] = self._owners_of_run(cell).tolist()
        return frozenset(self.codes[owner] for owner in set(owners))

    def cells_of(self, codes: frozenset[str]) -> list[int]:
        """Return the cells that belong to these communes."""
        rows = [row for row, code in enumerate(self.codes) if code in codes]
        cells: list[int] = self.cells[np.isin(self.owners, rows)].tolist()
        return cells

    def is_whole(self, cell: int) -> bool:
        """Tell whether `cell` lies within one cell of the table."""
        start, end = _run(cell)
        row = int(self._ends.searchsorted(np.uint64(end)))
        return row < len(self._ends) and int(self._starts[row]) <= start

    def parents(self, resolution: int) -> list[int]:
        """Return the cells of `resolution` (or coarser, where the table is) that hold the whole table."""
        return sorted(
            {
                h3.cell_to_parent(cell, min(resolution, h3.get_resolution(cell)))
                for cell in self.cells.tolist()
            }
        )

    def save(self, path: Path) -> None:
        """Write the table, the same bytes for the same table, in one step."""
        draft = path.with_name(f"{path.name}.draft")
        with draft.open("wb") as file:
            np.savez_compressed(
                file,
                cells=self.cells,
                owners=self.owners,
                codes=np.array(self.codes),
                resolution=np.array(self.resolution),
                border_error_metres=np.array(self.border_error_metres),
                wrong_share=np.array(self.wrong_share),
            )
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> "CellTable":
        with np.load(path, allow_pickle=False) as file:
            return cls.of(
                file["cells"],
                file["owners"],
                tuple(file["codes"].tolist()),
                resolution=int(file["resolution"]),
                border_error_metres=float(file["border_error_metres"]),
                wrong_share=float(file["wrong_share"]),
            )

    def _owners_of_run(self, cell: int) -> "NDArray[np.uint16]":
        start, end = _run(cell)
        first = self._ends.searchsorted(np.uint64(start))
        last = self._starts.searchsorted(np.uint64(end), side="right")
        return self.owners[first:last]


def _run(cell: int) -> tuple[int, int]:
    """Return the first and last index below `cell`, digits only; the unused digits of a cell are all ones."""
    end = cell & _DIGITS
    return end & ~_unused(h3.get_resolution(cell)), end


def _unused(resolution: int) -> int:
    return (1 << _BITS_A_DIGIT * (_FINEST - resolution)) - 1


def _runs(cells: "NDArray[np.uint64]") -> "tuple[NDArray[np.uint64], NDArray[np.uint64]]":
    resolutions = (cells >> np.uint64(52)) & np.uint64(15)
    unused = np.array([_unused(resolution) for resolution in range(16)], dtype=np.uint64)
    ends = cells & np.uint64(_DIGITS)
    return ends & ~unused[resolutions], ends
