"""Access tokens of systems: five minutes, for the scopes that were asked for and registered.

With every request the system is looked up, so what was revoked is ended at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from api.health.fhir.errors import ScopeMissing, TokenMissing
from api.health.fhir.exchange import Pairs
from api.health.fhir.systems.assertions import ClientAssertions
from api.health.fhir.systems.errors import InvalidScope, InvalidTokenRequest, UnsupportedGrant
from api.health.fhir.systems.repository import HealthSystem, SystemRepository
from api.health.fhir.systems.scopes import (
    Permission,
    Scopes,
    narrowed,
    scope_text,
    scopes_of,
    text_of,
)
from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.signing_keys import SigningKeys

LIFETIME = timedelta(minutes=5)
PURPOSE = "FHIR access tokens"
ALGORITHM = "EdDSA"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CHARACTERS_AT_MOST = 2_048
_REQUIRED = ("exp", "iat", "iss", "aud", "sub", "jti", "scope")
_ASKED = ("grant_type", "scope", "client_assertion_type", "client_assertion")
_SCOPES_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class SystemCaller:
    """A system that showed a token. `scopes`: those of the token that are still registered."""

    system: HealthSystem
    scopes: Scopes

    @property
    def facility_id(self) -> str:
        return self.system.facility_id

    def require(self, kind: str, permission: Permission) -> None:
        """Raise ScopeMissing."""
        if permission not in self.scopes.get(kind, frozenset()):
            raise ScopeMissing(scope=scope_text(kind, [permission]))


@dataclass(frozen=True, slots=True, repr=False)
class IssuedToken:
    token: str
    seconds: int
    scope: str


class SystemAccess:
    """`base`: the address of the door, which issues and takes the tokens."""

    def __init__(
        self,
        keys: SigningKeys,
        assertions: ClientAssertions,
        systems: SystemRepository,
        base: str,
        clock: Clock,
    ) -> None:
        self._keys = keys
        self._assertions = assertions
        self._systems = systems
        self._base = base
        self._clock = clock

    async def issue(self, form: Pairs) -> IssuedToken:
        """Return a token for what a form asks. Raises TokenRefused."""
        asked = _asked(form)
        if asked["grant_type"] != "client_credentials":
            raise UnsupportedGrant
        if asked["client_assertion_type"] != JWT_BEARER:
            raise InvalidTokenRequest
        system = await self._assertions.system_of(asked["client_assertion"])
        scopes = scopes_of(asked["scope"].split(" ")[:_SCOPES_AT_MOST])
        granted = narrowed(scopes, scopes_of(system.scopes.split(" ")))
        if not granted:
            raise InvalidScope
        scope = text_of(granted)
        return IssuedToken(
            await self._signed(system.id, scope), int(LIFETIME.total_seconds()), scope
        )

    async def caller(self, token: str | None) -> SystemCaller | None:
        """Return who shows a token, None without one. Raises TokenMissing for one that is not good."""
        if token is None:
            return None
        try:
            claims = await self._claims(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            claims = None
        system = await self._systems.get(str(claims["sub"])) if claims else None
        if claims is None or system is None or system.revoked_at is not None:
            raise TokenMissing(address=f"{self._base}/.well-known/smart-configuration")
        scopes = narrowed(
            scopes_of(str(claims["scope"]).split(" ")), scopes_of(system.scopes.split(" "))
        )
        return SystemCaller(system, scopes)

    async def _signed(self, system_id: str, scope: str) -> str:
        key_id, private = await self._keys.to_sign()
        issued_at = int(self._clock().timestamp())
        claims = {
            "iss": self._base,
            "aud": self._base,
            "sub": system_id,
            "scope": scope,
            "jti": new_id(),
            "iat": issued_at,
            "exp": issued_at + int(LIFETIME.total_seconds()),
        }
        headers = {"kid": key_id, "typ": TOKEN_TYPE}
        return jwt.encode(claims, private, algorithm=ALGORITHM, headers=headers)

    async def _claims(self, token: str) -> dict[str, Any] | None:
        if len(token) > _CHARACTERS_AT_MOST or not token.isascii():
            return None
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
            audience=self._base,
            issuer=self._base,
            # Time is a parameter here, so the end is compared below and not by the library.
            options={"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False},
        )
        expires = claims["exp"]
        is_current = type(expires) is int and self._clock().timestamp() < expires
        return claims if is_current else None


def _asked(form: Pairs) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in _ASKED:
        given: Sequence[str] = [value for key, value in form if key == name]
        if len(given) != 1 or not given[0]:
            raise InvalidTokenRequest
        values[name] = given[0]
    return values
