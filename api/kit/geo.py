"""Positions on the earth, distances between them, and the H3 cells they fall in."""

from dataclasses import dataclass
from enum import StrEnum, auto
from math import asin, cos, radians, sin, sqrt

import h3

from api.kit.errors import N_, DomainError

EARTH_RADIUS_METRES = 6_371_008.8
"""The mean radius R1 of WGS 84."""

COARSE_RESOLUTION = 7
"""H3 resolution (about 5 km² a cell) of what a device may tell about where it is."""


class PositionErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    INVALID_POSITION = auto()


class InvalidPosition(DomainError):
    code = PositionErrorCode.INVALID_POSITION
    message = N_(
        "A latitude lies between -90 and 90 degrees and a longitude between -180 and 180 degrees."
    )


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees, WGS 84. Raises InvalidPosition unless both are finite and on the earth."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        # Written so that NaN, which compares false with everything, is refused as well.
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise InvalidPosition


def distance_metres(a: Position, b: Position) -> float:
    """Return the great-circle distance (haversine; within 0.6 % of the ellipsoid)."""
    latitude_a, latitude_b = radians(a.latitude), radians(b.latitude)
    half_chord_squared = (
        sin((latitude_b - latitude_a) / 2) ** 2
        + cos(latitude_a) * cos(latitude_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * asin(sqrt(min(1.0, half_chord_squared)))


def cell_of(position: Position, resolution: int) -> str:
    """Return the H3 index of the cell that holds `position`, as text."""
    return str(h3.latlng_to_cell(position.latitude, position.longitude, resolution))
