"""Who opened which notice: told by the device itself, kept once, counted among those it was meant for."""

from contextlib import suppress
from datetime import datetime

from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store

KEPT_SECONDS = 30 * 24 * 3600
"""As long as the notice."""

RECEIPTS = CollectionSpec(
    "notice_receipts",
    (
        Index(("notice_id", "_id")),
        Index(("opened_at",), expire_after_seconds=KEPT_SECONDS),
    ),
)
_READ_AT_ONCE = 1_000


class Receipts:
    """All queries on them. A receipt holds two ids and a time, and nothing of a person."""

    def __init__(self, store: Store) -> None:
        self._receipts = store[RECEIPTS]

    async def note(self, notice_id: str, device_id: str, now: datetime) -> None:
        """Note that a device opened a notice; the first time counts, in this one write."""
        receipt = {
            "_id": derived_id("receipt", notice_id, device_id),
            "notice_id": notice_id,
            "device_id": device_id,
            "opened_at": now,
        }
        with suppress(DuplicateKey):  # it was opened before
            await self._receipts.insert(receipt)

    async def count(self, notice_id: str) -> int:
        return await self._receipts.count({"notice_id": notice_id})

    async def of(self, notice_id: str) -> frozenset[str]:
        """Return the devices that opened it. Held in memory as a whole: about 100 bytes each."""
        opened: set[str] = set()
        after: tuple[str, ...] | None = None
        while found := await self._receipts.find(
            {"notice_id": notice_id}, after=after, limit=_READ_AT_ONCE
        ):
            opened.update(document["device_id"] for document in found)
            after = (found[-1]["_id"],)
        return frozenset(opened)
