"""The documents of photos and recordings: each change of state is one conditional write."""

from collections.abc import Sequence
from datetime import datetime

from api.kit.store import CollectionSpec, Document, Filter, Index, Store
from api.kit.store.contract import Update
from api.media.records import (
    Blur,
    BlurBox,
    Media,
    MediaFile,
    MediaFormat,
    MediaKind,
    MediaSize,
    MediaState,
    Original,
    Upload,
)
from api.media.refusals import Refusal

MEDIA = CollectionSpec(
    "media",
    (Index(("person_id", "created_at")), Index(("state",)), Index(("kept_until",))),
)
OVERDUE_AT_ONCE = 500
_IN_USE = [MediaState.READY, MediaState.BLURRING]


class MediaRepository:
    """All queries on media. Writes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._media = store[MEDIA]

    async def get(self, media_id: str) -> Media | None:
        """Return it in any state, also removed."""
        document = await self._media.get(media_id)
        return _media(document) if document else None

    async def get_many(self, media_ids: Sequence[str]) -> dict[str, Media]:
        found = await self._media.get_many(media_ids)
        return {media_id: _media(document) for media_id, document in found.items()}

    async def all_of(self, person_id: str) -> list[Media]:
        """Return a person's, the newest first, in any state."""
        found = await self._media.find({"person_id": person_id}, sort=[("created_at", -1)])
        return [_media(document) for document in found]

    async def add(self, media: Media) -> None:
        await self._media.insert(_document(media))

    async def begin_processing(self, media_id: str, kept_until: datetime) -> Media | None:
        """Close an open upload; None when none is open."""
        open_one = {"_id": media_id, "state": MediaState.AWAITING}
        changes = {"state": MediaState.PROCESSING, "kept_until": kept_until}
        return _or_none(await self._media.update_one(open_one, {"$set": changes}))

    async def count_try(self, media_id: str) -> int:
        """Note that it is going to be opened; return which time in a row it is that did not end."""
        after = await self._media.update_one({"_id": media_id}, {"$inc": {"tries": 1}})
        return int(after["tries"]) if after else 1

    async def clear_tries(self, media_id: str) -> None:
        """Note that opening it has ended, well or with a refusal."""
        await self._media.update_one({"_id": media_id}, {"$set": {"tries": 0}})

    async def finish(self, finished: Media) -> bool:
        """Make it ready or refused, once; False when it was removed or finished meanwhile."""
        changes = {
            "state": finished.state,
            "kept_until": finished.kept_until,
            "refusal": finished.refusal,
            "run": finished.run,
            "files": [_file_document(file) for file in finished.files],
            "milliseconds": finished.milliseconds,
            "capture": finished.capture,
        }
        unfinished = {"_id": finished.id, "state": MediaState.PROCESSING}
        return await self._media.update_one(unfinished, {"$set": changes}) is not None

    async def begin_blur(self, media_id: str, seen_version: int, boxes: Sequence[BlurBox]) -> bool:
        """Take a photo from everybody until it is blurred anew; False when it is not as it was seen."""
        unseen: list[Filter] = [{"blur_version": {"$exists": False}}] if seen_version == 0 else []
        shown: Filter = {
            "_id": media_id,
            "kind": MediaKind.PHOTO,
            "state": {"$in": [MediaState.READY, MediaState.BLURRING]},
            "$or": [{"blur_version": seen_version}, *unseen],
        }
        changes = {
            "state": MediaState.BLURRING,
            "blur_version": seen_version + 1,
            "blur_boxes": [_box_document(box) for box in boxes],
        }
        return await self._media.update_one(shown, {"$set": changes}) is not None

    async def note_original(self, media_id: str, original: Original) -> bool:
        """Note where the photo lies sealed, once; False when another run did, or it is gone."""
        unsealed: Filter = {
            "_id": media_id,
            "state": MediaState.BLURRING,
            "$or": [{"original_key": None}, {"original_key": {"$exists": False}}],
        }
        changes = {"original_name": original.name, "original_key": original.key}
        return await self._media.update_one(unsealed, {"$set": changes}) is not None

    async def finish_blur(
        self, media_id: str, version: int, run: str, files: Sequence[MediaFile]
    ) -> bool:
        """Show what was made for this version; False when it was removed, or asked for otherwise since."""
        asked = {"_id": media_id, "state": MediaState.BLURRING, "blur_version": version}
        changes = {
            "state": MediaState.READY,
            "run": run,
            "files": [_file_document(file) for file in files],
        }
        return await self._media.update_one(asked, {"$set": changes}) is not None

    async def hold(self, media_id: str, holder: str) -> bool:
        """Note a holder of what is ready, or only being blurred; False when it is not, or is gone."""
        ready: Filter = {"_id": media_id, "state": {"$in": _IN_USE}}
        update: Update = {"$addToSet": {"holders": holder}, "$set": {"kept_until": None}}
        return await self._media.update_one(ready, update) is not None

    async def release(self, media_id: str, holder: str, kept_until: datetime) -> bool:
        """Take a holder away; when it was the last one, keep the media until then and return True.

        Two writes, so it needs a transaction.
        """
        ready: Filter = {"_id": media_id, "state": {"$in": _IN_USE}}
        after = await self._media.update_one(ready, {"$pull": {"holders": holder}})
        if after is None or after["holders"] or after["kept_until"] is not None:
            return False
        await self._media.update_one(ready, {"$set": {"kept_until": kept_until}})
        return True

    async def adopt(self, media_id: str, owner_id: str, new_owner_id: str, holder: str) -> bool:
        """Give what is ready to another owner, for whom `holder` keeps it; False when it is not there.

        What the new owner has already is held once more. When and where it was taken is forgotten.
        """
        ready = {
            "_id": media_id,
            "state": MediaState.READY,
            "person_id": {"$in": [owner_id, new_owner_id]},
        }
        update: Update = {
            "$set": {"person_id": new_owner_id, "kept_until": None, "capture": None},
            "$addToSet": {"holders": holder},
        }
        return await self._media.update_one(ready, update) is not None

    async def keep_until(self, media_id: str, until: datetime) -> bool:
        """Keep what is ready and not held for longer; False when it stays that long anyway."""
        shorter = {"_id": media_id, "state": MediaState.READY, "kept_until": {"$lt": until}}
        return await self._media.update_one(shorter, {"$set": {"kept_until": until}}) is not None

    async def mark_removed_of(self, media_id: str, owner_id: str) -> bool:
        """Take it away from everybody, also again; False when it is not that owner's any more."""
        return await self._set_removed({"_id": media_id, "person_id": owner_id})

    async def mark_removed(self, media_id: str) -> bool:
        """Take it away from everybody; False when that was done before."""
        present = {"_id": media_id, "state": {"$ne": MediaState.REMOVED}}
        return await self._set_removed(present)

    async def mark_expired(self, media_id: str, now: datetime) -> bool:
        """Do the same with what nobody holds and whose time is over; False when it may stay."""
        over = {
            "_id": media_id,
            "state": {"$ne": MediaState.REMOVED},
            "kept_until": {"$lte": now},
        }
        return await self._set_removed(over)

    async def overdue(self, before: datetime) -> list[Media]:
        """Return what is removed, or whose time was over before then, and yet is there."""
        gone = {"$or": [{"state": MediaState.REMOVED}, {"kept_until": {"$lt": before}}]}
        return list(map(_media, await self._media.find(gone, limit=OVERDUE_AT_ONCE)))

    async def delete(self, media_id: str) -> None:
        """Forget it: after its files, never before."""
        await self._media.delete_one({"_id": media_id})

    async def _set_removed(self, condition: Document) -> bool:
        changes: Document = {"state": MediaState.REMOVED, "holders": [], "kept_until": None}
        return await self._media.update_one(condition, {"$set": changes}) is not None


