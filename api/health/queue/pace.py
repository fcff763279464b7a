"""How fast a session goes, measured by its calls, and what that makes of a wait. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

CALLS_LOOKED_AT = 7
_INTERVALS_AT_LEAST = 3
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)
DELAY_STEP = timedelta(minutes=5)
"""A delay is told in fives: it would else change with every call."""


def planned_pace(start: datetime, end: datetime, capacity: int) -> timedelta:
    """Return how long a session of that many patients has for each, as planned."""
    return _bounded((end - start) / max(capacity, 1))


def pace_of(calls: Sequence[datetime], planned: timedelta) -> timedelta:
    """Return the median time between the last calls, `planned` while they are too few."""
    last = sorted(calls)[-CALLS_LOOKED_AT:]
    intervals = [later - earlier for earlier, later in pairwise(last)]
    if len(intervals) < _INTERVALS_AT_LEAST:
        return planned
    return _bounded(timedelta(seconds=median(one.total_seconds() for one in intervals)))


def next_call(
    calls: Sequence[datetime], begins: datetime, pace: timedelta, now: datetime
) -> datetime:
    """Return when somebody is called next: one `pace` after the last call, and not in the past.

    `begins`: the session's start, as late as it is said to be; before any call.
    """
    return max(now, max(calls) + pace if calls else begins)


def measured_delay(place: datetime, called_at: datetime) -> int:
    """Return by how many minutes a place is called late, rounded down to DELAY_STEP."""
    steps = max(called_at - place, timedelta(0)) // DELAY_STEP
    return int(steps * DELAY_STEP.total_seconds() // 60)


def _bounded(pace: timedelta) -> timedelta:
    return min(max(pace, _SHORTEST), _LONGEST)
