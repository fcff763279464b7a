"""When a place can be visited on a day: its opening hours, market days and daylight."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from api.guide.planner.daylight import daylight
from api.guide.planner.routing_problem import Window
from api.guide.planner.wishes import OPEN_AIR, OUTDOORS
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position
from api.tourism.errors import InvalidOpeningHours
from api.tourism.opening.hours import OpeningHours, OpenState
from api.tourism.place_lists import PlaceFound
from api.tourism.records import WEEK, PlaceCategory, weekday_of

_USUAL = (8 * 60, 17 * 60)
"""Where nothing is known of the hours."""
_MARKET = (6 * 60, 12 * 60)
"""Markets that are not held every day are held in the morning."""
_DAY = 24 * 60
_MIDDLE = Position(22.1, 104.3)
_REMEMBERED = 16_384


@dataclass(frozen=True, slots=True)
class VisitingHours:
    """Minutes since midnight of the day. `certain`: whether we know them, or people should ask before.

    `by_daylight`: the sun bounds them. `market_day`: a market is held there, which is not held every day.
    """

    windows: tuple[Window, ...]
    certain: bool
    by_daylight: bool
    market_day: bool


def visiting_hours(found: PlaceFound, day: date) -> VisitingHours:
    """Return when a place can be visited on a day; no windows at all when it cannot."""
    windows, certain = _open(found.place.opening_hours, day)
    weekdays = {weekday for market in found.markets for weekday in market.weekdays}
    is_held = weekday_of(day) in weekdays
    is_special = bool(weekdays) and len(weekdays) < len(WEEK)
    if found.place.category is PlaceCategory.MARKET and is_special:
        windows = _cut(windows, [_MARKET]) if is_held else ()
    by_daylight = found.place.category in OUTDOORS
    if by_daylight:
        windows = _cut(windows, [_light(day)])
    return VisitingHours(windows, certain, by_daylight, is_special and is_held)


def unasked_windows(
    found: PlaceFound, day: date, hours: VisitingHours, begins: int
) -> tuple[Window, ...]:
    """Return when somebody can be sent there who did not ask for it.

    Not before `begins`, in minutes since midnight, and to what is in the open air not in the dark.
    """
    light = _light(day) if found.place.category in OPEN_AIR else (0, _DAY)
    return _cut(hours.windows, [(max(begins, light[0]), light[1])])


def without(windows: Iterable[Window], taken: Sequence[Window]) -> tuple[Window, ...]:
    """Return what is left of `windows` outside `taken`."""
    left = list(windows)
    for start, end in taken:
        left = [
            part
            for opens, closes in left
            for part in ((opens, min(closes, start)), (max(opens, end), closes))
            if part[0] < part[1]
        ]
    return tuple(left)


def _cut(windows: Iterable[Window], others: Sequence[Window]) -> tuple[Window, ...]:
    both = (
        (max(opens, other_opens), min(closes, other_closes))
        for opens, closes in windows
        for other_opens, other_closes in others
    )
    return tuple((opens, closes) for opens, closes in both if opens < closes)


@lru_cache(_REMEMBERED)
def _open(text: str | None, day: date) -> tuple[tuple[Window, ...], bool]:
    if text is None:
        return (_USUAL,), False
    midnight = datetime(day.year, day.month, day.day, tzinfo=VIETNAM_TIME)
    try:
        found = OpeningHours.of(text).open_intervals(midnight, midnight + timedelta(days=1))
    except InvalidOpeningHours:
        return (_USUAL,), False
    merged: list[Window] = []
    for it in found:
        opens, closes = _minutes(midnight, it.start), _minutes(midnight, it.end)
        if merged and merged[-1][1] == opens:
            opens = merged.pop()[0]
        merged.append((opens, closes))
    return tuple(merged), all(it.state is OpenState.OPEN for it in found)


@lru_cache(_REMEMBERED)
def _light(day: date) -> Window:
    midnight = datetime(day.year, day.month, day.day, tzinfo=VIETNAM_TIME)
    sunrise, sunset = daylight(day, _MIDDLE)
    return -(-(sunrise - midnight) // timedelta(minutes=1)), _minutes(midnight, sunset)


def _minutes(midnight: datetime, moment: datetime) -> int:
    return max(0, min(_DAY, int((moment - midnight) // timedelta(minutes=1))))
