"""Signatures over what a provider sends: HMAC-SHA256 over a timestamp and the body as it came.

The header reads `t=<seconds since 1970>,v1=<64 hexadecimal digits>`, where v1 signs the text of t,
a dot, and the bytes of the body. It may hold several v1, for a provider that changes its secret;
for us to change ours there may be several secrets.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from api.wallet.errors import SignatureOutOfTime, SignatureWrong

HEADER = "wallet-signature"
TOLERANCE = timedelta(minutes=5)
_HEADER_CHARACTERS_AT_MOST = 1_024


class CallbackSigner:
    """`secrets`: 32 characters or more each; the first one signs, each of them verifies."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = [secret.encode() for secret in secrets]

    def header(self, body: bytes, now: datetime) -> str:
        """Return the header that signs a body at a moment."""
        stamp = str(int(now.timestamp()))
        return f"t={stamp},v1={_digest(self._secrets[0], stamp, body)}"

    def check(self, header: str | None, body: bytes, now: datetime) -> None:
        """Raise SignatureWrong, or SignatureOutOfTime for a genuine one that is too old or ahead."""
        stamp, given = _parts(header or "")
        due = [_digest(secret, stamp, body) for secret in self._secrets]
        # Every pair is compared, so that the time it takes tells nothing.
        found = [hmac.compare_digest(one, other) for one in due for other in given]
        if not any(found):
            raise SignatureWrong
        signed_at = int(stamp)
        if abs(now.timestamp() - signed_at) > TOLERANCE.total_seconds():
            raise SignatureOutOfTime(seconds=int(TOLERANCE.total_seconds()))


def _digest(secret: bytes, stamp: str, body: bytes) -> str:
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _parts(header: str) -> tuple[str, list[str]]:
    """Return the timestamp and the signatures. Raises SignatureWrong."""
    if len(header) > _HEADER_CHARACTERS_AT_MOST or not header.isascii():
        raise SignatureWrong
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    if len(stamps) != 1 or not stamps[0].isdecimal() or len(stamps[0]) > 12:
        raise SignatureWrong
    return stamps[0], [value for name, _, value in pairs if name == "v1"]
