"""What a phone in trouble may have got wrong is put right, and never a reason to refuse a call for help."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import isfinite
from unicodedata import category

from api.kit.geo import Position
from api.safety.tracks import TrackPoint

NOTE_CHARACTERS_AT_MOST = 500
ACCURACY_METRES_AT_MOST = 1_000_000.0
_CLOCK_MAY_BE_AHEAD = timedelta(minutes=2)
_CLOCK_MAY_BE_BEHIND = timedelta(days=2)
_NOWHERE = Position(0.0, 0.0)
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Of Unicode: control, format (what turns lines, what is invisible), surrogates, private, unassigned."""


def righted(point: TrackPoint, now: datetime) -> TrackPoint:
    """Return the point with accuracy, battery and time within what can be."""
    accuracy, battery, at = point.accuracy_metres, point.battery_percent, point.captured_at
    is_measured = isfinite(accuracy) and accuracy >= 0
    is_timed = now - _CLOCK_MAY_BE_BEHIND <= at <= now + _CLOCK_MAY_BE_AHEAD
    return replace(
        point,
        accuracy_metres=min(accuracy, ACCURACY_METRES_AT_MOST)
        if is_measured
        else ACCURACY_METRES_AT_MOST,
        battery_percent=battery if battery is None or 0 <= battery <= 100 else None,
        captured_at=at if is_timed else now,
    )


def is_nowhere(point: TrackPoint) -> bool:
    """Tell whether it is what phones say that do not know where they are: where the equator meets Greenwich."""
    return point.position == _NOWHERE


def readable(note: str | None) -> str | None:
    """Return the words as far as they can be kept and read: nothing invisible, nothing that turns lines, not too long."""
    readable = (one for one in note or "" if one == "\n" or category(one) not in _UNREADABLE)
    return "".join(readable).strip()[:NOTE_CHARACTERS_AT_MOST] or None
