"""H3 cells of mixed resolutions with an owner each, searched by bisection.

A cell covers an unbroken run of the finest indexes (its digits are the beginning of theirs), so cells
of which none lies within another are a sorted list of runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h3.api.basic_int as h3
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = (1 << 52) - 1
_FINEST = 15
_BITS_A_DIGIT = 3


@dataclass(frozen=True, slots=True, eq=False)
class CellRuns:
    """`cells` (H3 indexes, uint64) ascending by run, and the owner of each (uint16)."""

    cells: "NDArray[np.uint64]"
    owners: "NDArray[np.uint16]"
    _starts: "NDArray[np.uint64]"
    _ends: "NDArray[np.uint64]"

    @classmethod
    def of(cls, cells: "NDArray[np.uint64]", owners: "NDArray[np.uint16]") -> "CellRuns":
        """Take the cells in any order; none may lie within another, but one may be there twice."""
        unused = np.array([_unused(resolution) for resolution in range(16)], dtype=np.uint64)
        ends = cells & np.uint64(_DIGITS)
        starts = ends & ~unused[resolutions(cells)]
        order = np.lexsort((owners, starts))
        return cls(cells[order], owners[order], starts[order], ends[order])

    def owner_of(self, cell: int) -> int | None:
        """Return the owner of the cell that `cell` is or lies in, or None."""
        start, end = _run(cell)
        row = int(self._ends.searchsorted(end))
        if row == len(self._ends) or self._starts[row] > start:
            return None
        return int(self.owners[row])

    def owners_under(self, cell: int) -> set[int]:
        """Return all who own something of `cell`."""
        start, end = _run(cell)
        first, last = self._ends.searchsorted(start), self._starts.searchsorted(end, side="right")
        return set(self.owners[first:last].tolist())

    def cells_of(self, owners: Sequence[int]) -> "NDArray[np.uint64]":
        return self.cells[np.isin(self.owners, owners)]


def resolutions(cells: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    return (cells >> np.uint64(52)) & np.uint64(15)


def _run(cell: int) -> tuple[np.uint64, np.uint64]:
    """Return the first and the last index below `cell`; the unused digits of a cell are all ones."""
    end = cell & _DIGITS
    return np.uint64(end & ~_unused(h3.get_resolution(cell))), np.uint64(end)


def _unused(resolution: int) -> int:
    return (1 << _BITS_A_DIGIT * (_FINEST - resolution)) - 1
