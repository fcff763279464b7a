"""What a reply of FCM HTTP v1 means for the message (Firebase: "ErrorCode", REST reference v1)."""

from datetime import datetime
from typing import Any

import orjson

from notifications.senders import Answer, Verdict
from notifications.senders.http2_requests import Reply
from notifications.senders.retry_after import retry_after

ACCEPTED = Answer(Verdict.ACCEPTED)

_REFUSALS = frozenset({"INVALID_ARGUMENT", "SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR"})
"""FCM's codes about the message or its registration: the same request will be answered the same."""

_TOO_LARGE = 413
_ERROR_TYPE = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


def answer_to(reply: Reply, now: datetime) -> Answer:
    """Judge a reply. What FCM itself does not call final is tried again, whatever its status.

    A bare 404, 408 or 421 tells of an address, a project or a front end that somebody will mend. A
    device is retired by UNREGISTERED only: SENDER_ID_MISMATCH is also what every device would get
    from us with the service account of another project.
    """
    if reply.status == 200:
        return ACCEPTED
    code, rpc_status = _codes(reply.body)
    if code == "UNREGISTERED":
        return Answer(Verdict.UNREGISTERED, code)
    reason = code or rpc_status or f"HTTP_{reply.status}"
    is_invalid = reply.status == 400 and rpc_status == "INVALID_ARGUMENT"
    if code in _REFUSALS or is_invalid or reply.status == _TOO_LARGE:
        return Answer(Verdict.REFUSED, reason)
    return Answer(Verdict.TRY_LATER, reason, retry_after(reply.retry_after, now) or None)


def _codes(body: bytes) -> tuple[str | None, str | None]:
    """Return FCM's own code and the one of every Google API (google.rpc.Status), where there are any."""
    try:
        error: dict[str, Any] = orjson.loads(body)["error"]
        rpc_status = error.get("status")
        details: list[dict[str, Any]] = error.get("details", [])
        codes = [it.get("errorCode") for it in details if it.get("@type") == _ERROR_TYPE]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, None
    return next((str(code) for code in codes if code), None), str(rpc_status or "") or None
