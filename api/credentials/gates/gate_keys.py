"""The keys that gates of an audience check codes with, by epoch, each derived from the root.

An epoch ends when a gate is lost or its people change: cards that are issued or re-issued from then
on have keys of the new one, those of the old one are shown until it is accepted no more.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.credentials.cards.rotating_code import device_key
from api.credentials.records import Audience
from api.credentials.status.repository import CREDENTIAL_AUDIENCES, StatusRepository
from api.kit import base64url
from api.kit.sealing import Sealer
from api.kit.store import Store, WriteConflict

_PURPOSE = "gate keys of credentials"
_HOLDER_BYTES = 8


@dataclass(frozen=True, slots=True)
class Epochs:
    """Which keys of an audience are accepted. `ended`: until when those before `current` are."""

    current: int
    ended: Mapping[int, datetime]

    def accepts(self, epoch: int, moment: datetime) -> bool:
        until = self.ended.get(epoch)
        return epoch == self.current or (until is not None and moment < until)

    def accepted(self, moment: datetime) -> dict[int, datetime | None]:
        """Return the epochs that are accepted then, with their ends; None for the current one."""
        older = {epoch: until for epoch, until in self.ended.items() if moment < until}
        return {**older, self.current: None}


class GateKeys:
    def __init__(self, store: Store, statuses: StatusRepository, sealer: Sealer) -> None:
        self._audiences = store[CREDENTIAL_AUDIENCES]
        self._statuses = statuses
        self._sealer = sealer

    async def epochs(self, audience: Audience) -> Epochs:
        kept = await self._statuses.audience(audience)
        ended = {int(epoch): until for epoch, until in kept["ended_epochs"].items()}
        return Epochs(kept["epoch"], ended)

    async def rotate(self, audience: Audience, accepted_until: datetime) -> int:
        """Begin an epoch and return its number; joins the open transaction. Raises WriteConflict."""
        current = (await self.epochs(audience)).current
        begun = await self._audiences.update_one(
            {"_id": audience.tag, "epoch": current},
            {"$inc": {"epoch": 1}, "$set": {f"ended_epochs.{current}": accepted_until}},
        )
        if begun is None:
            raise WriteConflict
        return current + 1

    def gate_key(self, audience: Audience, epoch: int) -> bytes:
        """Return the 32 bytes that every enrolled gate of the audience has."""
        message = f"{audience} {epoch}".encode()
        return hmac.new(self._sealer.key_for(_PURPOSE), message, hashlib.sha256).digest()

    def device_key(self, audience: Audience, epoch: int, card_id: str, generation: int) -> bytes:
        """Return the 32 bytes that the holder's phone has."""
        return device_key(self.gate_key(audience, epoch), card_id, generation)

    def holder_hash(self, credential_id: str, holder: str) -> str:
        """Return what a token says of its holder: told apart by us alone, and for each card anew."""
        digest = self._sealer.digest("holder of a credential", credential_id, holder)
        return base64url.encoded(bytes.fromhex(digest)[:_HOLDER_BYTES])
