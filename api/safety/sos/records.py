"""A call for help and what is known of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.safety.tracks import TrackPoint

CANCELLED_WITHIN = timedelta(seconds=15)
"""How long whoever called may take it back alone. The desk sees it from the first second."""
KEPT_FOR = timedelta(days=90)
"""Positions, words and numbers, after the end; also after the last word of a phone whose call nobody ended."""


class SosState(StrEnum):
    """ENDED and CANCELLED are ends."""

    RAISED = auto()
    ACKNOWLEDGED = auto()
    RESPONDING = auto()
    ENDED = auto()
    CANCELLED = auto()


OPEN = frozenset({SosState.RAISED, SosState.ACKNOWLEDGED, SosState.RESPONDING})


class SosKind(StrEnum):
    """What happened; the letter is that of the SMS (api.safety.sos.compact)."""

    MEDICAL = auto()
    LOST = auto()
    TRAPPED = auto()
    FLOOD = auto()
    LANDSLIDE = auto()
    FIRE = auto()
    VIOLENCE = auto()
    OTHER = auto()


class SosOutcome(StrEnum):
    """How a desk ended it."""

    HELPED = auto()
    HELPED_THEMSELVES = auto()
    NOT_FOUND = auto()
    FALSE_ALARM = auto()


@dataclass(frozen=True, slots=True, repr=False)
class SosContent:
    """What the phone told; sealed at rest. `number`: of whoever sent it by SMS (E.164).

    `point`: None while the phone does not know where it is.
    """

    point: TrackPoint | None
    note: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class SosStep:
    """Who brought it into which state, when. `actor` is None for whoever called, and once forgotten."""

    state: SosState
    at: datetime
    actor: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Sos:
    """`raiser`: key of the Asker; None when it came by SMS alone, and once forgotten.

    `commune_code`: where it is now; `communes`: where it has been, whose desks see it. `heard_at`: when the
    phone last told something, by our clock. ENDED without an outcome: nobody ended it before it was forgotten.

    `content`: with the newest position; None once it was forgotten. `points`: how many have come.
    `says_safe_at`: whoever called said so after the cancel window; a responder decides. `eta_minutes`: as
    the responder said at `state_since`.
    """

    id: str
    code: str
    raiser: str | None
    kind: SosKind
    commune_code: str | None
    communes: tuple[str, ...]
    content: SosContent | None
    state: SosState
    raised_at: datetime
    heard_at: datetime
    state_since: datetime
    steps: tuple[SosStep, ...]
    points: int = 1
    is_by_sms: bool = False
    says_safe_at: datetime | None = None
    eta_minutes: int | None = None
    outcome: SosOutcome | None = None

    @property
    def may_be_cancelled_until(self) -> datetime:
        return self.raised_at + CANCELLED_WITHIN

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether whoever called may still take it back."""
        return self.state is SosState.RAISED and now < self.may_be_cancelled_until
