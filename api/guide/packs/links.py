"""Links to a pack's bytes that hold for an hour: long enough for a weak network, with ranges."""

import hmac
import re
from datetime import UTC, datetime, timedelta

from api.kit.clock import Clock
from api.kit.sealing import Sealer

HOLDS_FOR = timedelta(hours=1)
_TICKET = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


class PackLinks:
    """`public_url`: the address under which phones reach the API."""

    def __init__(self, sealer: Sealer, public_url: str, clock: Clock) -> None:
        self._sealer = sealer
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def link(self, file_id: str) -> tuple[str, datetime]:
        """Return an address to fetch the file from, and until when it holds."""
        ends = int((self._clock() + HOLDS_FOR).timestamp())
        ticket = f"{ends}.{self._proof(file_id, str(ends))}"
        url = f"{self._public_url}/v1/packs/{file_id}?ticket={ticket}"
        return url, datetime.fromtimestamp(ends, UTC)

    def opens(self, file_id: str, ticket: str) -> bool:
        """Tell whether `ticket` is a link of ours to this file that still holds."""
        found = _TICKET.fullmatch(ticket)
        if found is None:
            return False
        is_ours = hmac.compare_digest(self._proof(file_id, found[1]), found[2])
        return is_ours and self._clock().timestamp() < int(found[1])

    def _proof(self, file_id: str, seconds: str) -> str:
        return self._sealer.digest("pack link", file_id, seconds)
