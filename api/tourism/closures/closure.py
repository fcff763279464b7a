"""What a closure is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.kit.area import Circle
from api.kit.geo import Position, distance_metres
from api.tourism.records import Texts


class WayKind(StrEnum):
    """What can be closed."""

    ROAD = auto()
    TRAIL = auto()
    PLACE = auto()


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be closed. `extent`: circles that hold about all of it, and more of a road.

    `communes`: codes of those through which a road runs; empty when that is not known.
    """

    kind: WayKind
    id: str
    names: Texts
    extent: tuple[Circle, ...]
    communes: frozenset[str] = frozenset()

    def distance_from(self, position: Position) -> float | None:
        """Return about how many metres it is away, 0 inside; None when nobody knows where it is."""
        return min((distance_to_circle(position, circle) for circle in self.extent), default=None)


def distance_to_circle(position: Position, circle: Circle) -> float:
    """Return metres from `position` to the edge of `circle`, 0 inside."""
    return max(0.0, distance_metres(position, circle.centre) - circle.radius_metres)


@dataclass(frozen=True, slots=True)
class Closure:
    """A way nobody may or can pass, from `starts` until it `ends`; None: until it is lifted.

    `way_id`: a road's code, a trail's or a place's id. `area`: the part of the way that is closed;
    None: all of it. `reason`: at least in Vietnamese. `source`: who says so.
    """

    id: str
    way: WayKind
    way_id: str
    area: Circle | None
    reason: Texts
    starts: datetime
    ends: datetime | None
    source: str
    lifted_at: datetime | None = None
    version: int = 1

    @property
    def until(self) -> datetime | None:
        """When it is over: as it was said, or earlier, when it was lifted."""
        ends = [moment for moment in (self.ends, self.lifted_at) if moment is not None]
        return min(ends, default=None)

    def is_in_force(self, start: datetime, end: datetime) -> bool:
        """Tell whether it holds at some moment from `start` to `end`."""
        return self.starts <= end and (self.until is None or self.until > start)
