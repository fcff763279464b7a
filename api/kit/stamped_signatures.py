"""Signatures over what one system sends another: HMAC-SHA256 over a timestamp and what is signed.

The header reads `t=<seconds since 1970>,v1=<64 hexadecimal digits>`; v1 signs the text of t, a dot, and
the bytes. It may hold several v1, for a sender that changes its secret; for a receiver who does there may be
several secrets.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)


class NotTheirs(Exception):
    """No secret made any of the signatures, or the header is none."""


class OutOfTime(Exception):
    """Genuine, and older than TOLERANCE or as far ahead."""


def stamped(secret: str, signed: bytes, now: datetime) -> str:
    """Return the header that signs these bytes at a moment."""
    stamp = str(int(now.timestamp()))
    return f"t={stamp},v1={_digest(secret, stamp, signed)}"


def check_stamped(
    header: str, secrets: Sequence[str], signed: bytes, now: datetime, *, characters_at_most: int
) -> None:
    """Check a header of so many characters at most. Raises NotTheirs and OutOfTime."""
    stamp, given = _parts(header, characters_at_most)
    due = [_digest(secret, stamp, signed) for secret in secrets]
    # Every pair is compared, so that the time it takes tells nothing.
    found = [hmac.compare_digest(one, other) for one in due for other in given]
    if not any(found):
        raise NotTheirs
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise OutOfTime


def _digest(secret: str, stamp: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + signed, hashlib.sha256).hexdigest()


def _parts(header: str, characters_at_most: int) -> tuple[str, list[str]]:
    """Return the timestamp and the signatures. Raises NotTheirs."""
    if len(header) > characters_at_most or not header.isascii():
        raise NotTheirs
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    if len(stamps) != 1 or not stamps[0].isdecimal() or len(stamps[0]) > 12:
        raise NotTheirs
    return stamps[0], [value for name, _, value in pairs if name == "v1"]
