"""Values sealed at rest: AES-256-GCM under keys with ids, blind indexes to look them up, and keyed digests.

One file holds the keys: `root`, from which everything that must stay the same for ever is derived
(HKDF, RFC 5869), and the sealing keys, of which the current one seals and all open. Adding a key
and making it current is a rotation; what older keys sealed is sealed anew by and by
(api.kit.resealing), and an older key is forgotten when nothing is sealed under it any more.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.kit import base64url
from api.kit.clock import Clock, system_clock
from api.kit.whole_file import alone_with, create_whole, replace_whole

_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealBroken(Exception):
    """The sealed text is not ours, was changed, was moved from another place, or its key is gone."""


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """`sealing`: by key id, the oldest first; `current` is one of them. Keys have 32 bytes.

    `current_since`: None for the first one, which has sealed from the beginning.
    """

    root: bytes
    sealing: Mapping[str, bytes]
    current: str
    current_since: datetime | None = None

    @classmethod
    def new(cls) -> "KeyRing":
        key_id = _new_key_id()
        keys = {key_id: secrets.token_bytes(_KEY_BYTES)}
        return cls(secrets.token_bytes(_KEY_BYTES), keys, key_id)

    def with_new_key(self, now: datetime) -> "KeyRing":
        """Return the same ring with a key that is current from now on."""
        key_id = _new_key_id()
        keys = {**self.sealing, key_id: secrets.token_bytes(_KEY_BYTES)}
        return KeyRing(self.root, keys, key_id, now)

    def without(self, key_id: str) -> "KeyRing":
        """Return the same ring without an older key. Raises ValueError for the current one."""
        if key_id == self.current:
            raise ValueError("the current key cannot go")
        keys = {name: key for name, key in self.sealing.items() if name != key_id}
        return KeyRing(self.root, keys, self.current, self.current_since)

    @property
    def older(self) -> tuple[str, ...]:
        """The ids of the keys that open and do not seal any more, the oldest first."""
        return tuple(key_id for key_id in self.sealing if key_id != self.current)

    @classmethod
    def of(cls, text: str) -> "KeyRing":
        """Read the file's JSON. Raises ValueError when it is not a key ring."""
        try:
            members = json.loads(text)
            keys = {str(name): _key(value) for name, value in members["sealing"].items()}
            since = members.get("current_since")
            ring = cls(
                _key(members["root"]),
                keys,
                str(members["current"]),
                datetime.fromisoformat(since) if since else None,
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a key ring") from error
        if ring.current not in ring.sealing:
            raise ValueError("the current key is not in the key ring")
        return ring

    def text(self) -> str:
        """Return the file's JSON."""
        sealing = {name: base64.b64encode(key).decode() for name, key in self.sealing.items()}
        members = {
            "root": base64.b64encode(self.root).decode(),
            "sealing": sealing,
            "current": self.current,
            "current_since": self.current_since.isoformat() if self.current_since else None,
        }
        return json.dumps(members, indent=2)


class KeyFile:
    """The file of the keys, read again when another process has changed it."""

    def __init__(self, path: Path, clock: Clock = system_clock) -> None:
        self._path = path
        self._clock = clock
        if not path.exists():
            create_whole(path, KeyRing.new().text())
        self._read()

    @property
    def ring(self) -> KeyRing:
        """The keys as they are now; looking costs one stat."""
        if self._stamp != _stamp(self._path):
            self._read()
        return self._ring

    def add_key(self) -> str:
        """Add a sealing key, make it current, and return its id."""
        return self._changed(lambda ring: ring.with_new_key(self._clock())).current

    def forget_key(self, key_id: str) -> None:
        """Remove an older key; what it sealed opens nevermore. Raises ValueError for the current one."""
        self._changed(lambda ring: ring.without(key_id))

    def _changed(self, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        # Alone, for of two processes that each add a key both keys must be in the file.
        with alone_with(self._path):
            self._read()
            ring = change(self._ring)
            replace_whole(self._path, ring.text())
            self._read()
        return ring

    def _read(self) -> None:
        self._stamp = _stamp(self._path)
        self._ring = KeyRing.of(self._path.read_text(encoding="utf-8"))


class Sealer:
    """Seals JSON values. `place` names where a value belongs: moved elsewhere it does not open."""

    def __init__(self, keys: KeyFile) -> None:
        self._keys = keys

    def seal(self, value: Any, place: str) -> str:  # noqa: ANN401 - any JSON value
        """Return `value` sealed: key id, nonce and ciphertext, in base64url with dots between."""
        ring = self._keys.ring
        nonce = secrets.token_bytes(_NONCE_BYTES)
        clear = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = AESGCM(ring.sealing[ring.current]).encrypt(nonce, clear, place.encode())
        return f"{ring.current}.{base64url.encoded(nonce)}.{base64url.encoded(sealed)}"

    def open(self, sealed: str, place: str) -> Any:  # noqa: ANN401 - what was sealed
        """Return what was sealed for this place. Raises SealBroken."""
        key_id, _, rest = sealed.partition(".")
        nonce, _, ciphertext = rest.partition(".")
        key = self._keys.ring.sealing.get(key_id)
        if key is None:
            raise SealBroken(f"unknown key {key_id[:16]!r}")
        try:
            clear = AESGCM(key).decrypt(
                base64url.decoded(nonce), base64url.decoded(ciphertext), place.encode()
            )
        except (InvalidTag, ValueError) as error:
            raise SealBroken(place) from error
        return json.loads(clear)

    def older_keys(self) -> tuple[str, ...]:
        """Return the ids of the keys that open and do not seal any more, the oldest first."""
        return self._keys.ring.older

    def is_current(self, sealed: str) -> bool:
        """Tell whether the current key sealed it; else it is to be sealed anew."""
        return sealed.partition(".")[0] == self._keys.ring.current

    def blind_index(self, value: str, purpose: str) -> str:
        """Return a digest under which equal values are found, and which tells nothing without the root."""
        return self.digest(f"blind index of {purpose}", value)

    def digest(self, purpose: str, *parts: str) -> str:
        """Return HMAC-SHA-256 of `parts` under the purpose's own key, hexadecimal."""
        joined = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.new(self.key_for(purpose), joined, hashlib.sha256).hexdigest()

    def key_for(self, purpose: str) -> bytes:
        """Return the 32 bytes that the root gives for a purpose; they never change."""
        kdf = HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose.encode())
        return kdf.derive(self._keys.ring.root)


def _new_key_id() -> str:
    return secrets.token_hex(4)


def _key(text: object) -> bytes:
    key = base64.b64decode(str(text), validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _stamp(path: Path) -> tuple[int, int, int]:
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size, status.st_ino
