"""A compacted table of H3 cells: which commune a place on the ground belongs to, in 2 MB of memory."""

from dataclasses import dataclass
from pathlib import Path

import h3.api.basic_int as h3
import h3.api.numpy_int as h3_arrays
import numpy as np

from api.tourism.cell_runs import CellRuns, resolutions


@dataclass(frozen=True, slots=True, eq=False)
class CellTable:
    """Cells and the communes that own them, as positions in `codes`.

    `owned`: no cell lies within another; what is not there belongs to nobody. `disputed`: cells of
    the finest `resolution` that further communes claim, where boundaries overlap or a commune runs
    out thin. Every position of a commune lies in a cell that it owns or claims, or next to one.
    `border_error_metres`: no position further than this from a border has a wrong owner;
    `wrong_share`: of all positions in the province, the share that has; both as measured when the
    table was computed.
    """

    owned: CellRuns
    disputed: CellRuns
    codes: tuple[str, ...]
    resolution: int
    border_error_metres: float = 0.0
    wrong_share: float = 0.0

    def owner_at(self, latitude: float, longitude: float) -> str | None:
        """Return the code of the commune whose cell holds the point (degrees), or None."""
        owner = self.owned.owner_of(h3.latlng_to_cell(latitude, longitude, self.resolution))
        return None if owner is None else self.codes[owner]

    def owners_under(self, cell: int) -> frozenset[str]:
        """Return the codes of all communes that own or claim something of `cell`."""
        owners = self.owned.owners_under(cell) | self.disputed.owners_under(cell)
        return frozenset(self.codes[owner] for owner in owners)

    def is_whole(self, cell: int) -> bool:
        """Tell whether one commune owns all of `cell`, undisputed."""
        return self.owned.owner_of(cell) is not None and not self.disputed.owners_under(cell)

    def cells_of(self, codes: frozenset[str], finest: int, coarsest: int) -> list[int]:
        """Return cells between two resolutions that hold all these communes own or claim, and little more."""
        owners = [row for row, code in enumerate(self.codes) if code in codes]
        cells = np.concatenate([self.owned.cells_of(owners), self.disputed.cells_of(owners)])
        is_finer = resolutions(cells) > finest
        parents = {h3.cell_to_parent(cell, finest) for cell in cells[is_finer].tolist()}
        of_finest = h3_arrays.uncompact_cells(cells[~is_finer], finest)
        together = np.union1d(of_finest, np.fromiter(parents, np.uint64, len(parents)))
        compacted = h3_arrays.compact_cells(together)
        is_coarser = resolutions(compacted) < coarsest
        parted = h3_arrays.uncompact_cells(compacted[is_coarser], coarsest)
        held: list[int] = [*compacted[~is_coarser].tolist(), *parted.tolist()]
        return held

    def parents(self, resolution: int) -> list[int]:
        """Return the cells of `resolution` (or coarser, where the table is) that hold the whole table."""
        return sorted(
            {
                h3.cell_to_parent(cell, min(resolution, h3.get_resolution(cell)))
                for cell in self.owned.cells.tolist()
            }
        )

    def save(self, path: Path) -> None:
        """Write the table, the same bytes for the same table, in one step."""
        draft = path.with_name(f"{path.name}.draft")
        with draft.open("wb") as file:
            np.savez_compressed(
                file,
                cells=self.owned.cells,
                owners=self.owned.owners,
                disputed_cells=self.disputed.cells,
                disputed_owners=self.disputed.owners,
                codes=np.array(self.codes),
                resolution=np.array(self.resolution),
                border_error_metres=np.array(self.border_error_metres),
                wrong_share=np.array(self.wrong_share),
            )
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> "CellTable":
        with np.load(path, allow_pickle=False) as file:
            return cls(
                owned=CellRuns.of(file["cells"], file["owners"]),
                disputed=CellRuns.of(file["disputed_cells"], file["disputed_owners"]),
                codes=tuple(file["codes"].tolist()),
                resolution=int(file["resolution"]),
                border_error_metres=float(file["border_error_metres"]),
                wrong_share=float(file["wrong_share"]),
            )
