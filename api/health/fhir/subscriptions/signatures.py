"""Signatures over what a subscription's endpoint is sent: HMAC-SHA256, with a timestamp.

The header reads `t=<seconds since 1970>,v1=<64 hexadecimal digits>`; v1 signs the text
`<t>.<subscription>.<event number>.` and the bytes of the body as they come.
"""

import hashlib
import hmac
from datetime import datetime

SIGNATURE = "x-laocai-signature"
SUBSCRIPTION = "x-laocai-subscription"
EVENT_NUMBER = "x-laocai-event-number"


def signature(secret: str, subscription_id: str, number: int, body: bytes, now: datetime) -> str:
    stamp = int(now.timestamp())
    signed = f"{stamp}.{subscription_id}.{number}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"
