"""Heights along a line: how much of what a receiver noted is climbing, and how much is noise.

A receiver's height is off by several metres, anew at each point, and the sum of all steps upwards would
count that as climbing. So first each height becomes the mean of those within SMOOTHING_METRES along the
line; then a rise or a fall counts, whole, once it is CLIMB_METRES or more between two turning points.
What is lost are real ups and downs lower than that.
"""

from typing import TYPE_CHECKING

import numpy as np

from api.tourism.trails.line import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SMOOTHING_METRES = 30.0
CLIMB_METRES = 10.0


def elevations_of(line: Line) -> "Numbers | None":
    """Return the smoothed height at each point; between known ones in proportion.

    None when fewer than two points have one.
    """
    known = [(row, it.elevation) for row, it in enumerate(line.points) if it.elevation is not None]
    if len(known) < 2:
        return None
    rows, heights = zip(*known, strict=True)
    distances = line.distances
    between = np.interp(distances, distances[list(rows)], np.array(heights, dtype=np.float64))
    return _smoothed(distances, between)


def climbs_of(elevations: "Numbers") -> tuple[float, float]:
    """Return metres of ascent and of descent, both positive."""
    turns = np.array(_turning_points(elevations.tolist()))
    steps = np.diff(turns)
    return float(steps[steps > 0].sum()), abs(float(steps[steps < 0].sum()))


def sampled(line: Line, elevations: "Numbers", count: int) -> tuple["Numbers", "Numbers"]:
    """Return `count` distances in equal steps from end to end, and the heights there."""
    along = np.linspace(0.0, line.length_metres, count)
    return along, np.interp(along, line.distances, elevations)


def _smoothed(distances: "Numbers", elevations: "Numbers") -> "Numbers":
    sums = np.concatenate([[0.0], np.cumsum(elevations)])
    first = np.searchsorted(distances, distances - SMOOTHING_METRES, side="left")
    behind = np.searchsorted(distances, distances + SMOOTHING_METRES, side="right")
    means: Numbers = (sums[behind] - sums[first]) / (behind - first)
    return means


def _turning_points(elevations: list[float]) -> list[float]:
    """Return the heights at which rises and falls of CLIMB_METRES or more begin and end."""
    low = high = elevations[0]
    turns: list[float] = []
    for height in elevations:
        if not turns:
            low, high = min(low, height), max(high, height)
            if high - low >= CLIMB_METRES:
                turns = [low, high] if height == high else [high, low]
        elif (height - turns[-1]) * (turns[-1] - turns[-2]) >= 0:
            turns[-1] = height
        elif abs(height - turns[-1]) >= CLIMB_METRES:
            turns.append(height)
    return turns
