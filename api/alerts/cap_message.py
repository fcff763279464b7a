"""A CAP 1.2 message as the standard names it (OASIS CAP 1.2, section 3.2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.kit.area import Circle
from api.kit.geo import Position
from api.kit.ids import derived_id


class Status(StrEnum):
    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class ResponseType(StrEnum):
    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Urgency(StrEnum):
    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """Worst first."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class NamedValue:
    """An eventCode, parameter or geocode: `name` is its valueName."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to look at beside the text. `size` is in bytes."""

    description: str
    mime_type: str
    size: int | None
    uri: str | None
    dereferenced: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class AlertArea:
    """One area block. Altitude and ceiling are in feet above mean sea level, as CAP has them."""

    description: str
    polygons: tuple[tuple[Position, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[NamedValue, ...] = ()
    altitude: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """One info block: what is told in one language about one event, and where it holds."""

    language: str
    categories: tuple[Category, ...]
    event: str
    response_types: tuple[ResponseType, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    audience: str | None
    event_codes: tuple[NamedValue, ...]
    effective: datetime | None
    onset: datetime | None
    expires: datetime | None
    sender_name: str | None
    headline: str | None
    description: str | None
    instruction: str | None
    web: str | None
    contact: str | None
    parameters: tuple[NamedValue, ...]
    resources: tuple[Resource, ...]
    areas: tuple[AlertArea, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """How one message names another. `sent` is aware UTC: the same moment in two zones is one."""

    sender: str
    identifier: str
    sent: datetime

    @property
    def id(self) -> str:
        """The id under which that message is, or will be, stored."""
        return derived_id("alert", self.sender, self.identifier, self.sent.isoformat())


@dataclass(frozen=True, slots=True)
class CapMessage:
    """A whole message, checked. Times are aware UTC."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    source: str | None
    scope: Scope
    restriction: str | None
    addresses: str | None
    codes: tuple[str, ...]
    note: str | None
    references: tuple[Reference, ...]
    incidents: str | None
    infos: tuple[Info, ...]

    @property
    def id(self) -> str:
        """A function of sender, identifier and sent, which the standard makes unique together."""
        return Reference(self.sender, self.identifier, self.sent).id
