"""Signatures over what a system sends: HMAC-SHA256 over a timestamp, the source and the body as it came.

The header reads `t=<seconds since 1970>,v1=<64 hexadecimal digits>`; v1 signs the text `<t>.<source>.`
and the bytes of the body. So what one source sent cannot be sent again as another's, nor later.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from api.feedback.channels.errors import SignatureOutOfTime, SignatureWrong

SIGNATURE = "x-laocai-signature"
SOURCE = "x-laocai-source"
TOLERANCE = timedelta(minutes=5)
_HEADER_CHARACTERS_AT_MOST = 512


def signature(secret: str, source_id: str, body: bytes, now: datetime) -> str:
    """Return the header that signs a body at a moment."""
    stamp = str(int(now.timestamp()))
    return f"t={stamp},v1={_digest(secret, stamp, source_id, body)}"


def check(header: str, secrets: Sequence[str], source_id: str, body: bytes, now: datetime) -> None:
    """Raise SignatureWrong, or SignatureOutOfTime for a genuine one that is too old or ahead."""
    stamp, given = _parts(header)
    due = [_digest(secret, stamp, source_id, body) for secret in secrets]
    # Every pair is compared, so that the time it takes tells nothing.
    found = [hmac.compare_digest(one, other) for one in due for other in given]
    if not any(found):
        raise SignatureWrong
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise SignatureOutOfTime(seconds=int(TOLERANCE.total_seconds()))


def _digest(secret: str, stamp: str, source_id: str, body: bytes) -> str:
    signed = f"{stamp}.{source_id}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _parts(header: str) -> tuple[str, list[str]]:
    """Return the timestamp and the signatures. Raises SignatureWrong."""
    if len(header) > _HEADER_CHARACTERS_AT_MOST or not header.isascii():
        raise SignatureWrong
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    if len(stamps) != 1 or not stamps[0].isdecimal() or len(stamps[0]) > 12:
        raise SignatureWrong
    return stamps[0], [value for name, _, value in pairs if name == "v1"]
