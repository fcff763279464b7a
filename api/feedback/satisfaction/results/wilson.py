"""Wilson's score interval for a share (Wilson 1927): sound for few ratings, and never beyond 0 and 1."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""The standard normal distribution's 97.5 % point."""


@dataclass(frozen=True, slots=True)
class Share:
    """`low` to `high`: the 95 % interval."""

    share: float
    low: float
    high: float


def share_of(part: int, total: int) -> Share:
    """Return the share of `part` in `total`. Raises ValueError without 0 <= part <= total and total > 0."""
    if not 0 <= part <= total or total == 0:
        raise ValueError(f"{part} of {total}")
    share, spread = part / total, Z_95**2 / total
    middle = share + spread / 2
    half = Z_95 * sqrt((share * (1 - share) + spread / 4) / total)
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return Share(share, max(0.0, low), min(1.0, high))
