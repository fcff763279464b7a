"""The code beneath a card: TOTP (RFC 6238) with HMAC-SHA-256, eight digits, a new one each 30 seconds.

The key of a credential derives from the gate key of its audience, so that a gate without a network
can check every card, though it has never heard of it. Pure: no store and no network.
"""

import hashlib
import hmac
from datetime import datetime

STEP_SECONDS = 30
DIGITS = 8
STEPS_APART = 1
"""How many steps the clocks of phone and gate may differ, either way."""
_DYNAMIC_TRUNCATION_MASK = 0x7FFFFFFF


def device_key(gate_key: bytes, credential_id: str, generation: int) -> bytes:
    """Return the 32 bytes that one generation of a credential makes its codes of."""
    message = f"{credential_id} {generation}".encode()
    return hmac.new(gate_key, message, hashlib.sha256).digest()


def step_at(moment: datetime) -> int:
    """Return the number of the step in which a moment lies, counted from 1970."""
    return int(moment.timestamp() // STEP_SECONDS)


def code_of(key: bytes, step: int) -> str:
    """Return the digits of a step."""
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha256).digest()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & _DYNAMIC_TRUNCATION_MASK
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_shown(key: bytes, code: str, moment: datetime) -> int | None:
    """Return the step near `moment` whose code this is, None for a wrong or an old one."""
    now = step_at(moment)
    near = (now, *(now + sign * apart for apart in range(1, STEPS_APART + 1) for sign in (-1, 1)))
    # All are compared, so that the time taken tells nothing.
    found = [step for step in near if step >= 0 and hmac.compare_digest(code_of(key, step), code)]
    return found[0] if found else None
