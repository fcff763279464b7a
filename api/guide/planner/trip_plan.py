"""What a plan is: days of visits, ways, meals and rests, each with why; and what was left out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto

from api.guide.planner.timetable import ItemKind
from api.guide.planner.told import Told
from api.tourism.place_lists import PlaceFound


class TravelSource(StrEnum):
    """Where travel times come from: our own model of the roads, or a routing server."""

    MODEL = auto()
    OSRM = auto()


@dataclass(frozen=True, slots=True)
class Way:
    """How one gets there. `roads`: codes, in order; empty when they are not known."""

    minutes: int
    roads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """Something that is done from `starts` to `ends`. `place`: the visit's, or where a way leads; None: lodging.

    `reasons`: why this place at this hour. `notes`: what to know before going. `usual_minutes`: how long people
    stay, of a visit that is shorter.
    """

    kind: ItemKind
    starts: datetime
    ends: datetime
    place: PlaceFound | None
    way: Way | None = None
    is_must: bool = False
    includes_meal: bool = False
    reasons: tuple[Told, ...] = ()
    notes: tuple[Told, ...] = ()
    usual_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """`starts` and `ends`: the time there is. Nothing is planned on a day without items."""

    day: date
    starts: datetime
    ends: datetime
    items: tuple[PlannedItem, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A place, or a road by its code, that was kept out of the plan or is in it no more, and why."""

    why: Told
    place: PlaceFound | None
    road: str | None
    alert_id: str | None
    closure_id: str | None
    road_event_id: str | None = None


@dataclass(frozen=True, slots=True)
class TripPlan:
    """`notes`: about the plan as a whole: the budget, where travel times come from."""

    days: tuple[PlannedDay, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Told, ...]
    travel_source: TravelSource

    @property
    def visits(self) -> tuple[PlannedItem, ...]:
        return tuple(item for day in self.days for item in day.items if item.kind is ItemKind.VISIT)
