"""Client assertions (RFC 7523): a system's signed word that it asks, good once and for five minutes.

Whatever is wrong, the answer is the same; the log says why, and nothing of the assertion.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import structlog

from api.health.fhir.systems.errors import InvalidClient
from api.health.fhir.systems.key_sets import ALGORITHMS, public_key_of
from api.health.fhir.systems.repository import HealthSystem, SystemRepository
from api.kit.clock import Clock

LIFETIME_AT_MOST = timedelta(minutes=5)
CLOCKS_APART = timedelta(seconds=30)
_CHARACTERS_AT_MOST = 8_192
_ID_CHARACTERS_AT_MOST = 256
_REQUIRED = ("iss", "sub", "aud", "exp", "jti")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Claims:
    client_id: str
    id: str
    expires_at: datetime


class ClientAssertions:
    """`audience`: the address of the token endpoint."""

    def __init__(self, systems: SystemRepository, audience: str, clock: Clock) -> None:
        self._systems = systems
        self._audience = audience
        self._clock = clock

    async def system_of(self, assertion: str) -> HealthSystem:
        """Return the system that sent it, and spend it. Raises InvalidClient."""
        try:
            system, claims = await self._verified(assertion)
        # Signed or not, somebody else wrote it: whatever it makes a parser say, it is refused.
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise _refused(type(error).__name__) from error
        kept_until = claims.expires_at + CLOCKS_APART
        if not await self._systems.spend(system.id, claims.id, kept_until):
            raise _refused("used before")
        return system

    async def _verified(self, assertion: str) -> tuple[HealthSystem, _Claims]:
        if len(assertion) > _CHARACTERS_AT_MOST or not assertion.isascii():
            raise _refused("size")
        unproved: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        system = await self._systems.get(str(unproved.get("sub")))
        if system is None or system.revoked_at is not None:
            raise _refused("no such system")
        key = self._key(system, jwt.get_unverified_header(assertion))
        proved: dict[str, Any] = jwt.decode(
            assertion,
            public_key_of(key),
            algorithms=[ALGORITHMS[key["kty"]]],
            audience=self._audience,
            issuer=system.id,
            # Time is a parameter here, so moments are compared below and not by the library.
            options={
                "require": list(_REQUIRED),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        return system, self._claims(proved)

    def _key(self, system: HealthSystem, header: Mapping[str, Any]) -> Mapping[str, str]:
        key_id = header.get("kid")
        key = system.keys.get(key_id) if isinstance(key_id, str) else None
        if key is None or header.get("alg") != ALGORITHMS[key["kty"]]:
            raise _refused("kid or alg")
        return key

    def _claims(self, claims: Mapping[str, Any]) -> _Claims:
        expires, assertion_id, audience = claims["exp"], claims["jti"], claims["aud"]
        if type(expires) is not int or audience not in (self._audience, [self._audience]):
            raise _refused("exp or aud")
        if not isinstance(assertion_id, str) or not 0 < len(assertion_id) <= _ID_CHARACTERS_AT_MOST:
            raise _refused("jti")
        if not assertion_id.isprintable():  # half a character is none that a digest can be made of
            raise _refused("jti")
        # A number may be no moment that a calendar has: numbers are compared before it becomes one.
        now = self._clock()
        if expires <= (now - CLOCKS_APART).timestamp():
            raise _refused("expired")
        if expires > (now + LIFETIME_AT_MOST + CLOCKS_APART).timestamp():
            raise _refused("lives too long")
        not_before = claims.get("nbf", 0)
        if type(not_before) is not int or not_before > (now + CLOCKS_APART).timestamp():
            raise _refused("nbf")
        return _Claims(str(claims["sub"]), assertion_id, datetime.fromtimestamp(expires, UTC))


def _refused(reason: str) -> InvalidClient:
    log.warning("client assertion refused", reason=reason)
    return InvalidClient()
