"""How long a walk takes, and how hard it is, as far as a line can tell."""

from dataclasses import dataclass
from enum import StrEnum, auto
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from api.tourism.trails.elevation import climbs_of, elevations_of, sampled
from api.tourism.trails.line import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

MINUTES_PER_KILOMETRE = 12.0
MINUTES_PER_100_METRES_UP = 10.0
MINUTES_PER_300_METRES_DOWN = 10.0
GENTLE_DEGREES, STEEP_DEGREES = 5.0, 12.0
"""W. W. Naismith's rule of 1892 in metric form, with E. Langmuir's corrections for going down
(Mountaincraft and Leadership, 1984): 12 minutes a kilometre, 10 more for 100 metres of ascent, 10 less for
300 metres down a slope of 5 to 12 degrees, 10 more down a steeper one. For people in good health, without
rests."""

_SLOPE_METRES = 100.0
_STEEP_METRES = 500.0
_STEEP_SHARE = 0.3
_EFFORTS = (8.0, 16.0, 26.0)


class Difficulty(StrEnum):
    """Dễ, vừa, khó, rất khó. What a line proposes, an editor who knows the ground decides.

    By effort kilometres (kilometres, and one more for each 100 metres of ascent, as alpine clubs count
    them): up to 8, 16, 26, and more. One harder when half a kilometre rises or falls by more than 30 %.
    """

    EASY = auto()
    MODERATE = auto()
    HARD = auto()
    VERY_HARD = auto()


_IN_ORDER = tuple(Difficulty)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a line tells. Metres; without heights the last four are None. `minutes` are of walking."""

    length_metres: float
    minutes: int
    proposed: Difficulty
    ascent_metres: float | None = None
    descent_metres: float | None = None
    highest_metres: float | None = None
    lowest_metres: float | None = None


def measured(line: Line) -> Measures:
    """Return what `line` tells."""
    elevations = elevations_of(line)
    length = line.length_metres
    if elevations is None:
        minutes = ceil(length / 1000 * MINUTES_PER_KILOMETRE)
        return Measures(length, minutes, _difficulty(length, 0.0, 0.0))
    ascent, descent = climbs_of(elevations)
    return Measures(
        length_metres=length,
        minutes=_minutes(line, elevations, ascent),
        proposed=_difficulty(length, ascent, _steepest(line, elevations)),
        ascent_metres=ascent,
        descent_metres=descent,
        highest_metres=float(elevations.max()),
        lowest_metres=float(elevations.min()),
    )


def _minutes(line: Line, elevations: "Numbers", ascent: float) -> int:
    minutes = line.length_metres / 1000 * MINUTES_PER_KILOMETRE
    minutes += ascent / 100 * MINUTES_PER_100_METRES_UP
    distances, heights = _in_steps(line, elevations, _SLOPE_METRES)
    drops = -np.diff(heights)
    slopes = np.degrees(np.arctan2(drops, np.diff(distances)))
    gentle = drops[(slopes >= GENTLE_DEGREES) & (slopes <= STEEP_DEGREES)].sum()
    steep = drops[slopes > STEEP_DEGREES].sum()
    return ceil(minutes + float(steep - gentle) / 300 * MINUTES_PER_300_METRES_DOWN)


def _steepest(line: Line, elevations: "Numbers") -> float:
    """Return the share by which the steepest half kilometre rises or falls."""
    distances, heights = _in_steps(line, elevations, _STEEP_METRES)
    return float(np.max(np.abs(np.diff(heights) / np.diff(distances))))


def _in_steps(line: Line, elevations: "Numbers", metres: float) -> tuple["Numbers", "Numbers"]:
    return sampled(line, elevations, max(2, round(line.length_metres / metres) + 1))


def _difficulty(length: float, ascent: float, steepest: float) -> Difficulty:
    effort = length / 1000 + ascent / 100
    step = sum(effort > most for most in _EFFORTS) + (steepest > _STEEP_SHARE)
    return _IN_ORDER[min(step, len(_IN_ORDER) - 1)]
