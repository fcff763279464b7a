"""A report and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.kit.geo import Position


class ReportState(StrEnum):
    """ANSWERED is words only, FIXED has proof; the last three are ends."""

    RECEIVED = auto()
    ACCEPTED = auto()
    ASSIGNED = auto()
    IN_PROGRESS = auto()
    ANSWERED = auto()
    FIXED = auto()
    REOPENED = auto()
    CONFIRMED = auto()
    CLOSED = auto()
    REFUSED = auto()


ENDED = frozenset({ReportState.CONFIRMED, ReportState.CLOSED, ReportState.REFUSED})
AWAITING = frozenset({ReportState.ANSWERED, ReportState.FIXED})
"""It is the reporter's turn; silence closes."""
GOING_ON = frozenset(ReportState) - ENDED
OPEN = GOING_ON - AWAITING
"""The agency has to act."""
SHOWN = frozenset(ReportState) - {ReportState.REFUSED}
"""What everybody may see, unless it is private."""


class Visibility(StrEnum):
    """ANONYMOUS: on the map, and nobody, clerks neither, is told by whom. PRIVATE: for the agency alone."""

    ANONYMOUS = auto()
    PRIVATE = auto()
    PUBLIC = auto()


class RefusalReason(StrEnum):
    NOT_ENOUGH_KNOWN = auto()
    NOT_OURS = auto()
    NO_PUBLIC_MATTER = auto()
    DENUNCIATION = auto()
    ABUSE = auto()


class RouteReason(StrEnum):
    """Why an agency has a report."""

    COMMUNE = auto()
    PROVINCE_WIDE = auto()
    ROAD_OWNER = auto()
    SENT_ON = auto()


class ReporterKind(StrEnum):
    """APP: another system sent it, of whose people we know nothing; it asks by itself what became of it."""

    PERSON = auto()
    DEVICE = auto()
    APP = auto()


@dataclass(frozen=True, slots=True)
class Reporter:
    """A person with an account, a device of nobody in particular, or the key of an app."""

    kind: ReporterKind
    id: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def person_id(self) -> str | None:
        return self.id if self.kind is ReporterKind.PERSON else None

    @property
    def idempotency_scope(self) -> str:
        """Under which keys are remembered: a person's go with the account."""
        return self.person_id or self.key

    @classmethod
    def of(cls, key: str) -> "Reporter":
        """Return whose `key` this is."""
        kind, _, reporter_id = key.partition(":")
        return cls(ReporterKind(kind), reporter_id)


@dataclass(frozen=True, slots=True, repr=False)
class ReportContent:
    """What the reporter says; sealed at rest.

    `accuracy_metres` and `captured_at` are the phone's, of the moment of the draft. `language`: BCP 47;
    `display_name`: chosen for this report; `answers`: by code of the category's form field.
    """

    position: Position
    accuracy_metres: float
    captured_at: datetime
    text: str
    language: str
    display_name: str | None
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """`road`: of ROAD_OWNER, its code; `from_agency`: of SENT_ON, who sent it."""

    agency_id: str
    reason: RouteReason
    road: str | None = None
    from_agency: str | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    accept: datetime
    answer: datetime
    fix: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """`content` is None once it was forgotten; `spot`: where it is on the map, None for a private one.

    `people`: who reported or joined, with those of merged reports; `steps`: how many there are in its
    history; `round`: how often its clocks began. A merged report has `lead_id` and mirrors the lead's
    state; `merged_from` is its own. `level`: how high it was escalated in this round.
    """

    id: str
    code: str
    category: str
    visibility: Visibility
    commune_code: str
    reporter: Reporter | None
    content: ReportContent | None
    photos: tuple[str, ...]
    spot: Position | None
    route: Route
    state: ReportState
    received_at: datetime
    state_since: datetime
    due: Deadlines
    people: int = 1
    steps: int = 1
    round: int = 0
    level: int = 0
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    fixed_at: datetime | None = None
    ended_at: datetime | None = None
    refusal: RefusalReason | None = None
    lead_id: str | None = None
    merged_from: ReportState | None = None
    merged_at: datetime | None = None

    def is_hidden_from(self, agency_id: str) -> bool:
        """Tell whether clerks of this agency may not know that it is there."""
        return self.visibility is Visibility.PRIVATE and self.route.agency_id != agency_id

    @property
    def is_seen_by_all(self) -> bool:
        """Tell whether everybody may know that it is there."""
        return self.spot is not None and self.state is not ReportState.REFUSED

    @property
    def is_read_by_clerk(self) -> bool:
        """Tell whether words and photos may be shown: a clerk has taken it on."""
        return self.accepted_at is not None and self.refusal is None