def _or_none(document: Document | None) -> Media | None:
    return _media(document) if document else None


def _document(media: Media) -> Document:
    return {
        "_id": media.id,
        "person_id": media.owner_id,
        "kind": media.kind,
        "state": media.state,
        "byte_count": media.upload.byte_count,
        "content_type": media.upload.content_type,
        "open_until": media.upload.open_until,
        "is_resumable": media.upload.is_resumable,
        "keeps_capture": media.upload.keeps_capture,
        "created_at": media.created_at,
        "kept_until": media.kept_until,
        "refusal": media.refusal,
        "run": media.run,
        "tries": media.tries,
        "files": [_file_document(file) for file in media.files],
        "milliseconds": media.milliseconds,
        "holders": sorted(media.holders),
        "capture": media.capture,
        "blur_version": media.blur.version,
        "blur_boxes": [_box_document(box) for box in media.blur.boxes],
        "original_name": media.original.name if media.original else None,
        "original_key": media.original.key if media.original else None,
    }


def _file_document(file: MediaFile) -> Document:
    return {
        "size": file.size,
        "format": file.format,
        "byte_count": file.byte_count,
        "width": file.width,
        "height": file.height,
        "sha256": file.sha256,
    }


def _media(document: Document) -> Media:
    return Media(
        id=document["_id"],
        owner_id=document["person_id"],
        kind=MediaKind(document["kind"]),
        state=MediaState(document["state"]),
        upload=Upload(
            document["byte_count"],
            document["content_type"],
            document["open_until"],
            document.get("is_resumable", False),
            document.get("keeps_capture", False),
        ),
        created_at=document["created_at"],
        kept_until=document["kept_until"],
        refusal=Refusal(document["refusal"]) if document["refusal"] else None,
        run=document["run"],
        tries=document["tries"],
        files=tuple(map(_file, document["files"])),
        milliseconds=document["milliseconds"],
        holders=frozenset(document["holders"]),
        capture=document.get("capture"),
        blur=_blur(document),
        original=_original(document),
    )


def _box_document(box: BlurBox) -> Document:
    return {"left": box.left, "top": box.top, "width": box.width, "height": box.height}


def _blur(document: Document) -> Blur:
    boxes = tuple(BlurBox(**box) for box in document.get("blur_boxes", ()))
    return Blur(document.get("blur_version", 0), boxes)


def _original(document: Document) -> Original | None:
    key = document.get("original_key")
    return Original(document["original_name"], key) if key else None


def _file(document: Document) -> MediaFile:
    return MediaFile(
        size=MediaSize(document["size"]),
        format=MediaFormat(document["format"]),
        byte_count=document["byte_count"],
        width=document["width"],
        height=document["height"],
        sha256=document.get("sha256", ""),
    )
