"""Access tokens of systems: five minutes, for the scopes that were asked for and registered.

With every request the system is looked up, so what was revoked is ended at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

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
from api.kit.bearer_tokens import BearerTokens
from api.kit.clock import Clock
from api.kit.signing_keys import SigningKeys

LIFETIME = timedelta(minutes=5)
PURPOSE = "FHIR access tokens"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CHARACTERS_AT_MOST = 2_048
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
        self._tokens = BearerTokens(keys, base, base, ("scope",), _CHARACTERS_AT_MOST, clock)
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
        token, _ = await self._tokens.issue(system.id, LIFETIME, {"scope": scope})
        return IssuedToken(token, int(LIFETIME.total_seconds()), scope)

    async def caller(self, token: str | None) -> SystemCaller | None:
        """Return who shows a token, None without one. Raises TokenMissing for one that is not good."""
        if token is None:
            return None
        claims = await self._claims(token)
        system = await self._systems.get(str(claims["sub"])) if claims else None
        if claims is None or system is None or system.revoked_at is not None:
            raise TokenMissing(address=f"{self._base}/.well-known/smart-configuration")
        scopes = narrowed(
            scopes_of(str(claims["scope"]).split(" ")), scopes_of(system.scopes.split(" "))
        )
        return SystemCaller(system, scopes)

    async def _claims(self, token: str) -> dict[str, Any] | None:
        """Return what a token of ours says while it holds, else None."""
        claims = await self._tokens.claims(token)
        expires = claims["exp"] if claims else None
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
