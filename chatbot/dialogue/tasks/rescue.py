"""The SOS by chat: the same call as the app's button, raised in the person's name."""

from __future__ import annotations

import hashlib

from dialogue.emergency_kinds import sos_of
from dialogue.province import Asked
from dialogue.saying import Say

_SIGNS, _SIGNS_OF_A_CODE = "234679ACDEFGHJKMNPRTWXY", 10
_ACCURACY_METRES = 100.0
"""A chat does not tell how exact a position is: so much is said, for a search begins with a circle."""


async def raise_sos(asked: Asked) -> Say:
    """Raise an SOS at the phone's position. Raises Refused, ProvinceUnreachable, SignInNeeded."""
    key = asked.state.sos_key or ""
    raised = await asked.do(
        "safety/RaiseSos",
        code=_code(key),
        kind=sos_of(asked.state.sos_kind),
        point={
            "position": asked.turn.position,
            "accuracy": _ACCURACY_METRES,
            "capturedAt": asked.turn.now.isoformat(),
        },
        idempotencyKey=f"chat-sos-{key}",
    )
    return Say("utter_sos_sent", {"code": raised["sos"]["code"]})


def _code(key: str) -> str:
    """Return the ten signs that the desk and the person name the call by (docs/safety.md)."""
    digest = hashlib.sha256(key.encode()).digest()
    return "".join(_SIGNS[byte % len(_SIGNS)] for byte in digest[:_SIGNS_OF_A_CODE])
