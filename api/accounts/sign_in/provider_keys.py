"""The keys that a sign-in provider publishes (RFC 7517), as far as we trust their kind."""

from dataclasses import dataclass
from typing import Annotated, Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.kit import base64url

ALGORITHMS = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""What may sign an ID token, with the type of its keys. None of them takes a shared secret."""
RSA_BITS = range(2_048, 4_097)
_KEYS_AT_MOST = 100
_CHARACTERS_AT_MOST = 700  # of a member: 4,096 bits in base64url
_PUBLIC_MEMBERS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")

PublicKey = RSAKey | ECKey | OKPKey


class _KeySet(BaseModel):
    model_config = ConfigDict(strict=True)

    keys: Annotated[list[dict[str, Any]], Field(max_length=_KEYS_AT_MOST)]


class NoKeys(ValueError):
    """It is not a key set, or none of its keys is of a kind that we trust."""


@dataclass(frozen=True, slots=True, repr=False)
class ProviderKeys:
    """Usable keys only."""

    keys: tuple[PublicKey, ...]

    @classmethod
    def of(cls, body: bytes) -> "ProviderKeys":
        """Read a key set; keys of other kinds are left out. Raises NoKeys."""
        try:
            found = _KeySet.model_validate_json(body).keys
        except ValidationError as error:
            raise NoKeys from error
        keys = tuple(key for key in map(_usable, found) if key is not None)
        if not keys:
            raise NoKeys
        return cls(keys)

    def find(self, key_id: str | None, algorithm: str) -> PublicKey | None:
        """Return the key of this id; without an id the only key for the algorithm, if it is one."""
        kind = ALGORITHMS[algorithm]
        fitting = [key for key in self.keys if key.key_type == kind]
        if key_id is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.kid == key_id), None)


def _usable(published: dict[str, Any]) -> PublicKey | None:
    """Return the key, or None for one that we do not use."""
    members = {name: published[name] for name in _PUBLIC_MEMBERS if name in published}
    if not all(isinstance(value, str) for value in members.values()):
        return None
    if any(len(value) > _CHARACTERS_AT_MOST for value in members.values()):
        return None
    if members.get("use", "sig") != "sig":
        return None
    try:
        return _imported(members)
    except (JoseError, ValueError, TypeError):
        return None


def _imported(members: dict[str, Any]) -> PublicKey | None:
    match members.get("kty"), members.get("crv"), members.get("alg"):
        case "RSA", _, None | "RS256" if _bits(members.get("n", "")) in RSA_BITS:
            return RSAKey.import_key(members)
        case "EC", "P-256", None | "ES256":
            return ECKey.import_key(members)
        case "OKP", "Ed25519", None | "EdDSA":
            return OKPKey.import_key(members)
        case _:
            return None


def _bits(number: str) -> int:
    return int.from_bytes(base64url.decoded(number)).bit_length()
