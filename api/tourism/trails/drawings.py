"""Lines as maps draw them and heights as charts do, remembered: each costs up to a fifth of a second of computing."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import floor, log2
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from api.kit.geo import Position
from api.tourism.trails.elevation import elevations_of
from api.tourism.trails.errors import InvalidProfile, InvalidTolerance
from api.tourism.trails.line import Line
from api.tourism.trails.polyline import encoded
from api.tourism.trails.trail import Trail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LINE_POINTS_AT_MOST = 1_000
TOLERANCE_AT_LEAST, TOLERANCE_AT_MOST = 1.0, 1_000.0
PROFILE_AT_LEAST, PROFILE_AT_MOST = 2, 200

_DRAWINGS_AT_MOST, _HEIGHTS_AT_MOST = 1_000, 50
"""Some 6 and 160 kilobytes each, for lines of the most points."""

Load = Callable[[str], Awaitable[Line | None]]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as one text (api.tourism.trails.polyline).

    What is left out lies within `tolerance_metres` of it.
    """

    encoded: str
    points: int
    tolerance_metres: float


@dataclass(frozen=True, slots=True)
class Profile:
    """Heights in metres at distances in metres along the line."""

    distances: tuple[float, ...]
    elevations: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Heights:
    distances: "Numbers"
    elevations: "Numbers"


class Drawings:
    """`load` gives the line of a trail by its id, and is only asked for what is not remembered."""

    def __init__(self) -> None:
        self._lines: _Remembered[DrawnLine] = _Remembered(_DRAWINGS_AT_MOST)
        self._heights: _Remembered[_Heights | None] = _Remembered(_HEIGHTS_AT_MOST)

    async def line(self, trail: Trail, tolerance_metres: float, load: Load) -> DrawnLine | None:
        """Return the line, off by half of that or more, but no more where so few points do.

        Tolerances go by powers of two, so that there are few drawings of a trail. Raises
        InvalidTolerance. None when the trail was removed meanwhile.
        """
        if not TOLERANCE_AT_LEAST <= tolerance_metres <= TOLERANCE_AT_MOST:
            raise InvalidTolerance(least=int(TOLERANCE_AT_LEAST), most=int(TOLERANCE_AT_MOST))
        tolerance = 2.0 ** floor(log2(tolerance_metres))
        key = (trail.id, trail.version, trail.changed_at, tolerance)
        if drawn := self._lines.get(key):
            return drawn
        line = await load(trail.id)
        if line is None:
            return None
        return self._lines.keep(key, await asyncio.to_thread(_drawn, line, tolerance))

    async def profile(self, trail: Trail, points: int, load: Load) -> Profile | None:
        """Return heights at equal distances from end to end; None where they are not known.

        Raises InvalidProfile.
        """
        if not PROFILE_AT_LEAST <= points <= PROFILE_AT_MOST:
            raise InvalidProfile(least=PROFILE_AT_LEAST, most=PROFILE_AT_MOST)
        key = (trail.id, trail.version, trail.changed_at)
        heights = self._heights.get(key)
        if heights is None and not trail.course.is_sketch:
            line = await load(trail.id)
            heights = await asyncio.to_thread(_heights, line) if line else None
            self._heights.keep(key, heights)
        return None if heights is None else _profile(heights, points)


class _Remembered(Generic[Made]):
    """The last few things that were made, by what they were made of."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[object, Made] = OrderedDict()

    def get(self, key: object) -> Made | None:
        if key not in self._made:
            return None
        self._made.move_to_end(key)
        return self._made[key]

    def keep(self, key: object, made: Made) -> Made:
        self._made[key] = made
        if len(self._made) > self._most:
            self._made.popitem(last=False)
        return made


def _drawn(line: Line, tolerance_metres: float) -> DrawnLine:
    simple, tolerance = line.with_points_at_most(LINE_POINTS_AT_MOST, tolerance_metres)
    text = encoded(Position(it.latitude, it.longitude) for it in simple.points)
    return DrawnLine(text, len(simple.points), tolerance)


def _heights(line: Line) -> _Heights | None:
    elevations = elevations_of(line)
    return None if elevations is None else _Heights(line.distances, elevations)


def _profile(heights: _Heights, points: int) -> Profile:
    along: Numbers = np.linspace(0.0, float(heights.distances[-1]), points)
    found: Numbers = np.interp(along, heights.distances, heights.elevations)
    return Profile(
        tuple(round(it, 1) for it in along.tolist()), tuple(round(it, 1) for it in found.tolist())
    )
