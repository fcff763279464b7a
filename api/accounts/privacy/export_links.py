"""Links to an export that hold for a short while, for one person: a browser sends no access token."""

import hmac
import re
from datetime import timedelta

from api.accounts.privacy.export_repository import DataExport
from api.kit.clock import Clock
from api.kit.sealing import Sealer

HOLDS_FOR = timedelta(minutes=15)
_TICKET = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


class ExportLinks:
    """`public_url`: the address under which phones reach the API."""

    def __init__(self, sealer: Sealer, public_url: str, clock: Clock) -> None:
        self._sealer = sealer
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def link(self, export: DataExport) -> str:
        """Return an address to fetch the export from."""
        seconds = str(int((self._clock() + HOLDS_FOR).timestamp()))
        ticket = f"{seconds}.{self._proof(export, seconds)}"
        return f"{self._public_url}/v1/exports/{export.id}?ticket={ticket}"

    def opens(self, export: DataExport, ticket: str) -> bool:
        """Tell whether `ticket` is a link of ours to this export that still holds."""
        found = _TICKET.fullmatch(ticket)
        if found is None:
            return False
        is_ours = hmac.compare_digest(self._proof(export, found[1]), found[2])
        return is_ours and self._clock().timestamp() < int(found[1])

    def _proof(self, export: DataExport, seconds: str) -> str:
        return self._sealer.digest("export link", export.id, export.person_id, seconds)
