"""Cells against one area: the same few are asked about for each of thousands of devices, and in each look."""

from api.kit.area import Area

HALF = 0.5


class CellVerdicts:
    """Each verdict is worked out once. Unlike a selection, it holds no moment."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self._is_touched: dict[str, bool] = {}
        self._is_mostly_outside: dict[str, bool] = {}

    def touches(self, cell: str) -> bool:
        if cell not in self._is_touched:
            self._is_touched[cell] = self.area.touches_cell(cell)
        return self._is_touched[cell]

    def is_mostly_outside(self, cell: str) -> bool:
        if cell not in self._is_mostly_outside:
            self._is_mostly_outside[cell] = self.area.share_of_cell(cell) < HALF
        return self._is_mostly_outside[cell]
