"""What FCM is asked to deliver: one JSON text for all devices of a language and platform.

Encoded by firebase-admin, so that its checks and field names hold; the registration is put in last,
per device. Each platform gets only its own part.
"""

import json
from datetime import datetime, timedelta
from typing import Any

import orjson
from firebase_admin import messaging  # pyright: ignore[reportMissingTypeStubs]

from api.kit.ids import derived_id
from notifications.devices import Platform, Registration, RegistrationKind
from notifications.notice import Notice, Priority, Text
from notifications.shortening import shortened

PAYLOAD_BYTES_AT_MOST = 4_096
"""FCM's bound, kept by the whole of our JSON but for the registration."""

TITLE_BYTES_WHEN_CUT = 400
QUIET_CHANNEL = "warnings_quiet"
"""The app makes this Android channel without sound and vibration."""

_TTL_AT_MOST = timedelta(weeks=4)
_APNS_COLLAPSE_ID_BYTES_AT_MOST = 64
_URGENT = frozenset({Priority.EXTREME, Priority.SEVERE})
_PLACEHOLDER = "fid"
_TOKEN = RegistrationKind.TOKEN
_BY_TOKEN, _BY_FID = (
    b'{"message":{"%b":' % kind.value.encode()
    for kind in (RegistrationKind.TOKEN, RegistrationKind.FID)
)


class Payload:
    """The message of `notice` for one language and platform, as of `now`."""

    def __init__(self, notice: Notice, language: str, platform: Platform, now: datetime) -> None:
        self.language, text = notice.text_for(language)
        self.text, self._rest = _fitting(notice, text, self.language, platform, now)
        self._tail = b"," + self._rest[1:] + b"}"

    def addressed_to(self, registration: Registration) -> bytes:
        """Return the body of a request to `messages:send` (FCM HTTP v1)."""
        head = _BY_TOKEN if registration.kind is _TOKEN else _BY_FID
        return head + orjson.dumps(registration.value) + self._tail

    @property
    def byte_count(self) -> int:
        """How much of PAYLOAD_BYTES_AT_MOST it takes."""
        return len(self._rest)

    @property
    def message(self) -> dict[str, Any]:
        """The message without its registration."""
        fields: dict[str, Any] = orjson.loads(self._rest)
        return fields


def _fitting(
    notice: Notice, text: Text, language: str, platform: Platform, now: datetime
) -> tuple[Text, bytes]:
    """Return the text, its body cut as far as the bound demands, and the message that holds it."""

    def encoded(text: Text) -> bytes:
        return _encoded(notice, text, language, platform, now)

    if len(message := encoded(text)) <= PAYLOAD_BYTES_AT_MOST:
        return text, message
    title = shortened(text.title, TITLE_BYTES_WHEN_CUT)
    # The whole body may fit beside the title that was cut.
    fitting, too_many = 0, len(text.body.encode()) + 1
    # JSON may write a character in one byte or in six: only trying tells what fits.
    while too_many - fitting > 1:
        tried = (fitting + too_many) // 2
        if len(encoded(Text(title, shortened(text.body, tried)))) <= PAYLOAD_BYTES_AT_MOST:
            fitting = tried
        else:
            too_many = tried
    cut = Text(title, shortened(text.body, fitting))
    return cut, encoded(cut)


def _encoded(notice: Notice, text: Text, language: str, platform: Platform, now: datetime) -> bytes:
    parts: dict[str, Any] = {}
    if platform is Platform.ANDROID:
        parts["android"] = _android(notice, now)
    elif platform is Platform.IOS:
        parts["apns"] = _apns(notice)
    else:
        parts["webpush"] = _webpush(notice, language, now)
    message = messaging.Message(
        data={**notice.data, "noticeId": notice.id},
        notification=messaging.Notification(title=text.title, body=text.body),
        fid=_PLACEHOLDER,
        **parts,
    )
    fields = json.loads(str(message))
    del fields["fid"]
    return orjson.dumps(fields)


def _android(notice: Notice, now: datetime) -> messaging.AndroidConfig:
    return messaging.AndroidConfig(
        collapse_key=notice.thread,
        priority="high",
        ttl=_time_to_live(notice, now),
        notification=messaging.AndroidNotification(
            tag=notice.thread,
            channel_id=QUIET_CHANNEL if notice.is_quiet else f"warnings_{notice.priority}",
            visibility="public",
        ),
    )


def _apns(notice: Notice) -> messaging.APNSConfig:
    level = "time-sensitive" if notice.priority in _URGENT else "active"
    if notice.is_quiet:
        level = "passive"
    return messaging.APNSConfig(
        headers={
            "apns-priority": "10",
            "apns-expiration": str(int(notice.expires_at.timestamp())),
            "apns-collapse-id": _collapse_id(notice.thread),
        },
        payload=messaging.APNSPayload(
            messaging.Aps(
                thread_id=notice.thread,
                sound=None if notice.is_quiet else "default",
                custom_data={"interruption-level": level},
            )
        ),
    )


def _webpush(notice: Notice, language: str, now: datetime) -> messaging.WebpushConfig:
    return messaging.WebpushConfig(
        headers={
            "TTL": str(int(_time_to_live(notice, now).total_seconds())),
            "Urgency": "high" if notice.priority in _URGENT else "normal",
            # RFC 8030, 5.4: at most 32 characters of the URL-safe base 64 alphabet.
            "Topic": derived_id("webpush topic", notice.thread),
        },
        notification=messaging.WebpushNotification(
            tag=notice.thread,
            renotify=not notice.is_quiet,
            silent=notice.is_quiet or None,
            language=language,
        ),
    )


def _time_to_live(notice: Notice, now: datetime) -> timedelta:
    remaining = timedelta(seconds=int((notice.expires_at - now).total_seconds()))
    return min(max(remaining, timedelta()), _TTL_AT_MOST)


def _collapse_id(thread: str) -> str:
    if len(thread.encode()) <= _APNS_COLLAPSE_ID_BYTES_AT_MOST:
        return thread
    return derived_id("apns collapse id", thread)
