"""What a reply of FCM HTTP v1 means for the message (Firebase: "ErrorCode", REST reference v1)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from notifications.senders import Answer, Verdict

ACCEPTED = Answer(Verdict.ACCEPTED)
RETRY_AFTER_AT_MOST = timedelta(minutes=5)

_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_ERROR_TYPE = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


def answer_to(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """Judge a reply. A device is retired by FCM's own error code only, never by a bare 404."""
    if status == 200:
        return ACCEPTED
    code = _error_code(body)
    if code == "UNREGISTERED":
        return Answer(Verdict.UNREGISTERED, code)
    reason = code or f"HTTP_{status}"
    if status in _TRANSIENT:
        return Answer(Verdict.TRY_LATER, reason, _retry_after(headers.get("Retry-After"), now))
    if is_about_our_credentials(status, code):
        return Answer(Verdict.TRY_LATER, reason)
    return Answer(Verdict.REFUSED, reason)


def is_about_our_credentials(status: int, code: str | None) -> bool:
    """Tell whether the project's own access is refused: wrong until somebody mends it, then right."""
    about_the_message = {"SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR"}
    return status in {401, 403} and code not in about_the_message


def _error_code(body: bytes) -> str | None:
    try:
        details: list[Any] = orjson.loads(body)["error"]["details"]
        codes = [detail["errorCode"] for detail in details if detail["@type"] == _ERROR_TYPE]
    except (ValueError, KeyError, TypeError):
        return None
    return str(codes[0]) if codes else None


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read seconds or an HTTP date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    try:
        if value.strip().isdigit():
            wait = timedelta(seconds=int(value))
        else:
            moment = parsedate_to_datetime(value)
            wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta()), RETRY_AFTER_AT_MOST)
