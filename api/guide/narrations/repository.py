from api.guide.narrations.narration import Narration, Spot
from api.guide.tours.records import StopText
from api.kit.store import CollectionSpec, Document, Index, Store

NARRATIONS = CollectionSpec("narrations", (Index(("media_id",)),))
"""A document for each text that somebody tells. Who attached it stands in the audit log only."""


class NarrationRepository:
    """All queries on narrations. Writes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._narrations = store[NARRATIONS]

    async def all(self) -> list[Narration]:
        """Return them in the order of their spots."""
        return [_narration(document) for document in await self._narrations.find({})]

    async def get(self, spot: Spot) -> Narration | None:
        document = await self._narrations.get(str(spot))
        return _narration(document) if document else None

    async def is_told(self, media_id: str) -> bool:
        """Tell whether a recording is attached to any text."""
        return await self._narrations.find_one({"media_id": media_id}) is not None

    async def put(self, narration: Narration) -> None:
        """Keep it in place of what was told there before."""
        await self._narrations.upsert(_document(narration))

    async def remove(self, spot: Spot) -> Narration | None:
        """Return what was removed, None when there was nothing."""
        document = await self._narrations.delete_one({"_id": str(spot)})
        return _narration(document) if document else None


def _document(narration: Narration) -> Document:
    return {
        "_id": str(narration.spot),
        "tour_id": narration.spot.tour_id,
        "stop_id": narration.spot.stop_id,
        "text": narration.spot.text.value,
        "language": narration.spot.language,
        "text_hash": narration.text_hash,
        "media_id": narration.media_id,
        "content_type": narration.content_type,
        "byte_count": narration.byte_count,
        "sha256": narration.sha256,
        "milliseconds": narration.milliseconds,
    }


def _narration(document: Document) -> Narration:
    return Narration(
        spot=Spot(
            document["tour_id"],
            document["stop_id"],
            StopText(document["text"]),
            document["language"],
        ),
        text_hash=document["text_hash"],
        media_id=document["media_id"],
        content_type=document["content_type"],
        byte_count=document["byte_count"],
        sha256=document["sha256"],
        milliseconds=document["milliseconds"],
    )
