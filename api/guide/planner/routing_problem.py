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
class Rests:
    """A pause of `minutes` is made before more than `after` minutes without one go by; 0: none."""

    after: int
    minutes: int


NO_RESTS = Rests(0, 0)


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that may be made: wholly within one of `windows`. `prize`: what it is worth, in minutes of travel.

    `minutes`: how long it takes; `least`: how long at least, if there is no more time (0: it is never shortened).
    `holds_meal`: it takes so long that people eat during it. `is_kept`: it was planned before.
    """

    point: int
    minutes: int
    windows: tuple[Window, ...]
    prize: int
    is_must: bool
    holds_meal: bool
    least: int = 0
    is_kept: bool = False

    @property
    def shortest(self) -> int:
        """Minutes below which the visit is not worth while."""
        return min(self.minutes, self.least or self.minutes)

    def earliest(self, arrival: int, minutes: int) -> int | None:
        """Return the first minute from `arrival` on at which a visit of `minutes` may begin, None for never."""
        starts = (
            max(arrival, opens)
            for opens, closes in self.windows
            if max(arrival, opens) + minutes <= closes
        )
        return min(starts, default=None)

    def is_open(self, starts: int, ends: int) -> bool:
        """Tell whether it is open from one minute until the other."""
        return any(opens <= starts and ends <= closes for opens, closes in self.windows)


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
    """`rests`: those that are laid out; `rest_percent`: how much longer the search takes everything to be for them."""

    stops: tuple[Stop, ...]
    days: tuple[Day, ...]
    matrices: tuple[tuple[tuple[int, ...], ...], ...]
    rest_percent: int
    solutions_at_most: int
    seconds_at_most: float
    rests: Rests = NO_RESTS

    def travel(self, day: Day, start: int, end: int) -> int:
        return self.matrices[day.matrix][start][end]


Routes = Sequence[Sequence[int]]
"""For each day the indexes of its stops, in order."""
