"""Signatures over what a subscription's endpoint is sent: stamped ones (api/kit/stamped_signatures.py).

What is signed is the text `<subscription>.<event number>.` and the bytes of the body as they come.
"""

from datetime import datetime

from api.kit.stamped_signatures import stamped

SIGNATURE = "x-laocai-signature"
SUBSCRIPTION = "x-laocai-subscription"
EVENT_NUMBER = "x-laocai-event-number"


def signature(secret: str, subscription_id: str, number: int, body: bytes, now: datetime) -> str:
    return stamped(secret, f"{subscription_id}.{number}.".encode() + body, now)
