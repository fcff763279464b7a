"""What phones would have received, where there is no FCM: written by the recorder, read by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store

KEPT_SECONDS = 7 * 24 * 3600

RECORDED_MESSAGES = CollectionSpec(
    "recorded_messages",
    (
        Index(("device_id", "recorded_at")),
        Index(("notice_id",)),
        Index(("recorded_at",), expire_after_seconds=KEPT_SECONDS),
    ),
)


@dataclass(frozen=True, slots=True)
class Recording:
    """One message on one phone. `message`: what FCM would have been sent, without registration."""

    notice_id: str
    device_id: str
    platform: str
    language: str
    priority: str
    title: str
    body: str
    message: dict[str, Any]
    recorded_at: datetime


class Recordings:
    """All queries on recorded messages."""

    def __init__(self, store: Store) -> None:
        self._messages = store[RECORDED_MESSAGES]

    async def add(self, recordings: Sequence[Recording]) -> None:
        """Keep each recording once: one of the same notice and device is left as it is."""
        documents = {document["_id"]: document for document in map(_document, recordings)}
        while missing := await self._missing(documents):
            try:
                await self._messages.insert_many(missing)
            except DuplicateKey:
                continue
            return

    async def forget(self, device_ids: Sequence[str]) -> None:
        """Remove what these devices would have received; joins the open transaction."""
        await self._messages.delete_many({"device_id": {"$in": list(device_ids)}})

    async def latest(self, device_id: str | None, limit: int) -> list[Recording]:
        """Return the newest recordings first, of one device or of all."""
        found = await self._messages.find(
            {"device_id": device_id} if device_id else {}, sort=[("recorded_at", -1)], limit=limit
        )
        return [_recording(document) for document in found]

    async def _missing(self, documents: dict[str, Document]) -> list[Document]:
        known = await self._messages.get_many(list(documents))
        return [document for key, document in documents.items() if key not in known]


def _document(recording: Recording) -> Document:
    return {
        "_id": derived_id("recording", recording.notice_id, recording.device_id),
        "notice_id": recording.notice_id,
        "device_id": recording.device_id,
        "platform": recording.platform,
        "language": recording.language,
        "priority": recording.priority,
        "title": recording.title,
        "body": recording.body,
        "message": orjson.dumps(recording.message).decode(),
        "recorded_at": recording.recorded_at,
    }


def _recording(document: Document) -> Recording:
    return Recording(
        notice_id=document["notice_id"],
        device_id=document["device_id"],
        platform=document["platform"],
        language=document["language"],
        priority=document["priority"],
        title=document["title"],
        body=document["body"],
        message=orjson.loads(document["message"]),
        recorded_at=document["recorded_at"],
    )
