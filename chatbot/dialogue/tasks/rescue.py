"""The SOS by chat: the same call as the app's button, raised in the person's name."""

from __future__ import annotations

import hashlib

from dialogue.province import Asked
from dialogue.saying import Say

SUICIDE, OTHER = "SUICIDE", "OTHER"
KINDS = {
    "suicide": SUICIDE,
    "fire": "FIRE",
    "rescue": "LOST",
    "trapped": "TRAPPED",
    "medical": "MEDICAL",
    "police": "VIOLENCE",
}
"""What the dialogue remembers of a kind, in the order in which one of several is taken: the SOS's kinds, and SUICIDE."""
_CERTAIN = "_certain"
_SIGNS, _SIGNS_OF_A_CODE = "234679ACDEFGHJKMNPRTWXY", 10
_ACCURACY_METRES = 100.0
"""A chat does not tell how exact a position is: so much is said, for a search begins with a circle."""


async def raise_sos(asked: Asked) -> Say:
    """Raise an SOS at the phone's position. Raises Refused, ProvinceUnreachable, SignInNeeded."""
    key = asked.state.sos_key or ""
    raised = await asked.do(
        "safety/RaiseSos",
        code=_code(key),
        kind="MEDICAL" if asked.state.sos_kind == SUICIDE else asked.state.sos_kind or OTHER,
        point={
            "position": asked.turn.position,
            "accuracy": _ACCURACY_METRES,
            "capturedAt": asked.turn.now.isoformat(),
        },
        idempotencyKey=f"chat-sos-{key}",
    )
    return Say("utter_sos_sent", {"code": raised["sos"]["code"]})


def kind_of(asked: Asked) -> str:
    """Return the kind of the emergency: what was told of it before stands, unless certain words tell another."""
    values, before = asked.turn.values("emergency"), asked.state.sos_kind
    certain = [value for value in values if value.endswith(_CERTAIN)]
    known = before if asked.state.emergency is not None and before != OTHER else None
    return _first(certain) or known or _first(values) or OTHER


def _first(values: list[str]) -> str | None:
    told = {value.removesuffix(_CERTAIN) for value in values}
    return next((kind for word, kind in KINDS.items() if word in told), None)


def _code(key: str) -> str:
    """Return the ten signs that the desk and the person name the call by (docs/safety.md)."""
    digest = hashlib.sha256(key.encode()).digest()
    return "".join(_SIGNS[byte % len(_SIGNS)] for byte in digest[:_SIGNS_OF_A_CODE])
