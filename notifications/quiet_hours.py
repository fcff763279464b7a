"""When a phone wants silence."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

HOME_TIME_ZONE = "Asia/Ho_Chi_Minh"


class InvalidQuietHours(ValueError):
    """Start and end are equal, or the time zone is unknown."""


@cache
def _known_zones() -> frozenset[str]:
    # The package's list and not the host's: every process that reads a zone must know it.
    names = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return frozenset(names) - {"Factory", "localtime"}


def is_known_zone(name: str) -> bool:
    """Tell whether `name` is a time zone of the IANA database."""
    return name in _known_zones()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from `start` until `end` on the clock of `time_zone` (IANA name); may span midnight.

    Raises InvalidQuietHours.
    """

    start: time
    end: time
    time_zone: str

    def __post_init__(self) -> None:
        if self.start == self.end or not is_known_zone(self.time_zone):
            raise InvalidQuietHours

    def silent_until(self, now: datetime) -> datetime | None:
        """Return the moment (aware) the silence around `now` ends, or None when there is none."""
        local = now.astimezone(ZoneInfo(self.time_zone))
        clock = local.time()
        if self.start < self.end:
            is_silent = self.start <= clock < self.end
        else:
            is_silent = clock >= self.start or clock < self.end
        if not is_silent:
            return None
        day = local.date() if clock < self.end else local.date() + timedelta(days=1)
        return datetime.combine(day, self.end, local.tzinfo)
