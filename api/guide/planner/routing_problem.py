"""What the solver is asked, in plain numbers, so that it can be sent to another process.

Times are minutes since midnight (in the province) of the trip's first day. Points are indexes into the
matrices of travel times; a stop's point is its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Window = tuple[int, int]
"""From when until when, in minutes."""


@dataclass(frozen=True, slots=True)
class Meal:
    """A pause of `minutes` that begins from `earliest` to `latest`."""

    earliest: int
    latest: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that may be made: wholly within one of `windows`. `prize`: what it is worth, in minutes of travel.

    `holds_meal`: it takes so long that people eat during it.
    """

    point: int
    minutes: int
    windows: tuple[Window, ...]
    prize: int
    is_must: bool
    holds_meal: bool

    def earliest(self, arrival: int) -> int | None:
        """Return the first minute from `arrival` on at which the visit may begin, None for never."""
        starts = (
            max(arrival, opens)
            for opens, closes in self.windows
            if self._fits(arrival, opens, closes)
        )
        return min(starts, default=None)

    def _fits(self, arrival: int, opens: int, closes: int) -> bool:
        return max(arrival, opens) + self.minutes <= closes


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `matrix` says which travel times hold on it."""

    starts: int
    ends: int
    start_point: int
    end_point: int
    matrix: int
    meals: tuple[Meal, ...]


@dataclass(frozen=True, slots=True)
class RoutingProblem:
    """`rest_percent`: how much longer everything is taken to be, so that there is time for rests."""

    stops: tuple[Stop, ...]
    days: tuple[Day, ...]
    matrices: tuple[tuple[tuple[int, ...], ...], ...]
    rest_percent: int
    solutions_at_most: int
    seconds_at_most: float

    def travel(self, day: Day, start: int, end: int) -> int:
        return self.matrices[day.matrix][start][end]


Routes = Sequence[Sequence[int]]
"""For each day the indexes of its stops, in order."""
