"""A planned trip and what is known of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum, auto

from api.kit.geo import Position

REMINDED_BEFORE = timedelta(minutes=30)
"""The trekker is asked to close or extend so long before the trip is due back."""
DESK_AFTER = timedelta(minutes=60)
"""The rescue desk is told so long after the contacts were."""
KEPT_FOR = timedelta(days=90)
"""After a trip was due back."""


class TripState(StrEnum):
    OPEN = auto()
    CLOSED = auto()


class AlarmStage(IntEnum):
    """Whom the clock has told so far, in this order."""

    NOBODY = 0
    TREKKER = 1
    CONTACTS = 2
    DESK = 3


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Somebody who agreed to be told. `number`: E.164."""

    name: str
    number: str


@dataclass(frozen=True, slots=True, repr=False)
class TripContent:
    """What the trekker said; sealed at rest.

    `called`: what the contacts know the trekker by; `route`: positions along the way; `language`: one of
    locales.AVAILABLE, in which the contacts are told.
    """

    title: str
    called: str
    trail_id: str | None
    route: tuple[Position, ...]
    names: tuple[str, ...]
    contacts: tuple[Contact, ...]
    language: str


@dataclass(frozen=True, slots=True, repr=False)
class Trip:
    """`round`: how often the clock began; `points`: how many check-ins came; `content`: None once forgotten.

    `has_alarmed`: the contacts were told in this or an earlier round, so they are told what becomes of it.
    """

    id: str
    person_id: str | None
    state: TripState
    people: int
    planned_at: datetime
    due_at: datetime
    grace_minutes: int
    commune_code: str | None
    content: TripContent | None
    round: int = 0
    stage: AlarmStage = AlarmStage.NOBODY
    points: int = 0
    has_alarmed: bool = False
    closed_at: datetime | None = None

    def moment_of(self, stage: AlarmStage) -> datetime:
        """Return when the clock tells them, unless the trip is closed before."""
        overdue_at = self.due_at + timedelta(minutes=self.grace_minutes)
        if stage is AlarmStage.TREKKER:
            return self.due_at - REMINDED_BEFORE
        return overdue_at + DESK_AFTER if stage is AlarmStage.DESK else overdue_at
