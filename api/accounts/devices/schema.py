from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.devices.preferences_schema import WarningPreferences, WarningPreferencesInput
from api.accounts.devices.requests import (
    DEFAULT_TIME_ZONE,
    HOME_COMMUNES_AT_MOST,
    DeviceRequest,
    RequestedExactness,
    RequestedPosition,
    RequestedQuietHours,
)
from api.accounts.devices.service import DeviceChanges
from api.context import Info
from api.kit.schema_changes import collected, mapped, present
from api.kit.schema_types import Position, PositionInput
from notifications.devices import CoarsePosition as CoarsePositionRecord
from notifications.devices import Device as DeviceRecord
from notifications.devices import ExactPosition as ExactPositionRecord
from notifications.devices import Platform, RegistrationKind
from notifications.preferences import EVERYTHING
from notifications.quiet_hours import QuietHours as QuietHoursRecord

strawberry.enum(Platform, name="DevicePlatform")
strawberry.enum(
    RegistrationKind,
    description="What Firebase Cloud Messaging calls it: a registration token, or an installation id.",
)


@strawberry.type(
    description="Every day from start until end, the phone stays silent unless a warning is extreme."
    " A quieter message waits until they end."
)
class QuietHours:
    start: str = strawberry.field(description="HH:MM, 00:00 to 23:59.")
    end: str = strawberry.field(description="HH:MM; before the start: on the next day.")
    time_zone: str = strawberry.field(description="IANA name, such as Asia/Ho_Chi_Minh.")

    @classmethod
    def of(cls, record: QuietHoursRecord) -> "QuietHours":
        return cls(
            start=record.start.isoformat("minutes"),
            end=record.end.isoformat("minutes"),
            time_zone=record.time_zone,
        )


@strawberry.type(description="The position itself, which the person agreed to besides.")
class DeviceExactPosition:
    position: Position
    accuracy: int = strawberry.field(description="Metres by which it may be off.")
    expires_at: datetime = strawberry.field(
        description="It is forgotten then, and the cell is left."
    )

    @classmethod
    def of(cls, record: ExactPositionRecord) -> "DeviceExactPosition":
        return cls(
            position=Position.of(record.position),
            accuracy=record.accuracy_metres,
            expires_at=record.expires_at,
        )


@strawberry.type(description="Where the device last was, as coarsely as we keep it.")
class DevicePosition:
    cell: str = strawberry.field(description="H3 index of resolution 7, about 5 km².")
    observed_at: datetime
    expires_at: datetime = strawberry.field(description="It is forgotten then, unless renewed.")

    @classmethod
    def of(cls, record: CoarsePositionRecord) -> "DevicePosition":
        return cls(cell=record.cell, observed_at=record.observed_at, expires_at=record.expires_at)


@strawberry.type(description="A phone or browser that warnings can reach.")
class Device:
    id: strawberry.ID
    platform: Platform
    language: str = strawberry.field(description="BCP 47 tag of the language warnings come in.")
    quiet_hours: QuietHours | None
    home_communes: list[strawberry.ID] = strawberry.field(
        description="Codes of communes whose warnings come wherever the device is."
    )
    position: DevicePosition | None
    exact_position: DeviceExactPosition | None
    preferences: WarningPreferences
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, record: DeviceRecord) -> "Device":
        profile = record.profile
        return cls(
            id=strawberry.ID(record.id),
            platform=profile.platform,
            language=profile.language,
            quiet_hours=QuietHours.of(profile.quiet_hours) if profile.quiet_hours else None,
            home_communes=[strawberry.ID(code) for code in sorted(profile.home_communes)],
            position=DevicePosition.of(profile.position) if profile.position else None,
            exact_position=DeviceExactPosition.of(profile.exact) if profile.exact else None,
            preferences=WarningPreferences.of(profile.preferences),
            created_at=record.created_at,
            updated_at=record.updated_at,
        )


@strawberry.input(description="Silence every day from start until end; may span midnight.")
class QuietHoursInput:
    start: str = strawberry.field(description="HH:MM, 00:00 to 23:59.")
    end: str = strawberry.field(description="HH:MM, other than the start.")
    time_zone: str = strawberry.field(
        default=DEFAULT_TIME_ZONE, description="IANA name, such as Asia/Ho_Chi_Minh."
    )

    def requested(self) -> RequestedQuietHours:
        return RequestedQuietHours(self.start, self.end, self.time_zone)


@strawberry.input(
    description="That the position is kept as it is, for an hour, so that who stands beside an area of"
    " danger is not warned of it. One that may be off by more than 200 m is kept as a cell only."
)
class DeviceExactnessInput:
    accuracy: float = strawberry.field(description="Metres by which the position may be off.")
    consent: bool = strawberry.field(
        description="That the person agreed to it; without, the position is refused."
    )

    def requested(self) -> RequestedExactness:
        return RequestedExactness(self.accuracy, self.consent)


@strawberry.input(
    description="Where the device is. Only an area of about 5 km² is kept, for 7 days, unless more is"
    " agreed to."
)
class DevicePositionInput:
    position: PositionInput
    consent: bool = strawberry.field(
        description="That the person agreed to it; without, the position is refused."
    )
    exact: DeviceExactnessInput | None = None

    def requested(self) -> RequestedPosition:
        exact = self.exact.requested() if self.exact else None
        return RequestedPosition(
            self.position.latitude, self.position.longitude, self.consent, exact
        )


