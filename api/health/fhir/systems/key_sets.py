"""The public keys with which a system proves itself: RS384 and ES384, as SMART Backend Services asks."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from api.health.fhir.systems.errors import InvalidKeySet
from api.kit.json_values import is_list, is_object

PublicKey = RSAPublicKey | EllipticCurvePublicKey
ALGORITHMS: Final = {"RSA": "RS384", "EC": "ES384"}
"""By `kty`."""
KEYS_AT_MOST = 5
_CHARACTERS_AT_MOST = 32_768
_BITS = range(2048, 8193)
_KID = re.compile(r"[!-~]{1,128}")
_PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y")}
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def key_set_of(text: str) -> Mapping[str, Mapping[str, str]]:
    """Return the public keys of a JSON Web Key Set by kid, reduced to what verifies. Raises InvalidKeySet."""
    try:
        members: Any = json.loads(text) if len(text) <= _CHARACTERS_AT_MOST else None
    except (ValueError, RecursionError) as error:
        raise InvalidKeySet(most=KEYS_AT_MOST) from error
    keys: Any = members.get("keys") if is_object(members) else None
    if not is_list(keys) or not 0 < len(keys) <= KEYS_AT_MOST:
        raise InvalidKeySet(most=KEYS_AT_MOST)
    found = [_reduced(key) for key in keys]
    by_kid = {key["kid"]: key for key in found}
    if len(by_kid) != len(found):
        raise InvalidKeySet(most=KEYS_AT_MOST)
    return by_kid


def public_key_of(key: Mapping[str, str]) -> PublicKey:
    """Return the key. Raises InvalidKeySet."""
    try:
        public = jwt.PyJWK.from_dict(dict(key), algorithm=ALGORITHMS[key["kty"]]).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise InvalidKeySet(most=KEYS_AT_MOST) from error
    if isinstance(public, RSAPublicKey) and public.key_size in _BITS:
        return public
    if isinstance(public, EllipticCurvePublicKey) and public.curve.name == "secp384r1":
        return public
    raise InvalidKeySet(most=KEYS_AT_MOST)


def _reduced(key: Any) -> dict[str, str]:  # noqa: ANN401 - any JSON value
    kind = key.get("kty") if is_object(key) else None
    # Whoever hands over a private key has to make a new one: it is not a secret any more.
    if (
        not is_object(key)
        or not isinstance(kind, str)
        or kind not in _PUBLIC
        or _PRIVATE & set(key)
    ):
        raise InvalidKeySet(most=KEYS_AT_MOST)
    is_for_this = key.get("alg") in (None, ALGORITHMS[kind]) and key.get("use") in (None, "sig")
    members = {name: key.get(name) for name in ("kty", "kid", *_PUBLIC[kind])}
    if not is_for_this or not all(isinstance(value, str) for value in members.values()):
        raise InvalidKeySet(most=KEYS_AT_MOST)
    reduced = {name: str(value) for name, value in members.items()}
    if not _KID.fullmatch(reduced["kid"]):
        raise InvalidKeySet(most=KEYS_AT_MOST)
    public_key_of(reduced)
    return reduced
