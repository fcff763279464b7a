"""A table as it comes out of a file: cells without meaning yet, and bounds on how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

ROWS_AT_MOST = 5_000
"""Without the one that names the columns."""
COLUMNS_AT_MOST = 40
CELL_CHARACTERS_AT_MOST = 200


class Formula(Enum):
    """A cell whose value a program has to compute, which we do not."""

    FORMULA = auto()


class Overlong(Enum):
    """A cell of more characters than are worth keeping."""

    OVERLONG = auto()


Cell = str | date | Formula | Overlong
"""Text without space around it (empty: nothing), a day, or what is no value."""


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """The table: names of columns, then rows with the number that the reader's program shows."""

    header: tuple[str, ...]
    rows: Sequence[tuple[int, tuple[Cell, ...]]]


def cell_of(text: str) -> Cell:
    """Return the cell of a text as it was written."""
    text = text.strip()
    return Overlong.OVERLONG if len(text) > CELL_CHARACTERS_AT_MOST else text
