"""The desks, and when somebody is there: data/desks.json, in Vietnam time."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from api.kit.formats import VIETNAM_TIME
from api.province import province_file


class HandoffDesk(StrEnum):
    TOURIST_HELP_CENTRE = "tourist_help_centre"
    DESK_1022 = "desk_1022"


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
