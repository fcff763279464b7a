"""A device: a phone or browser that warnings can reach, and what is known of where it is."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Self

import h3

from api.kit.geo import COARSE_RESOLUTION, Position, cell_of
from notifications.quiet_hours import QuietHours

POSITION_KEPT_FOR = timedelta(days=7)
"""A position is forgotten after this long without a newer one."""

ANCESTOR_RESOLUTIONS = (5, 3)
"""H3 resolutions of the larger cells that a position is filed under, finer first."""


class Platform(StrEnum):
    ANDROID = auto()
    IOS = auto()
    WEB = auto()


class RegistrationKind(StrEnum):
    """TOKEN: an FCM registration token. FID: a Firebase installation id."""

    TOKEN = auto()
    FID = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Registration:
    """What FCM knows the device by. Whoever holds it is the device; it is never logged."""

    kind: RegistrationKind
    value: str

    @property
    def digest(self) -> str:
        """A name for it that does not reveal it: SHA-256, hexadecimal."""
        return hashlib.sha256(f"{self.kind}:{self.value}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class CoarsePosition:
    """Where a device last was, no closer than a cell of about 5 km²."""

    cell: str
    observed_at: datetime

    @classmethod
    def of(cls, position: Position, observed_at: datetime) -> Self:
        """Coarsen `position`, which is kept nowhere."""
        return cls(cell_of(position, COARSE_RESOLUTION), observed_at)

    @property
    def expires_at(self) -> datetime:
        return self.observed_at + POSITION_KEPT_FOR

    def ancestor(self, resolution: int) -> str:
        """Return the larger cell the cell is filed under, which does not quite contain it."""
        return str(h3.cell_to_parent(self.cell, resolution))


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """What the person behind the device chose. `language` is one of locales.AVAILABLE."""

    registration: Registration
    platform: Platform
    language: str
    quiet_hours: QuietHours | None
    home_communes: frozenset[str]
    position: CoarsePosition | None


@dataclass(frozen=True, slots=True)
class Device:
    """A registered device. `secret_digest`: SHA-256, hexadecimal, of what its owner proves to be.

    `person_id`: who is signed in on it, in the session `session_id`; None for nobody.
    """

    id: str
    secret_digest: str
    profile: DeviceProfile
    created_at: datetime
    updated_at: datetime
    version: int = 1
    retired_at: datetime | None = None
    retired_because: str | None = None
    person_id: str | None = None
    session_id: str | None = None

    def position_at(self, now: datetime) -> CoarsePosition | None:
        """Return the position unless it is too old to say anything."""
        position = self.profile.position
        return position if position and now < position.expires_at else None
