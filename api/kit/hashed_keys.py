"""Bearer keys of systems: `<prefix>.<id>.<secret>`, of which only a hash is kept.

The secret is 256 random bits, so one SHA-256 hides it; there is nothing to guess from.
"""

import hashlib
import secrets

from api.kit.ids import is_id

_SECRET_BYTES = 32
# A hash that no key has, so that an unknown id takes as long as a wrong secret.
_NOBODY = hashlib.sha256(b"").hexdigest()


class HashedKeys:
    """Keys of one door, told from others' by their prefix."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def made(self, key_id: str) -> tuple[str, str]:
        """Return a new key, to be shown once, and the hash to keep."""
        secret = secrets.token_hex(_SECRET_BYTES)
        return f"{self._prefix}.{key_id}.{secret}", _hash_of(secret)

    def id_in(self, key: str) -> str | None:
        """Return the id in a key, None when it has not the shape of one."""
        key_id = key.partition(".")[2].partition(".")[0]
        return key_id if is_id(key_id) else None

    def is_right(self, key: str, kept_hash: str | None) -> bool:
        """Tell whether a key is the one whose hash was kept; None: nothing is kept for its id."""
        prefix, _, rest = key.partition(".")
        secret = rest.partition(".")[2]
        return (
            secrets.compare_digest(_hash_of(secret), kept_hash or _NOBODY)
            and prefix == self._prefix
        )


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
