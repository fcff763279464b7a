"""What a phone asks for, checked and put into the terms of a device."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from math import ceil

from api.accounts.errors import (
    ConsentMissing,
    InvalidRegistration,
    PositionOutOfRange,
    QuietHoursNotUnderstood,
    TooManyCommunes,
    UnknownCommune,
    UnknownLanguage,
    UnknownTimeZone,
)
from api.kit.geo import InvalidPosition, Position
from locales import AVAILABLE, language_of
from notifications.devices import (
    ACCURACY_METRES_AT_MOST,
    CoarsePosition,
    ExactPosition,
    Platform,
    Registration,
    RegistrationKind,
)
from notifications.preferences import EVERYTHING, Preferences
from notifications.quiet_hours import InvalidQuietHours, QuietHours, is_known_zone

HOME_COMMUNES_AT_MOST = 5
DEFAULT_TIME_ZONE = "Asia/Ho_Chi_Minh"

_REGISTRATIONS = {
    RegistrationKind.TOKEN: re.compile(r"[A-Za-z0-9_:.-]{16,4096}"),
    RegistrationKind.FID: re.compile(r"[A-Za-z0-9_-]{16,64}"),
}
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class RequestedQuietHours:
    """`start`, `end`: "HH:MM"; `time_zone`: IANA name."""

    start: str
    end: str
    time_zone: str = DEFAULT_TIME_ZONE

    def quiet_hours(self) -> QuietHours:
        """Return them checked. Raises QuietHoursNotUnderstood or UnknownTimeZone."""
        if not (_CLOCK.fullmatch(self.start) and _CLOCK.fullmatch(self.end)):
            raise QuietHoursNotUnderstood
        if not is_known_zone(self.time_zone):
            raise UnknownTimeZone
        try:
            return QuietHours(
                time.fromisoformat(self.start), time.fromisoformat(self.end), self.time_zone
            )
        except InvalidQuietHours as error:
            raise QuietHoursNotUnderstood from error


@dataclass(frozen=True, slots=True)
class RequestedExactness:
    """That the position may be kept as it is, and by how many metres it may be off."""

    accuracy_metres: float
    consent: bool


@dataclass(frozen=True, slots=True, repr=False)
class RequestedPosition:
    """Degrees, WGS 84, as the phone gave them; only the coarse cell is kept unless `exact` is agreed to."""

    latitude: float
    longitude: float
    consent: bool
    exact: RequestedExactness | None = None

    def closely(self, observed_at: datetime) -> ExactPosition | None:
        """Return what may be kept beside the cell: nothing for what is not known so closely.

        Raises ConsentMissing or PositionOutOfRange.
        """
        if self.exact is None:
            return None
        if not self.exact.consent:
            raise ConsentMissing
        if not 0 <= self.exact.accuracy_metres <= ACCURACY_METRES_AT_MOST:
            return None
        return ExactPosition(self._position(), ceil(self.exact.accuracy_metres), observed_at)

    def coarse(self, observed_at: datetime) -> CoarsePosition:
        """Return what may be kept. Raises ConsentMissing or PositionOutOfRange."""
        if not self.consent:
            raise ConsentMissing
        return CoarsePosition.of(self._position(), observed_at)

    def _position(self) -> Position:
        try:
            return Position(self.latitude, self.longitude)
        except InvalidPosition as error:
            raise PositionOutOfRange from error


@dataclass(frozen=True, slots=True, repr=False)
class DeviceRequest:
    registration: str
    registration_kind: RegistrationKind
    platform: Platform
    language: str
    quiet_hours: RequestedQuietHours | None
    home_communes: Sequence[str]
    position: RequestedPosition | None
    preferences: Preferences = EVERYTHING


def registration_of(kind: RegistrationKind, value: str) -> Registration:
    """Return it typed. Raises InvalidRegistration."""
    if not _REGISTRATIONS[kind].fullmatch(value):
        raise InvalidRegistration
    return Registration(kind, value)


def our_language(tag: str) -> str:
    """Return the language of ours that serves the BCP 47 `tag`. Raises UnknownLanguage."""
    language = language_of(tag[:35])
    if language is None:
        raise UnknownLanguage(languages=", ".join(AVAILABLE))
    return language


def home_communes_of(codes: Sequence[str], known: Container[str]) -> frozenset[str]:
    """Return each once. Raises TooManyCommunes or UnknownCommune."""
    if len(codes) > HOME_COMMUNES_AT_MOST:
        raise TooManyCommunes(most=HOME_COMMUNES_AT_MOST)
    if not all(code in known for code in codes):
        raise UnknownCommune
    return frozenset(codes)
