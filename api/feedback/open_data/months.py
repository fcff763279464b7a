"""Months on the calendar of Vietnam."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from api.feedback.open_data.errors import InvalidMonth
from api.kit.formats import VIETNAM_TIME

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Month:
    """`first` belongs to it, `end` to the next one; both in UTC."""

    name: str
    first: datetime
    end: datetime

    @classmethod
    def of(cls, name: str, now: datetime) -> "Month":
        """Read such as 2026-11. Raises InvalidMonth."""
        found = _MONTH.fullmatch(name)
        if found is None:
            raise InvalidMonth
        year, month = int(found[1]), int(found[2])
        first = _begins(year, month)
        if first > now:
            raise InvalidMonth
        return cls(name, first, _begins(year + month // 12, month % 12 + 1))


def _begins(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=VIETNAM_TIME).astimezone(UTC)
