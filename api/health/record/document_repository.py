"""Shared documents in the store: titles and contents are sealed, contents in pieces."""

import base64
from collections.abc import Collection
from datetime import datetime

from api.health.record.shared_document import (
    OPEN_FOR,
    DocumentFormat,
    DocumentKind,
    DocumentState,
    SharedDocument,
)
from api.kit.ids import derived_id, is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

HEALTH_DOCUMENTS = CollectionSpec(
    "health_documents",
    (
        Index(("person_id", "created_at", "_id")),
        Index(("appointment_id",)),
        Index(("shared_by",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
HEALTH_DOCUMENT_PIECES = CollectionSpec(
    "health_document_pieces", (Index(("document_id", "number")),)
)

BYTES_IN_A_PIECE = 240_000

Place = tuple[datetime, str]
"""Where a page ended: when its last document was made, and its id."""


class SharedDocumentRepository:
    """All queries on shared documents. Every call joins the open transaction."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._documents = store[HEALTH_DOCUMENTS]
        self._pieces = store[HEALTH_DOCUMENT_PIECES]
        self._sealer = sealer

    async def get(self, document_id: str) -> SharedDocument | None:
        document = await self._documents.get(document_id) if is_id(document_id) else None
        return self._shared(document) if document else None

    async def add(self, document: SharedDocument) -> None:
        await self._documents.insert(self._document(document))

    async def of_appointment(self, appointment_id: str) -> list[SharedDocument]:
        """Return all of an appointment, those that wait and were withdrawn too, as they were made."""
        found = await self._documents.find(
            {"appointment_id": appointment_id}, sort=[("created_at", 1)]
        )
        return list(map(self._shared, found))

    async def of_patient(
        self,
        person_id: str,
        dependant_id: str | None,
        *,
        hidden: Collection[bool],
        after: Place | None,
        limit: int,
    ) -> list[SharedDocument]:
        """Return what a patient may see, the newest first."""
        asked = {
            "person_id": person_id,
            "dependant_id": dependant_id,
            "state": {"$in": [DocumentState.SHARED.value, DocumentState.WITHDRAWN.value]},
            "is_hidden": {"$in": sorted(hidden)},
        }
        found = await self._documents.find(
            asked, sort=[("created_at", -1)], after=after, limit=limit
        )
        return list(map(self._shared, found))

    async def all_of(self, person_id: str) -> list[SharedDocument]:
        found = await self._documents.find({"person_id": person_id}, sort=[("created_at", 1)])
        return list(map(self._shared, found))

    async def publish(self, document: SharedDocument, content: bytes) -> bool:
        """Show a document that waited, with its content; False when it waits no more."""
        published = await self._documents.update_one(
            {"_id": document.id, "state": DocumentState.AWAITING.value},
            {"$set": {"state": DocumentState.SHARED.value, "kept_until": None}},
        )
        if published is None:
            return False
        for number, start in enumerate(range(0, len(content), BYTES_IN_A_PIECE)):
            piece = content[start : start + BYTES_IN_A_PIECE]
            await self._pieces.insert(self._piece(document.id, number, piece))
        return True

    async def content(self, document_id: str) -> bytes:
        """Return the whole content, empty when there is none any more."""
        found = await self._pieces.find({"document_id": document_id}, sort=[("number", 1)])
        opened = [self._sealer.open(one["content"], _piece_place(one["_id"])) for one in found]
        return b"".join(base64.b64decode(piece) for piece in opened)

    async def withdraw(self, document: SharedDocument, now: datetime) -> bool:
        """Take title and content away, and leave that there was one; False when that was done."""
        nothing = self._sealer.seal("", _place(document.id))
        withdrawn = await self._documents.update_one(
            {"_id": document.id, "state": {"$ne": DocumentState.WITHDRAWN.value}},
            {
                "$set": {
                    "state": DocumentState.WITHDRAWN.value,
                    "title": nothing,
                    "withdrawn_at": now,
                    "kept_until": None,
                }
            },
        )
        await self._pieces.delete_many({"document_id": document.id})
        return withdrawn is not None

    async def hide(self, document_id: str, *, is_hidden: bool) -> SharedDocument | None:
        changed = await self._documents.update_one(
            {"_id": document_id}, {"$set": {"is_hidden": is_hidden}}
        )
        return self._shared(changed) if changed else None

    async def remove(self, document_id: str) -> None:
        await self._pieces.delete_many({"document_id": document_id})
        await self._documents.delete_one({"_id": document_id})

    async def forget_clerk(self, person_id: str) -> None:
        """Keep what somebody shared, and forget who did."""
        await self._documents.update_many({"shared_by": person_id}, {"$set": {"shared_by": None}})

    async def seal_anew(self) -> int:
        """Seal some titles or contents anew, as Resealed has it."""
        titles = await seal_anew(self._documents, self._sealer, "title", _place)
        return titles or await seal_anew(self._pieces, self._sealer, "content", _piece_place)

    def _piece(self, document_id: str, number: int, content: bytes) -> Document:
        piece_id = derived_id("health document piece", document_id, str(number))
        text = base64.b64encode(content).decode()
        return {
            "_id": piece_id,
            "document_id": document_id,
            "number": number,
            "content": self._sealer.seal(text, _piece_place(piece_id)),
        }

    def _document(self, one: SharedDocument) -> Document:
        return {
            "_id": one.id,
            "person_id": one.person_id,
            "dependant_id": one.dependant_id,
            "facility_id": one.facility_id,
            "appointment_id": one.appointment_id,
            "kind": one.kind.value,
            "title": self._sealer.seal(one.title, _place(one.id)),
            "format": one.format.value,
            "byte_count": one.byte_count,
            "state": one.state.value,
            "is_hidden": one.is_hidden,
            "shared_by": one.shared_by,
            "created_at": one.created_at,
            "withdrawn_at": one.withdrawn_at,
            "kept_until": one.created_at + OPEN_FOR,
        }

    def _shared(self, document: Document) -> SharedDocument:
        return SharedDocument(
            id=document["_id"],
            person_id=document["person_id"],
            dependant_id=document["dependant_id"],
            facility_id=document["facility_id"],
            appointment_id=document["appointment_id"],
            kind=DocumentKind(document["kind"]),
            title=self._sealer.open(document["title"], _place(document["_id"])),
            format=DocumentFormat(document["format"]),
            byte_count=document["byte_count"],
            state=DocumentState(document["state"]),
            is_hidden=document["is_hidden"],
            shared_by=document["shared_by"],
            created_at=document["created_at"],
            withdrawn_at=document["withdrawn_at"],
        )


def _place(document_id: str) -> str:
    return f"health_documents/{document_id}/title"


def _piece_place(piece_id: str) -> str:
    return f"health_document_pieces/{piece_id}"
