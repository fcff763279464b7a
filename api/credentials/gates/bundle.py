"""What a gate has without a network: a signed bundle of keys and rules, and the status lists beside it.

The bundle is a JWT (EdDSA). It holds the gate keys of its audience, so it is for enrolled gates only,
over TLS. Pure: no store and no network.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from api.credentials.gates.records import OldListPolicy, OldListRule
from api.credentials.status.status_list import SignedList, read_list
from api.kit import base64url
from api.kit.json_values import is_object

ALGORITHM = "EdDSA"
BUNDLE_TYPE = "gate-bundle+jwt"


@dataclass(frozen=True, slots=True, repr=False)
class GateKey:
    """The key of an epoch. `accepted_until`: None while no newer one is there."""

    epoch: int
    key: bytes
    accepted_until: datetime | None = None

    def is_accepted(self, moment: datetime) -> bool:
        return self.accepted_until is None or moment < self.accepted_until


@dataclass(frozen=True, slots=True, repr=False)
class GateBundle:
    """Of one gate, and of now; after `expires_at` it has to be fetched anew.

    `audience_tag`: whose cards the gate reads; `jwks`: the keys that sign cards and lists (RFC 7517);
    `list_uris`: of its status lists, in the order of their numbers.
    """

    gate_id: str
    audience_tag: str
    jwks: Sequence[Mapping[str, str]]
    gate_keys: tuple[GateKey, ...]
    list_uris: tuple[str, ...]
    policy: OldListPolicy
    made_at: datetime
    expires_at: datetime

    def public_keys(self) -> dict[str, Ed25519PublicKey]:
        """Return the keys by their ids. Raises ValueError for what is none."""
        return {str(jwk["kid"]): _public(jwk) for jwk in self.jwks}


@dataclass(frozen=True, slots=True, repr=False)
class SignedBundle:
    """As a gate gets it: the JWT, and its status lists by their addresses, as JWTs."""

    bundle: GateBundle
    token: str
    lists: Mapping[str, str]


def sign_bundle(bundle: GateBundle, key_id: str, key: Ed25519PrivateKey) -> str:
    claims: dict[str, Any] = {
        "sub": bundle.gate_id,
        "aud": bundle.audience_tag,
        "iat": int(bundle.made_at.timestamp()),
        "exp": int(bundle.expires_at.timestamp()),
        "jwks": [dict(jwk) for jwk in bundle.jwks],
        "gate_keys": [_gate_key_claims(one) for one in bundle.gate_keys],
        "lists": list(bundle.list_uris),
        "list_max_age": int(bundle.policy.max_age.total_seconds()),
        "old_list": bundle.policy.rule.value,
    }
    headers = {"kid": key_id, "typ": BUNDLE_TYPE}
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)


def read_bundle(token: str, trusted: Mapping[str, Ed25519PublicKey] | None = None) -> GateBundle:
    """Return the bundle. Raises ValueError unless it is signed.

    `trusted`: the keys of the bundle before. Without one, the first bundle is believed for the TLS
    connection it came over, and its own keys must have signed it.
    """
    try:
        header: object = jwt.get_unverified_header(token)
        if not is_object(header) or header.get("typ") != BUNDLE_TYPE:
            raise ValueError("not a bundle of a gate")
        claimed = jwt.decode(token, options={"verify_signature": False})
        keys = trusted or _bundle(claimed).public_keys()
        key = keys.get(str(header.get("kid")))
        if key is None:
            raise ValueError("the bundle is signed by a key that is not known")
        return _bundle(jwt.decode(token, key, algorithms=[ALGORITHM], options=_ONLY_SIGNATURE))
    except (jwt.InvalidTokenError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError("not a bundle of a gate") from error


def read_bundle_file(text: str) -> tuple[GateBundle, list[SignedList]]:
    """Return what a file holds: the JSON of `gateBundle`, as the contract has it. Raises ValueError."""
    try:
        members = json.loads(text)
        bundle = read_bundle(members["token"])
        keys = bundle.public_keys()
        lists = [read_list(one["token"], keys) for one in members["statusLists"]]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not the file of a bundle") from error
    return bundle, lists


_ONLY_SIGNATURE: Any = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
}


def _bundle(claims: Mapping[str, Any]) -> GateBundle:
    policy = OldListPolicy(
        timedelta(seconds=claims["list_max_age"]), OldListRule(claims["old_list"])
    )
    return GateBundle(
        gate_id=claims["sub"],
        audience_tag=claims["aud"],
        jwks=claims["jwks"],
        gate_keys=tuple(map(_gate_key, claims["gate_keys"])),
        list_uris=tuple(claims["lists"]),
        policy=policy,
        made_at=datetime.fromtimestamp(claims["iat"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )


def _gate_key_claims(gate_key: GateKey) -> dict[str, Any]:
    until = gate_key.accepted_until
    return {
        "epoch": gate_key.epoch,
        "key": base64.b64encode(gate_key.key).decode(),
        "until": int(until.timestamp()) if until else None,
    }


def _gate_key(claims: Mapping[str, Any]) -> GateKey:
    until = claims["until"]
    key = base64.b64decode(claims["key"], validate=True)
    return GateKey(claims["epoch"], key, datetime.fromtimestamp(until, UTC) if until else None)


def _public(jwk: Mapping[str, str]) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64url.decoded(jwk["x"]))
    except (KeyError, binascii.Error) as error:
        raise ValueError("not a key of Ed25519") from error
