"""Sealing anew, under the current key, what older keys sealed.

A value is sealed anew by one write that counts only while the value is still the one that was read:
whoever changes it meanwhile wins, and a process that is killed has lost nothing and goes on later.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from api.kit.sealing import SealBroken, Sealer
from api.kit.store import Collection, Document, Filter, Update

log = structlog.get_logger()

DOCUMENTS_AT_ONCE = 100
"""Few enough to be short, many enough that the store commits them in groups."""


class Resealed(Protocol):
    """Whoever keeps sealed values for longer than some hours implements it; wiring.py gathers them."""

    async def seal_anew(self) -> int:
        """Seal some values anew and return how many; 0: none is left that could be."""
        ...


async def seal_anew(
    collection: Collection, sealer: Sealer, field: str, place: Callable[[str], str]
) -> int:
    """Seal some values of a collection's `field` anew, as Resealed has it.

    `place`: of a value, by its document's id. A value that does not open stays as it is.
    """
    older = sealer.older_keys()
    if not older:
        return 0
    wanted: Filter = {"$or": [{field: {"$prefix": f"{key_id}."}} for key_id in older]}
    after = ""
    while found := await collection.find(
        {**wanted, "_id": {"$gt": after}}, limit=DOCUMENTS_AT_ONCE
    ):
        changes = [_change(sealer, field, place, document) for document in found]
        written = await asyncio.gather(
            *(collection.update_one(*change) for change in changes if change is not None)
        )
        if count := sum(document is not None for document in written):
            return count
        after = found[-1]["_id"]
    return 0


def _change(
    sealer: Sealer, field: str, place: Callable[[str], str], document: Document
) -> tuple[Filter, Update] | None:
    """Return the write that seals the value anew while it is as it was read; None if it does not open."""
    document_id, sealed = document["_id"], document[field]
    try:
        value = sealer.open(sealed, place(document_id))
    except SealBroken:
        log.error("a sealed value does not open", place=place(document_id))
        return None
    anew = sealer.seal(value, place(document_id))
    return {"_id": document_id, field: sealed}, {"$set": {field: anew}}
