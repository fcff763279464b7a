"""Base64 of URLs and tokens: the alphabet of RFC 4648, section 5, without padding (RFC 7515, section 2)."""

import base64


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return the bytes. Raises ValueError for other characters, or for a length that cannot be."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
