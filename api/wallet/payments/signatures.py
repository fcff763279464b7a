"""Signatures over what a provider sends: stamped ones (api/kit/stamped_signatures.py), over the body as it came."""

from collections.abc import Sequence
from datetime import datetime

from api.kit.stamped_signatures import TOLERANCE, NotTheirs, OutOfTime, check_stamped, stamped
from api.wallet.errors import SignatureOutOfTime, SignatureWrong

HEADER = "wallet-signature"
_HEADER_CHARACTERS_AT_MOST = 1_024


class CallbackSigner:
    """`secrets`: 32 characters or more each; the first one signs, each of them verifies."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = secrets

    def header(self, body: bytes, now: datetime) -> str:
        """Return the header that signs a body at a moment."""
        return stamped(self._secrets[0], body, now)

    def check(self, header: str | None, body: bytes, now: datetime) -> None:
        """Raise SignatureWrong, or SignatureOutOfTime for a genuine one that is too old or ahead."""
        most = _HEADER_CHARACTERS_AT_MOST
        try:
            check_stamped(header or "", self._secrets, body, now, characters_at_most=most)
        except NotTheirs as error:
            raise SignatureWrong from error
        except OutOfTime as error:
            raise SignatureOutOfTime(seconds=int(TOLERANCE.total_seconds())) from error
