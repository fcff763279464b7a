"""Devices and notices with as few words as a test needs."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from api.kit.geo import Position
from api.kit.ids import new_id
from api.kit.store import Store
from notifications.device_repository import DeviceRepository
from notifications.devices import (
    CoarsePosition,
    Device,
    DeviceProfile,
    ExactPosition,
    Platform,
    Registration,
    RegistrationKind,
)
from notifications.notice import Notice, Priority, Text
from notifications.preferences import EVERYTHING, Preferences
from notifications.quiet_hours import QuietHours
from notifications.texts import Channel, TextMessage
from tests.conftest import NOW

SA_PA = Position(22.3364, 103.8438)
YEN_BAI = Position(21.7229, 104.9113)
LONG_AGO = NOW - timedelta(hours=1)


def a_device(
    *,
    at: Position | None = SA_PA,
    observed_at: datetime = LONG_AGO,
    homes: Iterable[str] = (),
    language: str = "vi",
    platform: Platform = Platform.ANDROID,
    quiet_hours: QuietHours | None = None,
    updated_at: datetime = LONG_AGO,
    retired_at: datetime | None = None,
    accuracy: int | None = None,
    preferences: Preferences = EVERYTHING,
    id: str | None = None,
) -> Device:
    """Return one; with an `accuracy` (metres) its position is an exact one."""
    device_id = id or new_id()
    return Device(
        id=device_id,
        secret_digest="0" * 64,
        profile=DeviceProfile(
            registration=Registration(RegistrationKind.TOKEN, f"registration-of-{device_id}"),
            platform=platform,
            language=language,
            quiet_hours=quiet_hours,
            home_communes=frozenset(homes),
            position=CoarsePosition.of(at, observed_at) if at else None,
            exact=None
            if at is None or accuracy is None
            else ExactPosition(at, accuracy, observed_at),
            preferences=preferences,
        ),
        created_at=LONG_AGO,
        updated_at=updated_at,
        retired_at=retired_at,
    )


def a_notice(
    id: str = "flood-1",
    *,
    thread: str = "flood",
    texts: Mapping[str, Text] | None = None,
    priority: Priority = Priority.SEVERE,
    overrides_quiet_hours: bool = False,
    expires_at: datetime = NOW + timedelta(hours=6),
) -> Notice:
    return Notice(
        id=id,
        thread=thread,
        texts=texts or {"vi": Text("Lũ quét", "Lên chỗ cao."), "en": Text("Flood", "Go up.")},
        priority=priority,
        overrides_quiet_hours=overrides_quiet_hours,
        expires_at=expires_at,
        data={"alert": id},
    )


def a_text(
    id: str = "code-1",
    *,
    channel: Channel = Channel.SMS,
    to: str = "+84912345678",
    subject: str = "",
    body: str = "Mã đăng nhập: 123456",
    expires_at: datetime = NOW + timedelta(minutes=5),
    person_id: str | None = None,
) -> TextMessage:
    return TextMessage(id, channel, to, subject, body, "vi", expires_at, person_id)


def an_email(id: str = "mail-1", to: str = "mai@laocai.example") -> TextMessage:
    return a_text(
        id, channel=Channel.EMAIL, to=to, subject="Mã đăng nhập", body="Mã của bạn: 123456\nHết."
    )


async def put(store: Store, *devices: Device) -> None:
    repository = DeviceRepository(store)
    for device in devices:
        await repository.put(device)
