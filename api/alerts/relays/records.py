"""Relays and what became of the warnings they were sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from notifications.preferences import Subject, WarningLevel


class RelayKind(StrEnum):
    """TELEGRAM: the address is the bot's sendMessage. The others take our signed JSON."""

    LOUDSPEAKER = auto()
    TELEGRAM = auto()
    WEBHOOK = auto()


@dataclass(frozen=True, slots=True)
class Relay:
    """`least`: milder warnings are not passed on, unless they tell that the danger is over."""

    id: str
    kind: RelayKind
    name: str
    commune: str
    language: str
    least: WarningLevel
    added_at: datetime

    def wants(self, subject: Subject) -> bool:
        return subject.level is None or subject.level.rank >= self.least.rank


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """Where a relay is reached. `secret` signs; `chat`: of a Telegram channel. Kept sealed."""

    url: str
    secret: str
    chat: str


class RelayState(StrEnum):
    WAITING = auto()
    """To be sent, or to be sent again."""
    TAKEN = auto()
    EXPIRED = auto()
    """It ended before the relay took it, or said so."""


class RelayFailure(StrEnum):
    """How the last try failed."""

    REFUSED = auto()
    """It answered, with another status than 2xx."""
    UNREACHED = auto()
    """It did not answer in time, or there was no way to it."""


@dataclass(frozen=True, slots=True)
class RelayOutcome:
    """What became of one notice at one relay. `name`, `kind`, `commune`: the relay's, as it was then.

    `attempts` counts a try from before it begins: with one, the relay may have taken it.
    `in_hand_until`: by then the try that has begun is over.
    """

    notice_id: str
    relay_id: str
    name: str
    kind: RelayKind
    commune: str
    state: RelayState
    attempts: int
    tried_at: datetime | None
    in_hand_until: datetime | None = None
    failure: RelayFailure | None = None
