"""CSV (RFC 4180) that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Return the rows; a text that begins as a formula does is led by an apostrophe, what is not known is empty."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_cell(one) for one in row] for row in rows)
    return written.getvalue()


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(_FORMULAS):
        return f"'{cell}"
    return cell
