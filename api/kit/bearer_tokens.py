"""Access tokens that we sign for ourselves: JWTs (RFC 7519) under EdDSA, in the profile of RFC 9068."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import jwt

from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.signing_keys import SigningKeys

ALGORITHM: Final = "EdDSA"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - a media type
_ALWAYS = ("exp", "iat", "iss", "aud", "sub", "jti")


class BearerTokens:
    """`further`: the claims that each token has besides; `characters_at_most`: longer ones are nobody's."""

    def __init__(
        self,
        keys: SigningKeys,
        issuer: str,
        audience: str,
        further: tuple[str, ...],
        characters_at_most: int,
        clock: Clock,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._required = [*_ALWAYS, *further]
        self._characters_at_most = characters_at_most
        self._clock = clock

    async def issue(
        self, subject: str, lifetime: timedelta, further: Mapping[str, str]
    ) -> tuple[str, int]:
        """Return a new token, and when it ends: seconds since 1970."""
        key_id, private = await self._keys.to_sign()
        issued_at = int(self._clock().timestamp())
        expires_at = issued_at + int(lifetime.total_seconds())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            **further,
            "jti": new_id(),
            "iat": issued_at,
            "exp": expires_at,
        }
        headers = {"kid": key_id, "typ": TOKEN_TYPE}
        return jwt.encode(claims, private, algorithm=ALGORITHM, headers=headers), expires_at

    async def claims(self, token: str) -> dict[str, Any] | None:
        """Return what a token of ours says, None for every other. Its times are the caller's to compare."""
        if len(token) > self._characters_at_most or not token.isascii():
            return None
        try:
            return await self._verified(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            return None

    async def _verified(self, token: str) -> dict[str, Any] | None:
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
            audience=self._audience,
            issuer=self._issuer,
            # Time is a parameter here, so moments are compared by the caller and not by the library.
            options={"require": self._required, "verify_exp": False, "verify_iat": False},
        )
        return claims
