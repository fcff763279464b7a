"""Hours as they are said, and the hour that is meant."""

from __future__ import annotations

from datetime import time, timedelta

from moments.moment import Clock, Context

PARTS = {
    "early": "04:00/06:59",
    "morning": "06:00/11:59",
    "noon": "12:00/12:59",
    "afternoon": "13:00/17:59",
    "evening": "18:00/21:59",
    "night": "22:00/05:59",
}
_DAY_BEGINS = 7
"""Services are open by day: an hour alone is one from 7:00 to 18:59."""
_SECOND_HALF_FROM = {"pm": 1, "noon": 1, "afternoon": 1, "evening": 4, "night": 6}
_HALF = 12


def clock(
    hour: int, minute: int = 0, part: str | None = None, *, is_certain: bool = False
) -> Clock | None:
    """Return that hour; None where no clock shows it. "24h" is none: cards are named so."""
    if hour not in range(24) or minute not in range(60):
        return None
    return Clock(part, hour, minute, is_certain or hour > _HALF or hour == 0)


def before(hour: int, minutes: int, part: str | None = None) -> Clock | None:
    """Return the hour that "quarter to four" means."""
    if minutes not in range(1, 60) or hour not in range(1, 24):
        return None
    return clock((hour - 1) or _HALF, 60 - minutes, part)


def hours_from_now(context: Context, minutes: int) -> Clock | None:
    """Return the time in so many minutes, as long as it is today."""
    meant = context.now + timedelta(minutes=minutes) if minutes < 24 * 60 else None
    if meant is None or meant.date() != context.today:
        return None
    return Clock(None, meant.hour, meant.minute, is_certain=True)


def value_of(said: Clock) -> str:
    meant = time_of(said)
    return PARTS[said.part or "morning"] if meant is None else f"{meant:%H:%M}"


def time_of(said: Clock) -> time | None:
    if said.hour is None:
        return None
    hour = said.hour if said.is_certain else _hour_in(said.hour, said.part)
    return time(hour, said.minute)


def _hour_in(hour: int, part: str | None) -> int:
    if part is None:
        return hour if hour >= _DAY_BEGINS else hour + _HALF
    if part in {"evening", "night", "am", "early"} and hour == _HALF:
        return 0
    return (
        hour + _HALF
        if _SECOND_HALF_FROM.get(part, _HALF) <= hour < _HALF and not _is_near(hour, part)
        else hour
    )


def _is_near(hour: int, part: str) -> bool:
    """Tell whether the hour is of that part as it stands: 11 at noon."""
    return part == "noon" and hour in {10, 11}


def is_in_part(said: Clock) -> bool:
    """Tell whether the hour is in the part of the day it was said with: 9 is in no afternoon."""
    meant, first_last = time_of(said), PARTS.get(said.part or "")
    if meant is None or first_last is None:
        return False
    first, _, last = first_last.partition("/")
    written = f"{meant:%H:%M}"
    return first <= written <= last if first < last else written >= "18:00" or written <= last
