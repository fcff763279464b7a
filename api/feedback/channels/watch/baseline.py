"""When a count is more than chance: against the median of the same hour on the days before.

A median and the median of the distances from it do not move for one loud day, as a mean would. Around
it counts are taken to be Poisson's; what is rarer than one in a thousand, lies three robust standard
deviations above, and is no handful is a spike.
"""

import math
from collections.abc import Sequence
from statistics import median
from typing import Final

DAYS: Final = 14
COUNT_AT_LEAST: Final = 6
_EXPECTED_AT_LEAST = 0.5
"""What is never spoken of is spoken of now and then."""
_RARE, _USUAL = 0.001, 0.05
_DEVIATIONS = 3.0
_OF_A_NORMAL = 1.4826
"""By which a median distance estimates a standard deviation."""


def expected(history: Sequence[int]) -> float:
    """Return how many are usual, of the counts of the same hour on earlier days."""
    return max(float(median(history)) if history else 0.0, _EXPECTED_AT_LEAST)


def is_spike(count: int, history: Sequence[int]) -> bool:
    """Tell whether a count is a spike."""
    usual = expected(history)
    return (
        count >= COUNT_AT_LEAST
        and count > usual + _DEVIATIONS * _deviation(history, usual)
        and poisson_tail(count, usual) < _RARE
    )


def is_quiet(count: int, history: Sequence[int]) -> bool:
    """Tell whether a count is usual again: a lower bar than that of a spike, so that none flickers."""
    return count < COUNT_AT_LEAST / 2 or poisson_tail(count, expected(history)) > _USUAL


def poisson_tail(count: int, mean: float) -> float:
    """Return how likely `count` or more are, when `mean` are usual."""
    if count <= 0:
        return 1.0
    # By logarithms: of a mean above 745 the first term alone is 0, and so would be all others.
    per_step = math.log(mean)
    below = math.fsum(
        math.exp(number * per_step - mean - math.lgamma(number + 1)) for number in range(count)
    )
    return max(0.0, 1.0 - below)


def _deviation(history: Sequence[int], usual: float) -> float:
    if not history:
        return 0.0
    return _OF_A_NORMAL * float(median(abs(count - usual) for count in history))
