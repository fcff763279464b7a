"""When and where a camera says that it took something: kept apart, and never in what is shown."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

_YEARS = range(2000, 2100)
"""A camera whose clock was never set tells another one."""


@dataclass(frozen=True, slots=True)
class CameraNote:
    """`latitude`, `longitude`: degrees, WGS 84; None where the camera says nothing, or nonsense."""

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    def told(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "at": self.at.isoformat() if self.at else None,
            "latitude": self.latitude,
            "longitude": self.longitude,
        }


NOTHING = CameraNote()


def note(at: datetime | None, place: tuple[float, float] | None) -> CameraNote:
    """Return what of it can be so. `at` must know its zone."""
    moment: datetime | None = None
    if at is not None:
        with suppress(OverflowError, ValueError):
            utc = at.astimezone(UTC)
            moment = utc if utc.year in _YEARS else None
    if place is None or not _is_on_earth(*place) or place == (0.0, 0.0):
        return CameraNote(moment)
    return CameraNote(moment, *place)


def _is_on_earth(latitude: float, longitude: float) -> bool:
    is_there = isfinite(latitude) and isfinite(longitude)
    return is_there and abs(latitude) <= 90 and abs(longitude) <= 180
