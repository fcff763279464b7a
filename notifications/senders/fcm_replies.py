"""What a reply of FCM HTTP v1 means for the message (Firebase: "ErrorCode", REST reference v1)."""

from datetime import timedelta
from typing import Any

import orjson

from notifications.senders import Answer, Verdict
from notifications.senders.http2_posts import Reply
from notifications.senders.retry_after import RETRY_AFTER_AT_MOST

ACCEPTED = Answer(Verdict.ACCEPTED)

_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_ERROR_TYPE = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


def answer_to(reply: Reply) -> Answer:
    """Judge a reply. A device is retired by FCM's own error code only, never by a bare 404."""
    status = reply.status
    if status == 200:
        return ACCEPTED
    code = _error_code(reply.body)
    if code == "UNREGISTERED":
        return Answer(Verdict.UNREGISTERED, code)
    reason = code or f"HTTP_{status}"
    if status in _TRANSIENT:
        return Answer(Verdict.TRY_LATER, reason, _retry_after(reply))
    if is_about_our_credentials(status, code):
        return Answer(Verdict.TRY_LATER, reason)
    return Answer(Verdict.REFUSED, reason)


def _retry_after(reply: Reply) -> timedelta | None:
    if reply.retry_after_seconds <= 0:
        return None
    return min(timedelta(seconds=reply.retry_after_seconds), RETRY_AFTER_AT_MOST)


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
