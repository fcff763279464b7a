"""Where ids of people are found: in documents, and in every byte of files."""

import json
from collections.abc import Iterable
from pathlib import Path

from api.accounts.privacy.export_repository import DATA_EXPORTS
from api.collections import COLLECTIONS
from api.kit.audit_log import AUDIT_ROWS
from api.kit.store import CollectionSpec, Document, Store
from api.media.repository import MEDIA
from notifications.outbox import OUTBOX

KEPT = {
    AUDIT_ROWS.name: "who looked at whose data: chained, so that no row can be taken out",
    OUTBOX.name: "a device's id, which without the device leads to nobody",
}
"""Collections that may hold ids of people who left, and why (docs/accounts.md)."""


def as_text(document: Document) -> str:
    return json.dumps(document, default=str, ensure_ascii=False)


async def documents_with(
    store: Store, texts: Iterable[str], specs: Iterable[CollectionSpec] = COLLECTIONS
) -> dict[str, int]:
    """Count, by collection, the documents that hold one of the texts; what may be kept is left out."""
    wanted = list(texts)
    counts: dict[str, int] = {}
    for spec in specs:
        found = [as_text(document) for document in await store[spec].find({})]
        count = sum(any(text in document for text in wanted) for document in found)
        if count and spec.name not in KEPT:
            counts[spec.name] = count
    return counts


def files_with(folder: Path, texts: Iterable[str]) -> dict[str, set[str]]:
    """Return, by file under `folder`, which of the texts stand in its bytes, in UTF-8 or escaped."""
    found: dict[str, set[str]] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        here = {text for text in texts if any(form in data for form in _forms(text))}
        if here:
            found[str(file.relative_to(folder))] = here
    return found


def _forms(text: str) -> set[bytes]:
    """Return how a text may stand in a file: as it is, in JSON with escapes, in UTF-16."""
    escaped = json.dumps(text)[1:-1]
    return {text.encode(), escaped.encode(), text.encode("utf-16-le")}


async def ids_of_person(store: Store, person_id: str) -> set[str]:
    """Return a person's id, and the id of every document that is that person's.

    But for copies of data and media: their ids stand for a week in jobs that are done, and lead to
    nothing.
    """
    ids = {person_id}
    for spec in COLLECTIONS:
        if spec not in (AUDIT_ROWS, OUTBOX, DATA_EXPORTS, MEDIA):
            found = await store[spec].find({"person_id": person_id})
            ids.update(document["_id"] for document in found)
    return ids
