"""Signatures over what a system sends: stamped ones (api/kit/stamped_signatures.py), over the source, a dot and the body as it came.

So what one source sent cannot be sent again as another's, nor later.
"""

from collections.abc import Sequence
from datetime import datetime

from api.feedback.channels.errors import SignatureOutOfTime, SignatureWrong
from api.kit.stamped_signatures import TOLERANCE, NotTheirs, OutOfTime, check_stamped, stamped

SIGNATURE = "x-laocai-signature"
SOURCE = "x-laocai-source"
_HEADER_CHARACTERS_AT_MOST = 512


def signature(secret: str, source_id: str, body: bytes, now: datetime) -> str:
    """Return the header that signs a body at a moment."""
    return stamped(secret, _signed(source_id, body), now)


def check(header: str, secrets: Sequence[str], source_id: str, body: bytes, now: datetime) -> None:
    """Raise SignatureWrong, or SignatureOutOfTime for a genuine one that is too old or ahead."""
    signed, most = _signed(source_id, body), _HEADER_CHARACTERS_AT_MOST
    try:
        check_stamped(header, secrets, signed, now, characters_at_most=most)
    except NotTheirs as error:
        raise SignatureWrong from error
    except OutOfTime as error:
        raise SignatureOutOfTime(seconds=int(TOLERANCE.total_seconds())) from error


def _signed(source_id: str, body: bytes) -> bytes:
    return f"{source_id}.".encode() + body
