"""Opaque identifiers: unguessable, and made to be compared only for equality."""

import base64
import hashlib
import secrets


def new_id() -> str:
    """Return 26 characters of base 32 that carry 128 random bits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def derived_id(*parts: str) -> str:
    """Return an id of the same shape that is a function of `parts`, so that a repeated step meets its first trace."""
    joined = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    digest = hashlib.sha256(joined).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
