from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.bot.handoff.hours import HandoffDesk


class HandoffState(StrEnum):
    WAITING = auto()
    OPEN = auto()
    ENDED = auto()


class LaterKind(StrEnum):
    QUEUED = auto()
    ANSWERED = auto()
    AGENT = auto()
    PERSON = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Handoff:
    """`clerk_id`: who has it; never told to the person. `last`: the number of its newest entry."""

    id: str
    conversation_id: str
    desk: HandoffDesk
    language: str
    shares: bool
    state: HandoffState
    clerk_id: str | None
    waiting_since: datetime
    moved_at: datetime
    last: int
    grade: int | None
    was_taken: bool


@dataclass(frozen=True, slots=True)
class Place:
    """`wait_minutes`: None while too few have been answered to tell."""

    number: int
    wait_minutes: int | None


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """What happened in a hand-off. `number` grows through a conversation: the cursor."""

    number: int
    kind: LaterKind
    text: str | None
    at: datetime
    desk: HandoffDesk
