"""The desks, and when somebody is there: data/desks.json, in Vietnam time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from api.kit.formats import VIETNAM_TIME
from api.province import province_file


class HandoffDesk(StrEnum):
    TOURIST_HELP_CENTRE = "tourist_help_centre"
    DESK_1022 = "desk_1022"


_PARTS_BEGIN = (time(12, 0), time(17, 0))
"""Where a day at a desk is parted: before noon, after noon, in the evening."""
_WINDOWS_OFFERED = 4
_DAYS_AHEAD = 15
_ENOUGH_TO_CALL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a day in which a desk can call."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """`weekdays`: of date.weekday, Monday is 0."""

    desk: HandoffDesk
    agency: str
    names: dict[str, str]
    opens: time
    closes: time
    weekdays: frozenset[int]

    def name_in(self, language: str) -> str:
        return self.names.get(language, self.names["en"])

    def is_open(self, now: datetime) -> bool:
        local = now.astimezone(VIETNAM_TIME)
        return local.weekday() in self.weekdays and self.opens <= local.time() < self.closes

    def next_opening(self, now: datetime) -> datetime:
        """Return when it opens next after `now`."""
        local = now.astimezone(VIETNAM_TIME)
        days = (local.date() + timedelta(days=ahead) for ahead in range(8))
        openings = (datetime.combine(day, self.opens, VIETNAM_TIME) for day in days)
        return next(at for at in openings if at > local and at.weekday() in self.weekdays)

    def call_windows(self, now: datetime) -> list[Window]:
        """Return the next times at which it can call; of today what leaves it an hour."""
        local = now.astimezone(VIETNAM_TIME)
        days = (local.date() + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD))
        windows = (
            window
            for day in days
            if day.weekday() in self.weekdays
            for window in self._parts(day)
            if window.end - local >= _ENOUGH_TO_CALL
        )
        return list(islice(windows, _WINDOWS_OFFERED))

    def _parts(self, day: date) -> Iterator[Window]:
        within = (at for at in _PARTS_BEGIN if self.opens < at < self.closes)
        bounds = [
            datetime.combine(day, at, VIETNAM_TIME) for at in (self.opens, *within, self.closes)
        ]
        return (Window(start, end) for start, end in pairwise(bounds))


def desk_for(language: str) -> HandoffDesk:
    """Return the desk that speaks it: Vietnamese is answered by 1022."""
    return HandoffDesk.DESK_1022 if language == "vi" else HandoffDesk.TOURIST_HELP_CENTRE


def _desk(fields: dict[str, Any]) -> Desk:
    return Desk(
        HandoffDesk(fields["desk"]),
        fields["agency"],
        fields["names"],
        time.fromisoformat(fields["opens"]),
        time.fromisoformat(fields["closes"]),
        frozenset(fields["weekdays"]),
    )


_FILE = Path(__file__).parent / "data" / "desks.json"
DESKS = {
    desk.desk: desk
    for desk in map(_desk, json.loads(province_file(_FILE).read_text(encoding="utf-8")))
}
