"""Taking media away: first from everybody, in one write, then the files, and the document last.

A job that is queued in the same transaction deletes what is left, so a process that dies in between
leaves nothing that is served and nothing that stays.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.kit.clock import Clock
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.files import MediaFiles
from api.media.repository import MediaRepository

EXPIRE = "media.expire"
DELETE = "media.delete"
KEPT_UNHELD_FOR = timedelta(days=1)


class Removal:
    """Removes media, at once or when their time is over."""

    def __init__(
        self, store: Store, media: MediaRepository, files: MediaFiles, jobs: Jobs, clock: Clock
    ) -> None:
        self._store = store
        self._media = media
        self._files = files
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {EXPIRE: self._expire, DELETE: self._delete}

    async def plan_expiry(self, media_id: str, at: datetime) -> None:
        """Look then whether its time is over; joins the open transaction."""
        await self._jobs.enqueue(EXPIRE, {"media": media_id}, run_at=at)

    async def release(self, media_id: str, holder: str) -> None:
        """Take a holder away; needs an open transaction."""
        kept_until = self._clock() + KEPT_UNHELD_FOR
        if await self._media.release(media_id, holder, kept_until):
            await self.plan_expiry(media_id, kept_until)

    async def remove(self, media_id: str) -> None:
        """Take it away from everybody and queue the rest; needs an open transaction."""
        if await self._media.mark_removed(media_id):
            await self._jobs.enqueue(DELETE, {"media": media_id})

    async def remove_now(self, media_id: str) -> None:
        """Remove it with its files and its document. Raises FilesUnavailable: then ask again."""
        await self._media.mark_removed(media_id)
        await self.delete(media_id)

    async def remove_all_of(self, owner_id: str, media_ids: Sequence[str]) -> None:
        """Remove now what of these is still the owner's. Raises FilesUnavailable: then ask again."""
        for media_id in media_ids:
            if await self._media.mark_removed_of(media_id, owner_id):
                await self.delete(media_id)

    async def delete(self, media_id: str) -> None:
        """Delete the files of what was removed, then its document. Raises FilesUnavailable."""
        await self._files.remove(media_id)
        await self._media.delete(media_id)

    async def expire(self, media_id: str) -> None:
        """Take it away from everybody if nobody holds it and its time is over."""

        async def work() -> None:
            if await self._media.mark_expired(media_id, self._clock()):
                await self._jobs.enqueue(DELETE, {"media": media_id})

        await transact(self._store, work)

    async def _expire(self, payload: Mapping[str, Any]) -> None:
        await self.expire(payload["media"])

    async def _delete(self, payload: Mapping[str, Any]) -> None:
        await self.delete(payload["media"])
