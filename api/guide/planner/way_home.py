"""The way back to where the visitor stays, on a day that began elsewhere and on which nothing is visited."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from api.guide.planner.explanations import NoteCode
from api.guide.planner.preparation import BEGINNING, END, LODGING, Trip
from api.guide.planner.timetable import ItemKind
from api.guide.planner.told import Told
from api.guide.planner.travel_times import UNREACHABLE
from api.guide.planner.trip_plan import PlannedDay, PlannedItem, Way
from api.kit.errors import N_
from api.kit.formats import VIETNAM_TIME


def with_way_home(trip: Trip, days: Sequence[PlannedDay]) -> tuple[PlannedDay, ...]:
    """Return the days; the first one with the way home if there is nothing on it and it begins elsewhere."""
    today = trip.request.first_midnight.date()
    home = None if _is_busy(trip, days) else _home(trip)
    if home is None:
        return tuple(days)
    ends = max([home.ends, *(day.ends for day in days if day.day == today)])
    going = PlannedDay(today, home.starts, ends, (home,))
    return (going, *(day for day in days if day.day != today))


def notes_on_way_home(trip: Trip, days: Sequence[PlannedDay]) -> Iterator[Told]:
    """Yield that there is no way home now, to who is under way and would need it."""
    if trip.request.is_underway and not _is_busy(trip, days) and _minutes(trip) >= UNREACHABLE:
        yield Told(
            NoteCode.NO_WAY_BACK,
            N_(
                "No open road that we know of leads back to where you stay. Stay where it is safe, and ask the"
                " authorities."
            ),
        )


def _is_busy(trip: Trip, days: Sequence[PlannedDay]) -> bool:
    today = trip.request.first_midnight.date()
    return any(day.items for day in days if day.day == today)


def _home(trip: Trip) -> PlannedItem | None:
    """Return the way from where the first day begins to where it ends; late as it may be for who is under way."""
    request, minutes = trip.request, _minutes(trip)
    if not 0 < minutes < UNREACHABLE:
        return None
    starts = request.starts.astimezone(VIETNAM_TIME)
    ends = starts + timedelta(minutes=minutes)
    if ends > request.ends and not request.is_underway:
        return None
    way = Way(minutes, trip.at_once.ride(BEGINNING, _goal(trip)).roads)
    return PlannedItem(ItemKind.TRAVEL, starts, ends, None, way)


def _minutes(trip: Trip) -> int:
    return trip.at_once.minutes[BEGINNING][_goal(trip)]


def _goal(trip: Trip) -> int:
    return LODGING if any(span.number > 0 for span in trip.spans) else END
