"""A device: a phone or browser that warnings can reach, and what is known of where it is."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Self

import h3

from api.kit.geo import COARSE_RESOLUTION, Position, cell_of
from notifications.preferences import EVERYTHING, Preferences
from notifications.quiet_hours import QuietHours

POSITION_KEPT_FOR = timedelta(days=7)
"""A position is forgotten after this long without a newer one."""

EXACT_KEPT_FOR = timedelta(hours=1)
"""An exact one is forgotten after this long: whoever moved on since is looked for by the cell."""

ACCURACY_METRES_AT_MOST = 200
"""What is known less closely than this is known by its cell alone."""

ANCESTOR_RESOLUTIONS = (5, 3)
"""H3 resolutions of the larger cells that a position is filed under, finer first."""


def is_coarse_cell(cell: str) -> bool:
    """Tell whether it is a cell such as positions are kept by."""
    return bool(h3.is_valid_cell(cell)) and h3.get_resolution(cell) == COARSE_RESOLUTION


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


@dataclass(frozen=True, slots=True, repr=False)
class ExactPosition:
    """Where a device last was, which its owner agreed to, give or take `accuracy_metres`."""

    position: Position
    accuracy_metres: int
    observed_at: datetime

    @property
    def expires_at(self) -> datetime:
        return self.observed_at + EXACT_KEPT_FOR


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """What the person behind the device chose. `language` is one of locales.AVAILABLE.

    `exact`: of the same place and moment as `position`, for those who agreed to that too.
    """

    registration: Registration
    platform: Platform
    language: str
    quiet_hours: QuietHours | None
    home_communes: frozenset[str]
    position: CoarsePosition | None
    exact: ExactPosition | None = None
    preferences: Preferences = EVERYTHING


@dataclass(frozen=True, slots=True)
class Device:
    """A registered device. `secret_digest`: SHA-256, hexadecimal, of what its owner proves to be.

    `person_id`: who is signed in on it, in the session `session_id`; None for nobody.
    `blurred_at`: equal to `updated_at` where nothing changed then but that its position, being old,
    was forgotten. `renewals`: how often it was registered anew, by the same registration too: what
    FCM said before that was of an earlier one.
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
    blurred_at: datetime | None = None
    renewals: int = 0

    def position_at(self, now: datetime) -> CoarsePosition | None:
        """Return the position unless it is too old to say anything."""
        position = self.profile.position
        return position if position and now < position.expires_at else None

    def exact_at(self, now: datetime) -> ExactPosition | None:
        """Return the exact position unless there is none, or it is too old to rule anything out."""
        exact = self.profile.exact
        return exact if exact and now < exact.expires_at else None
