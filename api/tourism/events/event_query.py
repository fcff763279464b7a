"""What may be asked of the calendar, within its bounds."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from api.kit.formats import VIETNAM_TIME
from api.tourism.events.errors import DateOutOfRange, InvalidWindow, WindowTooLong
from api.tourism.events.records import EventKind
from api.tourism.events.rules import Days
from api.tourism.place_query import PlaceQuery

DAYS_AT_ONCE = 366
DAYS_WITHOUT_AN_END = 90
DAYS_BACK_AT_MOST = 366
YEARS_AHEAD_AT_MOST = 10
SAID_DAYS_AHEAD_AT_MOST = 3 * 366
"""Of what lies further ahead nobody knows more than the rule says."""


def last_day_ahead(today: date) -> date:
    """Return the last day that can be asked for or set: the end of a year."""
    return date(today.year + YEARS_AHEAD_AT_MOST, 12, 31)


def window_of(first: date | None, last: date | None, today: date) -> Days:
    """Return the days that are asked for: from today, for 90 days, where nothing is said.

    Raises InvalidWindow, DateOutOfRange, WindowTooLong.
    """
    earliest, latest = today - timedelta(days=DAYS_BACK_AT_MOST), last_day_ahead(today)
    begins = first or (min(today, last) if last else today)
    if not earliest <= begins <= latest or (last and not earliest <= last <= latest):
        raise DateOutOfRange(first=earliest.isoformat(), last=latest.isoformat())
    ends = last or min(begins + timedelta(days=DAYS_WITHOUT_AN_END - 1), latest)
    if ends < begins:
        raise InvalidWindow
    if (ends - begins).days >= DAYS_AT_ONCE:
        raise WindowTooLong(most=DAYS_AT_ONCE)
    return Days(begins, ends)


def moments_of(window: Days) -> tuple[datetime, datetime]:
    """Return the midnights in Vietnam between which a window lies."""
    after = window.last + timedelta(days=1)
    return (
        datetime.combine(window.first, time(), VIETNAM_TIME),
        datetime.combine(after, time(), VIETNAM_TIME),
    )


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which occurrences. `where` holds the bounds of position and the text; no kinds means all."""

    window: Days
    kinds: frozenset[EventKind] = frozenset()
    where: PlaceQuery = field(default_factory=PlaceQuery)
