import hashlib
import hmac
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from api.accounts.devices.location_consent import LocationConsent
from api.accounts.devices.requests import (
    DeviceRequest,
    RequestedPosition,
    RequestedQuietHours,
    home_communes_of,
    our_language,
    registration_of,
)
from api.accounts.errors import DeviceNotFound, InvalidRegistration, RegistrationTaken
from api.kit.changes import UNCHANGED, Unchanged
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id, new_id
from notifications.device_repository import DeviceRepository, RegistrationInUse
from notifications.devices import (
    CoarsePosition,
    Device,
    DeviceProfile,
    ExactPosition,
    RegistrationKind,
)
from notifications.preferences import EVERYTHING, Preferences
from notifications.quiet_hours import QuietHours


class _Where(TypedDict):
    position: CoarsePosition | None
    exact: ExactPosition | None


@dataclass(frozen=True, slots=True, repr=False)
class DeviceChanges:
    """What to change; a new `registration` is of `registration_kind`, or of the kind it had."""

    registration: str | Unchanged = UNCHANGED
    registration_kind: RegistrationKind | Unchanged = UNCHANGED
    language: str | Unchanged = UNCHANGED
    quiet_hours: RequestedQuietHours | Unchanged | None = UNCHANGED
    home_communes: tuple[str, ...] | Unchanged = UNCHANGED
    position: RequestedPosition | Unchanged | None = UNCHANGED
    preferences: Preferences | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, repr=False)
class RegisteredDevice:
    """A device, and the secret that its owner shows from now on. It is kept nowhere in clear."""

    device: Device
    secret: str


class DeviceService:
    """Devices and their owners. `key` derives the secrets, so that a replay gives the same one."""

    def __init__(
        self,
        devices: DeviceRepository,
        location: LocationConsent,
        idempotency: Idempotency,
        known_communes: Container[str],
        key: str,
        clock: Clock,
    ) -> None:
        self._devices = devices
        self._location = location
        self._idempotency = idempotency
        self._known_communes = known_communes
        self._key = key.encode()
        self._clock = clock

    async def register(self, idempotency_key: str, request: DeviceRequest) -> RegisteredDevice:
        """Register the phone that holds this registration, in place of what it was before.

        Whoever holds a registration is the device: no secret is asked for, the id stays, all else
        is replaced, and an earlier secret ends. Raises AccountProblem and IdempotencyProblem; a
        replay whose device has since registered anew, or left, is refused as DeviceNotFound.
        """
        profile = self._profile(request)
        digest = profile.registration.digest
        secret = self._secret(digest, idempotency_key)

        async def put() -> dict[str, Any]:
            now = self._clock()
            device = await self._devices.put(
                Device(new_id(), _digest(secret), profile, created_at=now, updated_at=now)
            )
            return {"device": device.id}

        result = await self._idempotency.once(
            digest, "registerDevice", idempotency_key, _comparable(profile), put
        )
        return RegisteredDevice(await self.owned(result["device"], secret), secret)

    async def find(self, device_id: str, secret: str) -> Device | None:
        """Return the device if `secret` is its owner's."""
        device = await self._devices.get(device_id) if is_id(device_id) else None
        expected = device.secret_digest if device else ""
        is_owner = hmac.compare_digest(_digest(secret), expected)
        return device if is_owner else None

    async def person_of(self, device_id: str) -> str | None:
        """Return whom a device is linked to; None for one of nobody, and for one that is not there."""
        device = await self._devices.get(device_id) if is_id(device_id) else None
        return device.person_id if device else None

    async def update(self, device_id: str, secret: str, changes: DeviceChanges) -> Device:
        """Change what `changes` names. Raises AccountProblem.

        A consent that is withdrawn at this moment writes to the device too: then this looks again.
        """
        while True:
            seen = await self.owned(device_id, secret)
            profile = self._changed(seen.profile, changes)
            if seen.person_id and isinstance(changes.position, RequestedPosition):
                await self._location.require(
                    seen.person_id, exact=changes.position.exact is not None
                )
            try:
                changed = await self._devices.change(seen, profile, self._clock())
            except RegistrationInUse as error:
                raise RegistrationTaken from error
            if changed is not None:
                return changed

    async def unregister(self, device_id: str, secret: str) -> None:
        """Forget the device at once. Raises DeviceNotFound."""
        device = await self.owned(device_id, secret)
        if not await self._devices.remove(device.id, device.secret_digest):
            raise DeviceNotFound

    async def owned(self, device_id: str, secret: str) -> Device:
        """Return the device. Raises DeviceNotFound unless `secret` is its owner's."""
        device = await self.find(device_id, secret)
        if device is None:
            raise DeviceNotFound
        return device

    def _profile(self, request: DeviceRequest) -> DeviceProfile:
        return DeviceProfile(
            registration=registration_of(request.registration_kind, request.registration),
            platform=request.platform,
            language=our_language(request.language),
            quiet_hours=_quiet_hours(request.quiet_hours),
            home_communes=home_communes_of(request.home_communes, self._known_communes),
            preferences=request.preferences,
            **self._where(request.position),
        )

    def _changed(self, profile: DeviceProfile, changes: DeviceChanges) -> DeviceProfile:
        if changes.registration is not UNCHANGED:
            kind = changes.registration_kind
            if kind is UNCHANGED:
                kind = profile.registration.kind
            profile = replace(profile, registration=registration_of(kind, changes.registration))
        elif changes.registration_kind not in (UNCHANGED, profile.registration.kind):
            raise InvalidRegistration  # the kind of what was registered cannot change by itself
        if changes.language is not UNCHANGED:
            profile = replace(profile, language=our_language(changes.language))
        if changes.quiet_hours is not UNCHANGED:
            profile = replace(profile, quiet_hours=_quiet_hours(changes.quiet_hours))
        if changes.home_communes is not UNCHANGED:
            communes = home_communes_of(changes.home_communes, self._known_communes)
            profile = replace(profile, home_communes=communes)
        if changes.position is not UNCHANGED:
            profile = replace(profile, **self._where(changes.position))
        if changes.preferences is not UNCHANGED:
            profile = replace(profile, preferences=changes.preferences or EVERYTHING)
        return profile

    def _where(self, wanted: RequestedPosition | None) -> _Where:
        """Return what may be kept of where a device is, the cell and the position of one moment."""
        now = self._clock()
        if wanted is None:
            return {"position": None, "exact": None}
        return {"position": wanted.coarse(now), "exact": wanted.closely(now)}

    def _secret(self, registration_digest: str, idempotency_key: str) -> str:
        text = f"device secret\n{registration_digest}\n{idempotency_key}"
        return hmac.new(self._key, text.encode(errors="replace"), hashlib.sha256).hexdigest()


def _quiet_hours(wanted: RequestedQuietHours | None) -> QuietHours | None:
    return wanted.quiet_hours() if wanted else None


def _digest(secret: str) -> str:
    # No salt and no slow hash: a secret is 256 bits that nobody chose.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _comparable(profile: DeviceProfile) -> dict[str, Any]:
    """Return what makes two requests the same; of a position only the cell, never the degrees."""
    quiet, position, wanted = profile.quiet_hours, profile.position, profile.preferences
    return {
        "registration": profile.registration.digest,
        "platform": profile.platform,
        "language": profile.language,
        "quiet_hours": quiet and [str(quiet.start), str(quiet.end), quiet.time_zone],
        "home_communes": sorted(profile.home_communes),
        "cell": position and position.cell,
        "is_exact": profile.exact is not None,
        "muted": sorted(wanted.muted),
        "least": wanted.least,
    }
