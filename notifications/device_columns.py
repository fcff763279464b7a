"""All devices as columns in memory, to select those of an area and communes within a tenth of a second.

The store holds the truth; this is what was known at a moment (notifications.device_index). Rows are in
order of their ids, so that what is selected is too. 19 bytes a device beside the 16 of its id, which
leads to its registration, and 4 for each home commune.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from api.kit.area import Area
from api.kit.shapely_arrays import Truths
from notifications.area_columns import AreaColumns, CellAnswers, CellShapes
from notifications.device_rows import (
    DEGREES_SCALE,
    GONE,
    NO_CELL,
    NOT_EXACT,
    Numbered,
    RowArrays,
    packed,
)
from notifications.devices import EXACT_KEPT_FOR, POSITION_KEPT_FOR
from notifications.preferences import Subject

Rows = NDArray[np.uint32]
PackedIds = NDArray[np.bytes_]
_ROUNDING_METRES = 0.02


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to select, as of a moment. `communes`: codes."""

    area: Area
    communes: frozenset[str]
    subject: Subject | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Selected:
    """Rows in order of their ids. `by_edge_cell`: who is selected by a cell that lies partly outside."""

    rows: Rows
    by_edge_cell: Rows
    answers: CellAnswers | None


class DeviceColumns:
    def __init__(self, arrays: RowArrays, numbered: Numbered) -> None:
        """Put the rows in order. What is `GONE` is left out."""
        order = np.argsort(arrays.ids, kind="stable")
        order = order[arrays.choices[order] != GONE]
        self._numbered = numbered
        self._ids = arrays.ids[order]
        self._latitudes = arrays.latitudes[order]
        self._longitudes = arrays.longitudes[order]
        self._observed = arrays.observed[order]
        self._accuracies = arrays.accuracies[order]
        self._choices = arrays.choices[order]
        self._file_by_cell(arrays.cells[order])
        self._file_by_home(arrays, order)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def byte_count(self) -> int:
        """What the columns take, ids included; shapes of cells and shared values are not."""
        columns = (
            self._ids,
            self._latitudes,
            self._longitudes,
            self._observed,
            self._accuracies,
            self._choices,
            self._by_cell,
            self._by_home,
        )
        return sum(column.nbytes for column in columns)

    @cached_property
    def shapes(self) -> CellShapes:
        """The cells in use, drawn at the first question: about 60 µs each."""
        return CellShapes(self._cells)

    def remove(self, device_id: str) -> None:
        """Let a device be met here no more; one that is not here is no concern."""
        wanted = np.array([packed(device_id)], self._ids.dtype)
        row = int(np.searchsorted(self._ids, wanted)[0])
        if row < len(self._ids) and self._ids[row] == wanted[0]:
            self._choices[row] = GONE

    def ids(self, rows: Rows) -> PackedIds:
        found: PackedIds = self._ids[rows]
        return found

    def select(self, wanted: Wanted) -> Selected:
        """Select everybody meant. Takes a moment, in which others may use the processor too."""
        chosen = np.zeros(len(self), np.bool_)
        by_edge_cell, answers = self._by_cell[:0], None
        if not wanted.area.is_empty:
            by_edge_cell, answers = self._choose_in_cells(wanted, chosen)
        for code in wanted.communes:
            chosen[self._at_home(code)] = True
        chosen &= self._asked(wanted.subject)[self._choices]
        return Selected(np.flatnonzero(chosen).astype(np.uint32), by_edge_cell, answers)

    def likely_outside(self, wanted: Wanted, selected: Selected) -> Rows:
        """Return those selected by nothing but a cell that lies mostly outside."""
        if selected.answers is None:
            return selected.rows[:0]
        answers = selected.answers
        edge = answers.touched & ~answers.held
        mostly = AreaColumns(wanted.area).mostly_outside(self.shapes, edge)
        found = np.zeros(len(self), np.bool_)
        found[self._of_cells(mostly)] = True
        by_cell = np.zeros(len(self), np.bool_)
        by_cell[selected.by_edge_cell] = True
        for code in wanted.communes:
            by_cell[self._at_home(code)] = False
        return selected.rows[(found & by_cell)[selected.rows]]

    def arrays(self) -> RowArrays:
        """Return the rows as they are now, with what is gone."""
        cells = np.zeros(len(self), np.uint64)
        cells[self._by_cell] = np.repeat(self._cells, np.diff(self._cell_starts))
        homes = np.repeat(
            np.arange(len(self._home_starts) - 1, dtype=np.uint16), np.diff(self._home_starts)
        )
        return RowArrays(
            self._ids,
            cells,
            self._latitudes,
            self._longitudes,
            self._observed,
            self._accuracies,
            self._choices,
            homes,
            self._by_home,
        )

    def _file_by_cell(self, cells: NDArray[np.uint64]) -> None:
        by_cell = np.argsort(cells, kind="stable").astype(np.uint32)
        by_cell = by_cell[np.searchsorted(cells[by_cell], NO_CELL, side="right") :]
        self._cells, counts = np.unique(cells[by_cell], return_counts=True)
        self._cell_starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._by_cell: Rows = by_cell

    def _file_by_home(self, arrays: RowArrays, order: NDArray[np.intp]) -> None:
        places = np.full(len(arrays.ids), -1, np.int64)
        places[order] = np.arange(len(order))
        rows = places[arrays.at_home]
        is_here = rows >= 0
        homes, rows = arrays.homes[is_here], rows[is_here]
        by_home = np.argsort(homes, kind="stable")
        counts = np.bincount(homes, minlength=len(self._numbered.communes))
        self._home_starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._by_home: Rows = rows[by_home].astype(np.uint32)

    def _at_home(self, code: str) -> Rows:
        if code not in self._numbered.communes:
            return self._by_home[:0]
        number = self._numbered.commune(code)
        if number + 1 >= len(self._home_starts):
            return self._by_home[:0]
        return self._by_home[self._home_starts[number] : self._home_starts[number + 1]]

    def _asked(self, subject: Subject | None) -> Truths:
        """Tell by the number of a choice whether it wants the subject; what is GONE never does."""
        asked = np.zeros(GONE + 1, np.bool_)
        for number, preferences in enumerate(self._numbered.preferences):
            asked[number] = preferences.want(subject)
        return asked

    def _choose_in_cells(self, wanted: Wanted, chosen: Truths) -> tuple[Rows, CellAnswers]:
        area = AreaColumns(wanted.area)
        answers = area.cells(self.shapes)
        # Cells in the midst of the area are most of them, and their devices need no further look.
        inside = self._of_cells(answers.held)
        chosen[inside] = self._are_known(inside, wanted.at)
        at_edge = answers.near & ~answers.held
        edge = self._of_cells(at_edge)
        is_touched = np.repeat(answers.touched[at_edge], np.diff(self._cell_starts)[at_edge])
        is_exact = self._are_exact(edge, wanted.at)
        by_cell = edge[self._are_known(edge, wanted.at) & ~is_exact & is_touched]
        chosen[by_cell] = True
        exact = edge[is_exact]
        chosen[exact] = area.come_within(
            self._latitudes[exact] / DEGREES_SCALE,
            self._longitudes[exact] / DEGREES_SCALE,
            self._accuracies[exact].astype(np.float64) + _ROUNDING_METRES,
        )
        return by_cell, answers

    def _of_cells(self, wanted: Truths) -> Rows:
        """Return the rows of these cells, a cell after the other."""
        found: Rows = self._by_cell[np.repeat(wanted, np.diff(self._cell_starts))]
        return found

    def _are_known(self, rows: Rows, at: datetime) -> Truths:
        """Tell of whom the position is not too old."""
        oldest = at.timestamp() - POSITION_KEPT_FOR.total_seconds()
        found: Truths = self._observed[rows] > oldest
        return found

    def _are_exact(self, rows: Rows, at: datetime) -> Truths:
        newest_too_old = at.timestamp() - EXACT_KEPT_FOR.total_seconds()
        is_exact: Truths = self._accuracies[rows] != NOT_EXACT
        found: Truths = is_exact & (self._observed[rows] > newest_too_old)
        return found
