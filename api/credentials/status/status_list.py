"""A Token Status List (draft-ietf-oauth-status-list-17): two bits for each card, zlib, in a signed JWT.

Beside the claims of the draft a list has `version`, which counts its changes; a delta says what
changed since a version. Pure: no store and no network.
"""

import binascii
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from api.kit import base64url
from api.kit.json_values import is_object

ALGORITHM = "EdDSA"
LIST_TYPE = "statuslist+jwt"
DELTA_TYPE = "statuslist-delta+jwt"
BITS = 2
CARDS_IN_A_LIST = 2**20
_BYTES_IN_A_LIST = CARDS_IN_A_LIST * BITS // 8
_A_BYTE_HOLDS = 8 // BITS
_MASK = 2**BITS - 1


class Status(IntEnum):
    """The values of section 7.1 of the draft. INVALID is for good."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of a list or a delta: what it is of, when it was made, and when whoever kept it has to ask again.

    `uri` names the list; `lives_for`: how long it may be used at all; `fresh_for`: the draft's `ttl`.
    """

    uri: str
    made_at: datetime
    lives_for: timedelta
    fresh_for: timedelta

    def claims(self) -> dict[str, Any]:
        made_at = int(self.made_at.timestamp())
        return {
            "sub": self.uri,
            "iat": made_at,
            "exp": made_at + int(self.lives_for.total_seconds()),
            "ttl": int(self.fresh_for.total_seconds()),
        }


class StatusList:
    """The statuses of up to CARDS_IN_A_LIST cards. What was never set is VALID."""

    def __init__(self, version: int = 0, packed: bytes = b"") -> None:
        self.version = version
        self._packed = bytearray(packed)

    def status(self, place: int) -> Status:
        """Return the status at a place. Raises IndexError outside of the list, ValueError for 3."""
        if not 0 <= place < CARDS_IN_A_LIST:
            raise IndexError(place)
        byte, shift = place // _A_BYTE_HOLDS, place % _A_BYTE_HOLDS * BITS
        if byte >= len(self._packed):
            return Status.VALID
        return Status(self._packed[byte] >> shift & _MASK)

    def change(self, version: int, changes: Iterable[tuple[int, Status]]) -> None:
        """Set what has changed up to a version. Raises IndexError outside of the list."""
        for place, status in changes:
            self._set(place, status)
        self.version = version

    def copy(self) -> "StatusList":
        return StatusList(self.version, bytes(self._packed))

    def compressed(self) -> bytes:
        return zlib.compress(bytes(self._packed), level=9)

    @classmethod
    def of_compressed(cls, version: int, compressed: bytes) -> "StatusList":
        """Return the list. Raises ValueError for what is none, or is larger than a list."""
        decompressor = zlib.decompressobj()
        try:
            packed = decompressor.decompress(compressed, _BYTES_IN_A_LIST)
        except zlib.error as error:
            raise ValueError("not compressed by zlib") from error
        if not decompressor.eof or decompressor.unused_data:
            raise ValueError("not one whole list")
        return cls(version, packed)

    def _set(self, place: int, status: Status) -> None:
        if not 0 <= place < CARDS_IN_A_LIST:
            raise IndexError(place)
        byte, shift = place // _A_BYTE_HOLDS, place % _A_BYTE_HOLDS * BITS
        if byte >= len(self._packed):
            self._packed.extend(bytes(byte + 1 - len(self._packed)))
        self._packed[byte] = self._packed[byte] & ~(_MASK << shift) & 0xFF | status << shift


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed after version `since`, up to `version`: the newest status of each place."""

    since: int
    version: int
    changes: Mapping[int, Status]


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list as a gate keeps it."""

    uri: str
    made_at: datetime
    expires_at: datetime
    list: StatusList

    def renewed(self, delta: "SignedDelta") -> "SignedList":
        """Return the list as the delta makes it. Raises ValueError for a delta of something else."""
        if delta.uri != self.uri or delta.delta.since > self.list.version:
            raise ValueError("this delta does not follow on this list")
        if delta.made_at < self.made_at or delta.delta.version < self.list.version:
            return self  # an older one, sent again
        changed = self.list.copy()
        changed.change(delta.delta.version, delta.delta.changes.items())
        return SignedList(self.uri, delta.made_at, delta.expires_at, changed)


@dataclass(frozen=True, slots=True)
class SignedDelta:
    """A delta as a gate gets it."""

    uri: str
    made_at: datetime
    expires_at: datetime
    delta: Delta


def sign_list(status_list: StatusList, stamp: Stamp, key_id: str, key: Ed25519PrivateKey) -> str:
    claims = {
        **stamp.claims(),
        "version": status_list.version,
        "status_list": {"bits": BITS, "lst": base64url.encoded(status_list.compressed())},
    }
    headers = {"kid": key_id, "typ": LIST_TYPE}
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)


def sign_delta(delta: Delta, stamp: Stamp, key_id: str, key: Ed25519PrivateKey) -> str:
    changes = sorted((place, int(status)) for place, status in delta.changes.items())
    claims = {
        **stamp.claims(),
        "since": delta.since,
        "version": delta.version,
        "changes": [list(change) for change in changes],
    }
    headers = {"kid": key_id, "typ": DELTA_TYPE}
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)


def read_list(token: str, keys: Mapping[str, Ed25519PublicKey]) -> SignedList:
    """Return the list that one of the keys has signed. Raises ValueError."""
    claims = _claims(token, LIST_TYPE, keys)
    try:
        packed = claims["status_list"]
        if packed["bits"] != BITS:
            raise ValueError("not two bits a card")
        compressed = base64url.decoded(packed["lst"])
        status_list = StatusList.of_compressed(int(claims["version"]), compressed)
        return SignedList(claims["sub"], *_moments(claims), status_list)
    except (KeyError, TypeError, binascii.Error) as error:
        raise ValueError("not a status list") from error


def read_delta(token: str, keys: Mapping[str, Ed25519PublicKey]) -> SignedDelta:
    """Return the delta that one of the keys has signed. Raises ValueError."""
    claims = _claims(token, DELTA_TYPE, keys)
    try:
        changes = {int(place): Status(status) for place, status in claims["changes"]}
        delta = Delta(int(claims["since"]), int(claims["version"]), changes)
        return SignedDelta(claims["sub"], *_moments(claims), delta)
    except (KeyError, TypeError) as error:
        raise ValueError("not a delta of a status list") from error


def _claims(token: str, kind: str, keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    try:
        header: object = jwt.get_unverified_header(token)
        key = keys.get(str(header.get("kid"))) if is_object(header) else None
        if key is None or not is_object(header) or header.get("typ") != kind:
            raise ValueError(f"not signed as {kind} by a key that is known")
        return jwt.decode(token, key, algorithms=[ALGORITHM], options=_WITHOUT_TIME)
    except jwt.InvalidTokenError as error:
        raise ValueError(f"not a {kind}") from error


_WITHOUT_TIME: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


def _moments(claims: dict[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(claims["iat"], UTC), datetime.fromtimestamp(claims["exp"], UTC)
