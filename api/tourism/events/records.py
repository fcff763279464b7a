"""What the province knows of events, as plain records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto

from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position
from api.tourism.events.rules import Days, Rule
from api.tourism.records import Confidence, Texts


class EventKind(StrEnum):
    FESTIVAL = auto()
    CEREMONY = auto()
    FAIR = auto()
    SPORT = auto()
    PERFORMANCE = auto()
    EXHIBITION = auto()
    OTHER = auto()


class EventStatus(StrEnum):
    """As schema.org's EventStatusType has it; MOVED is its EventRescheduled, or held elsewhere."""

    SCHEDULED = auto()
    POSTPONED = auto()
    CANCELLED = auto()
    MOVED = auto()


@dataclass(frozen=True, slots=True)
class OccurrenceChange:
    """What was said of one occurrence. `days`: when it is held, None for as planned.

    `place_id`: where it is held instead.
    """

    status: EventStatus
    days: Days | None = None
    place_id: str | None = None
    reasons: Texts = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is held once or again and again.

    `starts_at`, `ends_at`: of the clocks in Vietnam, of the first and the last day; None: the whole
    day. `dates_are_announced`: what the rule gives is about right, until the dates are announced.
    `changes`: by the day on which an occurrence begins according to the rule. `position` and
    `commune_code`: of what is held at no place of ours.
    """

    id: str
    names: Texts
    names_unchecked: tuple[str, ...]
    descriptions: Texts
    kind: EventKind
    rule: Rule
    starts_at: time | None
    ends_at: time | None
    dates_are_announced: bool
    place_id: str | None
    position: Position | None
    commune_code: str | None
    organisers: Texts
    price_notes: Texts
    website: str | None
    confidence: Confidence
    version: int = 1
    changes: Mapping[date, OccurrenceChange] = field(default_factory=dict[date, OccurrenceChange])


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event on certain days. `planned`: as its rule has them; its first day tells occurrences apart."""

    event: Event
    planned: Days
    change: OccurrenceChange | None

    @property
    def id(self) -> str:
        return f"{self.event.id}.{self.planned.first.isoformat()}"

    @property
    def days(self) -> Days:
        return (self.change and self.change.days) or self.planned

    @property
    def status(self) -> EventStatus:
        return self.change.status if self.change else EventStatus.SCHEDULED

    @property
    def is_held(self) -> bool:
        """Tell whether it is held on these days, as far as is known."""
        return self.status in (EventStatus.SCHEDULED, EventStatus.MOVED)

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the days are certain."""
        return self.change is not None or not self.event.dates_are_announced

    @property
    def place_id(self) -> str | None:
        return (self.change and self.change.place_id) or self.event.place_id

    @property
    def is_all_day(self) -> bool:
        return self.event.starts_at is None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.days.first, self.event.starts_at or time(), VIETNAM_TIME)

    @property
    def end(self) -> datetime:
        """When it is over: midnight after the last day where no time is known."""
        last, ends_at = self.days.last, self.event.ends_at
        if ends_at is None:
            return datetime.combine(last + timedelta(days=1), time(), VIETNAM_TIME)
        is_past_midnight = self.event.starts_at is not None and ends_at <= self.event.starts_at
        return datetime.combine(last + timedelta(days=is_past_midnight), ends_at, VIETNAM_TIME)

    def is_on(self, start: datetime, end: datetime) -> bool:
        """Tell whether some of it lies between two moments."""
        return self.start < end and self.end > start
