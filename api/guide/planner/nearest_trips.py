"""Which other trips are near to one that cannot be: longer, after a warning, when a place is open, or later."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from api.guide.planner.errors import Unmet
from api.guide.planner.leaving_out import in_force
from api.guide.planner.preparation import Trip
from api.guide.planner.trip_request import DAYS_AHEAD_AT_MOST, TripRequest
from api.kit.formats import VIETNAM_TIME

TRIES_AT_MOST = 4
"""Each is solved before it is told, and takes some tenths of a second."""

_HOURS = 10
_MORNING, _EVENING, _NIGHT = timedelta(hours=6), timedelta(hours=18), timedelta(hours=22)


def nearest_trips(trip: Trip, unmet: Sequence[Unmet], now: datetime) -> list[TripRequest]:
    """Return requests to try instead, the nearest first. `unmet`: wishes that say when they could be."""
    request, latest = trip.request, now + timedelta(days=DAYS_AHEAD_AT_MOST)
    found = dict.fromkeys((*_longer(request), *_later(trip, unmet, latest)))
    return [
        replace(request, starts=starts, ends=ends)
        if starts == request.starts
        else replace(request, starts=starts, ends=ends, begins_at=request.lodging)
        for starts, ends in sorted(found)[:TRIES_AT_MOST]
    ]


def _longer(request: TripRequest) -> Iterator[tuple[datetime, datetime]]:
    for end in (_EVENING, _NIGHT):
        ends = request.first_midnight + end
        if request.ends < ends and request.starts < ends:
            yield request.starts, ends


def _later(
    trip: Trip, unmet: Sequence[Unmet], latest: datetime
) -> Iterator[tuple[datetime, datetime]]:
    request, day = trip.request, timedelta(days=1)
    over = [it.ends for it in in_force(trip) if it.ends is not None and it.ends < latest]
    if over:
        starts = max(over).astimezone(VIETNAM_TIME)
        yield starts, starts + timedelta(hours=_HOURS)
    for wish in unmet:
        if wish.next_possible is not None and wish.next_possible < latest:
            midnight = _midnight(wish.next_possible)
            yield midnight + _MORNING, midnight + _MORNING + timedelta(hours=14)
    morning = request.first_midnight + request.days * day + timedelta(hours=8)
    yield morning, morning + timedelta(hours=_HOURS)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
