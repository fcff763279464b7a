"""A route that somebody follows until some moment, and what they were told of it."""

from dataclasses import dataclass
from datetime import datetime

from api.conditions.roads.along import EventOnRoute
from api.conditions.roads.road_event import RoadEvent, RoadEventKind
from api.kit.geo import Position

WITHIN_METRES = 150.0
"""What lies so near to a followed route is on it."""
ALREADY_KNOWN_METRES = 500.0
"""What is of the same kind, and so near to what somebody was told of, makes no sound again."""


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """`metres_along`: where on the route it was. `is_over`: that it ended was told too."""

    event_id: str
    kind: RoadEventKind
    metres_along: float
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class FollowedRoute:
    """`line`: in the order of travel. `until`: aware UTC; then it is forgotten."""

    id: str
    person_id: str
    line: tuple[Position, ...]
    until: datetime
    created_at: datetime
    told: tuple[ToldEvent, ...] = ()

    def last_told(self, event: RoadEvent) -> ToldEvent | None:
        return next((it for it in reversed(self.told) if it.event_id == event.id), None)

    def knows_of_such(self, found: EventOnRoute) -> bool:
        """Tell whether something of the kind was told of about there."""
        over = {it.event_id for it in self.told if it.is_over}
        return any(
            it.kind is found.event.kind
            and it.event_id not in over
            and abs(it.metres_along - found.metres_along) <= ALREADY_KNOWN_METRES
            for it in self.told
        )
