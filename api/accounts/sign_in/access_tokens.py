"""Access tokens: short-lived JWTs (RFC 7519) signed with EdDSA, in the profile of RFC 9068.

Whatever is not exactly such a token of ours is nobody's: the reader says None, never why.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.signing_keys import SigningKeys

AUDIENCE = "laocai-api"
ALGORITHM = "EdDSA"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type
LIFETIME = timedelta(minutes=10)
_TOKEN_CHARACTERS_AT_MOST = 1_024
_CLOCKS_APART = timedelta(seconds=60)
_REQUIRED = ("exp", "iat", "iss", "aud", "sub", "jti", "sid")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a good token says: the person, and the session it is of."""

    person_id: str
    session_id: str
    expires_at: datetime


class AccessTokens:
    """`issuer`: the address under which phones reach us."""

    def __init__(self, keys: SigningKeys, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock

    async def issue(self, person_id: str, session_id: str) -> tuple[str, datetime]:
        """Return a new token and when it ends."""
        key_id, private = await self._keys.to_sign()
        issued_at = int(self._clock().timestamp())
        expires_at = issued_at + int(LIFETIME.total_seconds())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": person_id,
            "sid": session_id,
            "jti": new_id(),
            "iat": issued_at,
            "exp": expires_at,
        }
        headers = {"kid": key_id, "typ": TOKEN_TYPE}
        token = jwt.encode(claims, private, algorithm=ALGORITHM, headers=headers)
        return token, datetime.fromtimestamp(expires_at, UTC)

    async def read(self, token: str) -> AccessToken | None:
        """Return what a token of ours says while it holds, else None."""
        if len(token) > _TOKEN_CHARACTERS_AT_MOST or not token.isascii():
            return None
        try:
            claims = await self._claims(token)
        except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError):
            return None
        return self._token(claims) if claims else None

    async def _claims(self, token: str) -> dict[str, Any] | None:
        header = jwt.get_unverified_header(token)
        key_id = header.get("kid")
        if header.get("typ") != TOKEN_TYPE or not isinstance(key_id, str):
            return None
        public = await self._keys.to_verify(key_id)
        if public is None:
            return None
        claims: dict[str, Any] = jwt.decode(
            token,
            public,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=self._issuer,
            # Time is a parameter here, so moments are compared below and not by the library.
            options={"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False},
        )
        return claims

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
