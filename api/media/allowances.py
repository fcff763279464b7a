"""How much one person may send: open at a time, a day, and kept in all.

The count of the day is written first, so two requests of one person come one after the other, and
what is open and kept is then simply read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.kit.formats import day_in_vietnam
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store, WriteConflict
from api.media.errors import TooManyOpenUploads, TooManyUploads, TooMuchMedia
from api.media.records import Media, MediaState
from api.media.repository import MediaRepository

MEDIA_COUNTS = CollectionSpec("media_counts", (Index(("kept_until",), expire_after_seconds=0),))

MEGABYTE = 1_000_000
_KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Allowances:
    """What one person may have."""

    open_at_most: int
    uploads_a_day: int
    bytes_at_most: int


class AllowanceRepository:
    """Counts uploads by person and day, as the calendar in Vietnam has it."""

    def __init__(self, store: Store, media: MediaRepository, allowances: Allowances) -> None:
        self._counts = store[MEDIA_COUNTS]
        self._media = media
        self._most = allowances

    async def take(self, person_id: str, byte_count: int, now: datetime) -> None:
        """Count one upload; needs an open transaction, which a refusal must undo.

        Raises TooManyUploads, TooManyOpenUploads and TooMuchMedia; WriteConflict when another
        request of the person was faster.
        """
        await self._count_today(person_id, now)
        mine = await self._media.all_of(person_id)
        if sum(_is_open(media, now) for media in mine) >= self._most.open_at_most:
            raise TooManyOpenUploads(most=self._most.open_at_most)
        if sum(media.bytes_kept for media in mine) + byte_count > self._most.bytes_at_most:
            raise TooMuchMedia(most=self._most.bytes_at_most // MEGABYTE)

    async def taken_today(self, person_id: str, now: datetime) -> int:
        kept = await self._counts.get(_id(person_id))
        return int(kept["count"]) if kept and kept["day"] == day_in_vietnam(now).isoformat() else 0

    async def forget(self, person_id: str) -> None:
        await self._counts.delete_one({"_id": _id(person_id)})

    async def _count_today(self, person_id: str, now: datetime) -> None:
        count_id, day = _id(person_id), day_in_vietnam(now).isoformat()
        fresh = {"day": day, "count": 1, "kept_until": now + _KEPT_FOR}
        today = {"_id": count_id, "day": day}
        room = {**today, "count": {"$lt": self._most.uploads_a_day}}
        if await self._counts.update_one(room, {"$inc": {"count": 1}}):
            return
        if await self._counts.get(count_id) is None:
            try:
                await self._counts.insert({"_id": count_id, **fresh})
            except DuplicateKey as error:
                raise WriteConflict from error
            return
        earlier = {"_id": count_id, "day": {"$ne": day}}
        if await self._counts.update_one(earlier, {"$set": fresh}) is None:
            raise TooManyUploads(most=self._most.uploads_a_day)


def _is_open(media: Media, now: datetime) -> bool:
    is_awaited = media.state is MediaState.AWAITING and now < media.upload.open_until
    return is_awaited or media.state is MediaState.PROCESSING


def _id(person_id: str) -> str:
    return derived_id("media counts", person_id)
