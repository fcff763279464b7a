"""Access tokens of people: short-lived, of one session (api/kit/bearer_tokens.py).

Whatever is not exactly such a token of ours is nobody's: the reader says None, never why.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.kit.bearer_tokens import BearerTokens
from api.kit.clock import Clock
from api.kit.signing_keys import SigningKeys

AUDIENCE = "laocai-api"
LIFETIME = timedelta(minutes=10)
_TOKEN_CHARACTERS_AT_MOST = 1_024
_CLOCKS_APART = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a good token says: the person, and the session it is of."""

    person_id: str
    session_id: str
    expires_at: datetime


class AccessTokens:
    """`issuer`: the address under which phones reach us."""

    def __init__(self, keys: SigningKeys, issuer: str, clock: Clock) -> None:
        self._tokens = BearerTokens(
            keys, issuer, AUDIENCE, ("sid",), _TOKEN_CHARACTERS_AT_MOST, clock
        )
        self._clock = clock

    async def issue(self, person_id: str, session_id: str) -> tuple[str, datetime]:
        """Return a new token and when it ends."""
        token, expires_at = await self._tokens.issue(person_id, LIFETIME, {"sid": session_id})
        return token, datetime.fromtimestamp(expires_at, UTC)

    async def read(self, token: str) -> AccessToken | None:
        """Return what a token of ours says while it holds, else None."""
        claims = await self._tokens.claims(token)
        return self._token(claims) if claims else None

    def _token(self, claims: dict[str, Any]) -> AccessToken | None:
        expires, issued = claims["exp"], claims["iat"]
        person_id, session_id = claims["sub"], claims["sid"]
        if type(expires) is not int or type(issued) is not int or claims["aud"] != AUDIENCE:
            return None
        if not isinstance(person_id, str) or not isinstance(session_id, str):
            return None
        now = self._clock().timestamp()
        if not issued - _CLOCKS_APART.total_seconds() <= now < expires:
            return None
        return AccessToken(person_id, session_id, datetime.fromtimestamp(expires, UTC))