@strawberry.input
class RegisterDeviceInput:
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each registration."
    )
    registration: str = strawberry.field(description="What Firebase Cloud Messaging gave the app.")
    registration_kind: RegistrationKind = RegistrationKind.TOKEN
    platform: Platform
    language: str = strawberry.field(
        description="BCP 47 tag; the nearest language of ours is kept."
    )
    quiet_hours: QuietHoursInput | None = None
    home_communes: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description=f"Commune codes, at most {HOME_COMMUNES_AT_MOST}.",
    )
    position: DevicePositionInput | None = None
    preferences: WarningPreferencesInput | None = None

    def requested(self) -> DeviceRequest:
        return DeviceRequest(
            registration=self.registration,
            registration_kind=self.registration_kind,
            platform=self.platform,
            language=self.language,
            quiet_hours=self.quiet_hours.requested() if self.quiet_hours else None,
            home_communes=self.home_communes,
            position=self.position.requested() if self.position else None,
            preferences=self.preferences.requested() if self.preferences else EVERYTHING,
        )


@strawberry.input(description="What is left out stays as it is; null removes it.")
class UpdateDeviceInput:
    id: strawberry.ID
    secret: str
    registration: str | None = strawberry.UNSET
    registration_kind: RegistrationKind | None = strawberry.UNSET
    language: str | None = strawberry.UNSET
    quiet_hours: QuietHoursInput | None = strawberry.UNSET
    home_communes: list[strawberry.ID] | None = strawberry.UNSET
    position: DevicePositionInput | None = strawberry.UNSET
    preferences: WarningPreferencesInput | None = strawberry.UNSET

    def changes(self) -> DeviceChanges:
        return DeviceChanges(
            registration=present(self.registration),
            registration_kind=present(self.registration_kind),
            language=present(self.language),
            quiet_hours=mapped(self.quiet_hours, QuietHoursInput.requested),
            home_communes=collected(self.home_communes),
            position=mapped(self.position, DevicePositionInput.requested),
            preferences=mapped(self.preferences, WarningPreferencesInput.requested),
        )


@strawberry.input
class UnregisterDeviceInput:
    id: strawberry.ID
    secret: str


@strawberry.input
class LinkDeviceInput:
    id: strawberry.ID
    secret: str
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each link."
    )


@strawberry.input
class UnlinkDeviceInput:
    id: strawberry.ID


@strawberry.type
class RegisterDeviceSuccess:
    device: Device
    secret: str = strawberry.field(
        description="Shows from now on that the device is yours. Keep it on the device only."
    )


@strawberry.type
class UpdateDeviceSuccess:
    device: Device


@strawberry.type
class UnregisterDeviceSuccess:
    id: strawberry.ID


@strawberry.type
class LinkDeviceSuccess:
    device: Device


@strawberry.type
class UnlinkDeviceSuccess:
    id: strawberry.ID


RegisterDeviceResult = Annotated[
    RegisterDeviceSuccess | AccountError, strawberry.union("RegisterDeviceResult")
]
UpdateDeviceResult = Annotated[
    UpdateDeviceSuccess | AccountError, strawberry.union("UpdateDeviceResult")
]
UnregisterDeviceResult = Annotated[
    UnregisterDeviceSuccess | AccountError, strawberry.union("UnregisterDeviceResult")
]
LinkDeviceResult = Annotated[LinkDeviceSuccess | AccountError, strawberry.union("LinkDeviceResult")]
UnlinkDeviceResult = Annotated[
    UnlinkDeviceSuccess | AccountError, strawberry.union("UnlinkDeviceResult")
]


@strawberry.type
class DevicesQuery:
    @strawberry.field(description="A device, for its owner; null for a wrong id or secret.")
    async def device(self, info: Info, id: strawberry.ID, secret: str) -> Device | None:
        record = await info.context.services.devices.find(id, secret)
        return Device.of(record) if record else None


@strawberry.type
class DevicesMutation:
    @strawberry.mutation(
        description="Make this phone reachable by warnings. The same registration again replaces all"
        " that was kept of it, and its secret."
    )
    async def register_device(self, info: Info, input: RegisterDeviceInput) -> RegisterDeviceResult:
        registered = await info.context.services.devices.register(
            input.idempotency_key, input.requested()
        )
        return RegisterDeviceSuccess(device=Device.of(registered.device), secret=registered.secret)

    @strawberry.mutation(description="Change what is kept of a device.")
    async def update_device(self, info: Info, input: UpdateDeviceInput) -> UpdateDeviceResult:
        record = await info.context.services.devices.update(input.id, input.secret, input.changes())
        return UpdateDeviceSuccess(device=Device.of(record))

    @strawberry.mutation(description="Forget a device and all that is kept of it, at once.")
    async def unregister_device(
        self, info: Info, input: UnregisterDeviceInput
    ) -> UnregisterDeviceResult:
        await info.context.services.devices.unregister(input.id, input.secret)
        return UnregisterDeviceSuccess(id=input.id)

    @strawberry.mutation(
        description="Make this device yours while you are signed in here. Registering it anew, or the"
        " end of the session, makes it nobody's."
    )
    async def link_device(self, info: Info, input: LinkDeviceInput) -> LinkDeviceResult:
        record = await info.context.services.accounts.device_links.link(
            info.context.caller, input.id, input.secret, input.idempotency_key
        )
        return LinkDeviceSuccess(device=Device.of(record))

    @strawberry.mutation(description="Make one of your devices nobody's; warnings still reach it.")
    async def unlink_device(self, info: Info, input: UnlinkDeviceInput) -> UnlinkDeviceResult:
        await info.context.services.accounts.device_links.unlink(info.context.caller, input.id)
        return UnlinkDeviceSuccess(id=input.id)
