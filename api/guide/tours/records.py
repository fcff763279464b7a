"""Tours as the guide knows them: stops, the zones where their stories are told, and the stories."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from api.kit.area import Circle
from api.kit.geo import Position, distance_metres

Texts = Mapping[str, str]
"""A text by BCP 47 language."""


class StopText(StrEnum):
    """Which of a stop's texts."""

    SHORT = auto()
    LONG = auto()


@dataclass(frozen=True, slots=True)
class Polygon:
    """A ring of corners, open or closed, within a few kilometres."""

    corners: tuple[Position, ...]


Zone = Circle | Polygon


@dataclass(frozen=True, slots=True)
class Stop:
    """A story, and where it is told: in any of `zones`.

    `short` is there in six languages, `long` at least in Vietnamese and English. `directions`: how to go on
    to the next stop; empty at the last. `place_id`: the place it is about, if it is one of ours.
    """

    id: str
    names: Texts
    position: Position
    zones: tuple[Zone, ...]
    short: Texts
    long: Texts
    directions: Texts
    place_id: str | None


@dataclass(frozen=True, slots=True)
class Tour:
    """Stops in the order of the walk.

    `are_zones_surveyed`: whether somebody has walked the tour and corrected the zones on the spot.
    `names_unchecked`: languages whose texts no native speaker has read yet.
    """

    id: str
    names: Texts
    names_unchecked: tuple[str, ...]
    summaries: Texts
    advice: Texts
    walking_minutes: int
    climb_metres: int
    are_zones_surveyed: bool
    corridor_metres: float
    stops: tuple[Stop, ...]

    @property
    def length_metres(self) -> float:
        """From stop to stop as the crow flies: no path is shorter."""
        return sum(
            distance_metres(self.stops[place].position, self.stops[place + 1].position)
            for place in range(len(self.stops) - 1)
        )

    def place_of(self, stop_id: str) -> int | None:
        """Return at which place in the walk a stop comes, from 0; None for no stop of this tour."""
        return next((at for at, stop in enumerate(self.stops) if stop.id == stop_id), None)
