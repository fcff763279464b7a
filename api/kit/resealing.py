"""What older sealing keys sealed, sealed anew with the current one."""

from collections.abc import Callable
from typing import Protocol

import structlog

from api.kit.sealing import SealBroken, Sealer
from api.kit.store import Collection, Document

DOCUMENTS_AT_ONCE = 200

log = structlog.get_logger()


class Resealed(Protocol):
    """Whoever keeps sealed values."""

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        ...


async def seal_anew(
    collection: Collection, sealer: Sealer, field: str, place: Callable[[str], str]
) -> int:
    """Seal `field` of every document anew where an older key sealed it; return how many were.

    `place` gives the place that belongs to an id. May be stopped and run again at any time. What
    somebody writes meanwhile stays; what does not open is logged by its id, and left.
    """
    sealed_anew = 0
    after: tuple[str] | None = None
    while found := await collection.find({}, after=after, limit=DOCUMENTS_AT_ONCE):
        for document in found:
            sealed_anew += await _seal_anew(collection, sealer, field, place, document)
        after = (found[-1]["_id"],)
    return sealed_anew


async def _seal_anew(
    collection: Collection,
    sealer: Sealer,
    field: str,
    place: Callable[[str], str],
    document: Document,
) -> bool:
    sealed, document_id = document[field], document["_id"]
    if sealer.is_current(sealed):
        return False
    try:
        value = sealer.open(sealed, place(document_id))
    except SealBroken:
        log.error("a sealed value does not open", place=place(document_id))
        return False
    changed = await collection.update_one(
        {"_id": document_id, field: sealed},
        {"$set": {field: sealer.seal(value, place(document_id))}},
    )
    return changed is not None
