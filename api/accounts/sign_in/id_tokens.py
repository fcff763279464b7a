"""ID tokens: a provider's signed word on who signed in (OpenID Connect Core 1.0, section 3.1.3.7).

joserfc checks the signature, authlib the claims; what both leave to their callers is refused here.
Claims such as a telephone number or an e-mail address are not looked at: a provider need not have
proved them, and they would open the account of whoever has that address with us.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from pydantic import TypeAdapter
from typing_extensions import override

from api.accounts.sign_in.provider_keys import ALGORITHMS, ProviderKeys

_CLOCKS_APART_SECONDS = 60
_CHARACTERS_AT_MOST = 16_384
_SUBJECT_CHARACTERS_AT_MOST = 255  # OpenID Connect Core 1.0, section 2


class IdTokenRefused(Exception):
    """It proves nothing. The message names the reason, and nothing of the person."""


class UnknownKey(IdTokenRefused):
    """No known key has its id: the provider may have a new one."""


class _OnlyOurAlgorithms(jws.JWSRegistry):
    """joserfc's list would let HS256 through, and warns of EdDSA, a name that RFC 9864 outdates."""

    @override
    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


_OBJECT = TypeAdapter(dict[str, Any])
_REGISTRY = _OnlyOurAlgorithms(strict_check_header=False)


@dataclass(frozen=True, slots=True, repr=False)
class ExpectedToken:
    """What a good one says, and the access token that came with it."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str


def subject_of(token: str, keys: ProviderKeys, expected: ExpectedToken, now: datetime) -> str:
    """Return the provider's id of the person. Raises IdTokenRefused, and UnknownKey."""
    try:
        signed = _extracted(token)
        _check_signature(signed, keys)
        claims = _OBJECT.validate_python(json.loads(signed.payload), strict=True)
        _check_claims(claims, signed.headers(), expected, now)
    # Signed or not, it was written by somebody else: whatever it makes a parser say, it is refused.
    except (JoseError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise IdTokenRefused(type(error).__name__) from error
    return _subject(claims)


def _extracted(token: str) -> jws.CompactSignature:
    if len(token) > _CHARACTERS_AT_MOST or not token.isascii():
        raise IdTokenRefused("size")
    signed = jws.extract_compact(token.encode(), registry=_REGISTRY)
    header = _OBJECT.validate_python(signed.headers(), strict=True)
    # Nothing critical is understood here, a payload that is not encoded (RFC 7797) included.
    if "crit" in header or "b64" in header:
        raise IdTokenRefused("header")
    return signed


def _check_signature(signed: jws.CompactSignature, keys: ProviderKeys) -> None:
    header = signed.headers()
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise IdTokenRefused("alg")
    if key_id is not None and not isinstance(key_id, str):
        raise IdTokenRefused("kid")
    key = keys.find(key_id, algorithm)
    if key is None:
        raise UnknownKey("kid")
    if not jws.validate_compact(signed, key, registry=_REGISTRY):
        raise IdTokenRefused("signature")


def _check_claims(
    claims: dict[str, Any], header: dict[str, Any], expected: ExpectedToken, now: datetime
) -> None:
    # authlib passes over an empty at_hash or azp as if it were absent.
    for name in ("at_hash", "azp", "nonce"):
        if name in claims and not (isinstance(claims[name], str) and claims[name]):
            raise IdTokenRefused(name)
    CodeIDToken(
        claims,
        header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
        },
        params={
            "client_id": expected.client_id,
            "nonce": expected.nonce,
            "access_token": expected.access_token,
        },
    ).validate(int(now.timestamp()), _CLOCKS_APART_SECONDS)


def _subject(claims: dict[str, Any]) -> str:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_CHARACTERS_AT_MOST:
        raise IdTokenRefused("sub")
    if not (subject.isascii() and subject.isprintable()):
        raise IdTokenRefused("sub")
    return subject
