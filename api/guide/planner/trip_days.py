"""The days of a trip in minutes: when each begins and ends, and when people eat."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.guide.planner.routing_problem import Meal, Rests
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import Pace

DAY = 24 * 60
EARLIEST, LATEST = 5 * 60, 22 * 60
"""Nobody is sent anywhere before or after, whatever they want to see."""

MINUTES_AT_LEAST = 60
_HOURS = {
    Pace.RELAXED: (8 * 60 + 30, 17 * 60),
    Pace.NORMAL: (7 * 60 + 30, 18 * 60),
    Pace.BUSY: (7 * 60, 19 * 60),
}
_HOURS_WITH_CHILDREN = (8 * 60, 17 * 60)
_LUNCH = (11 * 60, 12 * 60 + 30, 60)
_DINNER = (17 * 60 + 30, 19 * 60, 60)
"""Earliest and latest beginning, and how long: it is over half an hour before the day can end."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a day begins and ends, in minutes since the first midnight. `number`: 0 for the first."""

    number: int
    starts: int
    ends: int

    @property
    def meals(self) -> tuple[Meal, ...]:
        """The meals of a day that spans their whole time."""
        midnight = self.number * DAY
        return tuple(
            Meal(midnight + earliest, midnight + latest, minutes)
            for earliest, latest, minutes in (_LUNCH, _DINNER)
            if self.starts <= midnight + earliest and midnight + latest + minutes <= self.ends
        )


def minutes_of(request: TripRequest, moment: datetime) -> int:
    """Return whole minutes since the first midnight."""
    return int((moment - request.first_midnight) // timedelta(minutes=1))


def moment_of(request: TripRequest, minutes: int) -> datetime:
    return request.first_midnight + timedelta(minutes=minutes)


def spans_of(request: TripRequest, *, widened: bool = False) -> tuple[Span, ...]:
    """Return the days that are left some time. `widened`: from early to late, whatever the pace."""
    if widened or _is_out_of_hours(request):
        return _spans(request, (EARLIEST, LATEST))
    return _spans(request, _hours(request))


def unasked_from(request: TripRequest) -> int:
    """Return the minute of a day before which nobody is sent to what they did not ask for."""
    return EARLIEST if _is_out_of_hours(request) else _hours(request)[0]


def long_enough_end(request: TripRequest) -> datetime:
    """Return the nearest end with which the trip has time by day: on its first day, else on the next."""
    ends = request.starts + timedelta(minutes=MINUTES_AT_LEAST)
    if is_long_enough(spans_of(replace(request, ends=ends), widened=True)):
        return ends
    tomorrow = request.first_midnight + timedelta(days=1)
    return tomorrow + timedelta(minutes=_hours(request)[0] + MINUTES_AT_LEAST)


def rests_of(request: TripRequest) -> Rests:
    """Return how often and how long a pause is made."""
    is_gentle = request.with_children or request.pace is Pace.RELAXED
    return Rests(120, 20) if is_gentle else Rests(180, 15)


def is_long_enough(spans: Sequence[Span]) -> bool:
    return sum(span.ends - span.starts for span in spans) >= MINUTES_AT_LEAST


def _is_out_of_hours(request: TripRequest) -> bool:
    """Tell whether the trip lies before or after the days of its pace."""
    return not is_long_enough(_spans(request, _hours(request)))


def _hours(request: TripRequest) -> tuple[int, int]:
    begins, ends = _HOURS[request.pace]
    if not request.with_children:
        return begins, ends
    return max(begins, _HOURS_WITH_CHILDREN[0]), min(ends, _HOURS_WITH_CHILDREN[1])


def _spans(request: TripRequest, hours: tuple[int, int]) -> tuple[Span, ...]:
    begins, ends = (
        -(-(request.starts - request.first_midnight) // timedelta(minutes=1)),
        minutes_of(request, request.ends),
    )
    days = (
        Span(number, max(begins, number * DAY + hours[0]), min(ends, number * DAY + hours[1]))
        for number in range(request.days)
    )
    return tuple(day for day in days if day.starts < day.ends)
