"""When a place may be offered: somebody must be awake, and able to come. Pure.

At night (22:00 to 6:30 on the clock of Vietnam) nobody is woken: the place is kept back, and offered
from 6:30 on, unless it begins before noon of the morning that ends this night; such a place is offered
at once, for in the morning it may be too late. A place that begins in less than two hours is offered to
nobody: whoever searches can have it.
"""

from datetime import datetime, time, timedelta

from api.kit.formats import VIETNAM_TIME

ANSWERED_WITHIN = timedelta(minutes=15)
AHEAD_AT_LEAST = timedelta(hours=2)
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6, 30)
_NOON = time(12)


def is_worth_offering(start: datetime, now: datetime) -> bool:
    """Tell whether somebody who is offered a place now can still come."""
    return start - now >= AHEAD_AT_LEAST


def offered_from(start: datetime, now: datetime) -> datetime:
    """Return when a place that begins at `start` may be offered: `now`, or when the night is over."""
    local = now.astimezone(VIETNAM_TIME)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return now
    is_evening = local.time() >= NIGHT_BEGINS
    morning = local.date() + timedelta(days=1 if is_evening else 0)
    if start < datetime.combine(morning, _NOON, VIETNAM_TIME):
        return now
    return datetime.combine(morning, NIGHT_ENDS, VIETNAM_TIME)
