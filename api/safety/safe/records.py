"""What somebody says of themselves, and how many said it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.kit.geo import Position

ANSWERS_KEPT_FOR = timedelta(days=30)
"""After the last answer; the counts, which are of nobody, stay a year."""


class MusterAnswer(StrEnum):
    SAFE = auto()
    NEED_HELP = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Answered:
    """The last answer of a person or device to a warning. `who`: key of the Asker.

    `position` and `note` are of NEED_HELP alone; sealed at rest.
    """

    id: str
    alert_id: str
    who: str
    answer: MusterAnswer
    commune_code: str
    at: datetime
    position: Position | None
    note: str | None


@dataclass(frozen=True, slots=True)
class MusterCount:
    """How many last said what in a commune. `expected`: people whose devices took the warning and are, or live, there."""

    commune_code: str
    safe: int
    need_help: int
    expected: int = 0


@dataclass(frozen=True, slots=True)
class Muster:
    """`warned`: devices that took the warning, everywhere."""

    warned: int
    counts: tuple[MusterCount, ...]
