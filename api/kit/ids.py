"""Opaque identifiers: unguessable, and made to be compared only for equality."""

import base64
import hashlib
import re
import secrets

_ID = re.compile(r"[a-z2-7]{26}")


def new_id() -> str:
    """Return 26 characters of base 32 that carry 128 random bits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def is_id(text: str) -> bool:
    """Tell whether `text` has the shape of an id; nothing else is worth looking up."""
    return _ID.fullmatch(text) is not None


def derived_id(*parts: str) -> str:
    """Return an id of the same shape that is a function of `parts`, so that a repeated step meets its first trace."""
    joined = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    digest = hashlib.sha256(joined).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
