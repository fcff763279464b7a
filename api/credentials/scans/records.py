"""Scans as they are kept: what was shown at which gate, what came of it, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto

from api.credentials.gates.records import Gate
from api.credentials.records import CredentialKind
from api.kit.ids import derived_id


class ScanPurpose(StrEnum):
    ENTRY = auto()
    EXIT = auto()
    RIDE = auto()
    DISCOUNT = auto()
    LOAN = auto()
    RETURN = auto()
    MEAL = auto()


class Fault(StrEnum):
    """Why a card is not let in, or what is wrong with one that was let in."""

    WRONG_SIGNATURE = auto()
    """Nothing of ours, changed, or signed with a key that is not ours, or no more."""
    UNKNOWN_CARD = auto()
    FOREIGN = auto()
    """A card of ours for other gates."""
    NOT_YET_VALID = auto()
    EXPIRED = auto()
    REVOKED = auto()
    SUSPENDED = auto()
    REPLACED = auto()
    """Re-issued to another phone before."""
    KEY_ENDED = auto()
    """The epoch of its gate key is accepted no more."""
    CODE_MISSING = auto()
    CODE_WRONG = auto()
    """Also an old one: a photo of somebody's screen."""
    CODE_USED = auto()
    UNCONFIRMED = auto()
    """A printed card, without the clerk's word that photo and name fit."""
    LIST_TOO_OLD = auto()
    """Offline only: what the gate knows of revocations is older than its rule likes."""
    LIST_EXPIRED = auto()
    """Offline only: the gate has no status list, or none that may be used any more."""
    TOO_LATE = auto()
    """Told later than scans are counted."""
    CLOCK_AHEAD = auto()
    """Told to be in the future."""
    GATE_RETIRED = auto()
    """The gate had been retired before."""
    OVERDRAWN = auto()
    """Nothing was left of what it was used for."""
    NOT_HONOURED = auto()
    """The kind of card has nothing for this gate or purpose."""


def scan_id_of(gate_id: str, client_id: str) -> str:
    """Return the id of the scan that a gate names so: the same whenever it is told again."""
    return derived_id("scan", gate_id, client_id)


@dataclass(frozen=True, slots=True)
class CheckedScan:
    """A scan of a card that is ours, for the slice of its kind (CredentialUse).

    `scan_id`: the same when it is told again; `is_late`: it has happened already at `scanned_at`;
    `faults`: what is wrong so far, empty online.
    """

    scan_id: str
    credential_id: str
    subject_id: str
    kind: CredentialKind
    gate: Gate
    scanned_at: datetime
    is_late: bool
    is_printed: bool
    purpose: ScanPurpose
    faults: frozenset[Fault] = frozenset()


@dataclass(frozen=True, slots=True)
class Use:
    """What a scan did. `let_in`: an id of what was used, None for nothing in particular.

    `message`: a msgid for the gate's screen, its {fields} in `params`; `faults`: of late scans only.
    """

    message: str
    params: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    let_in: str | None = None
    faults: frozenset[Fault] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a gate saw, without the token and the code: a QR code of somebody else may hold anything.

    `digest`: SHA-256 of what was shown; the rest as the token says, None where it is not ours.
    """

    digest: str
    generation: int | None = None
    step: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A fact. `client_id`: as the gate names it; `by`: the gatekeeper, None for one who has left."""

    id: str
    client_id: str
    gate_id: str
    purpose: ScanPurpose
    scanned_at: datetime
    received_at: datetime
    is_late: bool
    is_printed: bool
    by: str | None
    evidence: Evidence
    credential_id: str | None = None
    subject_id: str | None = None
    kind: CredentialKind | None = None
    use: Use | None = None
    faults: tuple[Fault, ...] = ()
