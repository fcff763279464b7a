"""Refresh tokens: functions of a session and a generation, so that the same child can be given twice.

A token is `session.generation.proof`. The proof is a keyed digest over a seed that only the session's
document holds: neither the store without our keys nor the keys without the store make one.
"""

import hmac
import re
from dataclasses import dataclass

from api.kit.sealing import Sealer

_TOKEN = re.compile(r"([a-z2-7]{26})\.(0|[1-9][0-9]{0,8})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, repr=False)
class PresentedToken:
    """A token by its shape. Nothing is proved yet."""

    session_id: str
    generation: int
    proof: str

    @classmethod
    def of(cls, token: str) -> "PresentedToken | None":
        found = _TOKEN.fullmatch(token)
        return cls(found[1], int(found[2]), found[3]) if found else None


class RefreshTokens:
    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def token(self, session_id: str, seed: str, generation: int) -> str:
        return f"{session_id}.{generation}.{self._proof(session_id, seed, generation)}"

    def is_genuine(self, presented: PresentedToken, seed: str) -> bool:
        expected = self._proof(presented.session_id, seed, presented.generation)
        return hmac.compare_digest(presented.proof, expected)

    def _proof(self, session_id: str, seed: str, generation: int) -> str:
        return self._sealer.digest("refresh token", session_id, seed, str(generation))
