"""What people would have been sent, where there is no SMS or e-mail service: sealed, like the outbox."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from api.kit.clock import Clock
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store
from api.kit.transactions import transact
from notifications.text_message import TextMessage
from notifications.text_outbox import (
    KEPT_SECONDS,
    TEXT_OUTBOX,
    address_index,
    opened_if_kept,
    seal_content_anew,
    sealed_fields,
)

RECORDED_TEXTS = CollectionSpec(
    "recorded_texts",
    (
        Index(("address_index", "recorded_at")),
        Index(("person_id",)),
        Index(("recorded_at",), expire_after_seconds=KEPT_SECONDS),
    ),
)


@dataclass(frozen=True, slots=True, repr=False)
class TextRecording:
    message: TextMessage
    recorded_at: datetime


class TextRecordings:
    """All queries on recorded texts."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._store = store
        self._texts = store[RECORDED_TEXTS]
        self._outbox = store[TEXT_OUTBOX]
        self._sealer = sealer
        self._clock = clock

    async def add(self, message: TextMessage) -> bool:
        """Keep the message once; False, and nothing is kept, when it was erased meanwhile."""
        recorded_at = self._clock()
        document: Document = {
            "_id": message.id,
            **sealed_fields(self._sealer, RECORDED_TEXTS, message),
            "recorded_at": recorded_at,
        }

        async def step() -> bool:
            # A write, so that of this and an erasure under way only one can commit.
            queued = await self._outbox.update_one(
                {"_id": message.id}, {"$set": {"recorded_at": recorded_at}}
            )
            if queued is None:
                return False
            with suppress(DuplicateKey):
                await self._texts.insert(document)
            return True

        return await transact(self._store, step)

    async def latest(self, to: str | None, limit: int) -> list[TextRecording]:
        """Return the newest recordings first, to one address or to all."""
        chosen = {"address_index": address_index(self._sealer, to)} if to else {}
        return await self._find(chosen, limit)

    async def of_person(self, person_id: str) -> dict[str, TextMessage]:
        """Return what was recorded for the person, by the texts' ids."""
        found = await self._find({"person_id": person_id}, None)
        return {recording.message.id: recording.message for recording in found}

    async def seal_anew(self) -> int:
        """Seal some contents anew, as Resealed has it."""
        return await seal_content_anew(self._texts, self._sealer, RECORDED_TEXTS)

    async def erase_person(self, person_id: str) -> None:
        await self._texts.delete_many({"person_id": person_id})

    async def erase_address(self, to: str) -> None:
        await self._texts.delete_many({"address_index": address_index(self._sealer, to)})

    async def _find(self, chosen: Filter, limit: int | None) -> list[TextRecording]:
        found = await self._texts.find(chosen, sort=[("recorded_at", -1)], limit=limit)
        opened = ((opened_if_kept(self._sealer, RECORDED_TEXTS, one), one) for one in found)
        return [TextRecording(text, one["recorded_at"]) for text, one in opened if text]
