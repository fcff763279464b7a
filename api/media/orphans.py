"""The nightly net: files that no document names, and documents whose jobs did not finish them.

Every way of removing something has a job of its own. This finds what came too late for it: an
upload that ended after its document went, a draft of a process that was killed.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import structlog

from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.files import MediaFiles, StoredFile
from api.media.records import Media, MediaState
from api.media.removal import Removal
from api.media.repository import MediaRepository
from api.media.workplace import Workplace

SWEEP = "media.sweep"
STALE_AFTER = timedelta(hours=2)
"""Longer than any upload or attempt may take: until then a file may belong to one under way."""
_SWEPT_AT = time(2, tzinfo=VIETNAM_TIME)
_AT_ONCE = 200

log = structlog.get_logger()


async def plan_sweep(jobs: Jobs, now: datetime) -> None:
    """Sweep in the first night in which what begins now is stale; joins the open transaction."""
    local = now.astimezone(VIETNAM_TIME)
    day = local.date() if local.timetz() < _SWEPT_AT else local.date() + timedelta(days=1)
    night = datetime.combine(day, _SWEPT_AT)
    if night - now <= STALE_AFTER:
        night += timedelta(days=1)
    await jobs.enqueue(SWEEP, {}, id=derived_id("media sweep", night.isoformat()), run_at=night)


class OrphanSweep:
    """Deletes what nobody will ask for."""

    def __init__(
        self,
        store: Store,
        media: MediaRepository,
        files: MediaFiles,
        removal: Removal,
        workplace: Workplace,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._media = media
        self._files = files
        self._removal = removal
        self._workplace = workplace
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {SWEEP: self._sweep}

    async def _sweep(self, _: Mapping[str, Any]) -> None:
        stale_before = self._clock() - STALE_AFTER
        await self._workplace.clear(stale_before)
        documents = await self._finish_removals(stale_before)
        files, is_some_young = await self._delete_orphans(stale_before)
        if is_some_young:
            await transact(self._store, lambda: plan_sweep(self._jobs, self._clock()))
        if files or documents:
            log.info("media swept", files=files, documents=documents)

    async def _finish_removals(self, stale_before: datetime) -> int:
        overdue = await self._media.overdue(stale_before)
        for media in overdue:
            if media.state is MediaState.REMOVED:
                await self._removal.delete(media.id)
            else:
                await self._removal.expire(media.id)
        return len(overdue)

    async def _delete_orphans(self, stale_before: datetime) -> tuple[int, bool]:
        deleted, is_some_young = 0, False
        batch: list[StoredFile] = []
        async for file in self._files.stored():
            if file.modified_at > stale_before:
                is_some_young = True
                continue
            batch.append(file)
            if len(batch) == _AT_ONCE:
                deleted += await self._delete_unnamed(batch)
                batch = []
        return deleted + await self._delete_unnamed(batch), is_some_young

    async def _delete_unnamed(self, batch: list[StoredFile]) -> int:
        named = await self._media.get_many(sorted({file.media_id for file in batch}))
        orphans = [file for file in batch if not is_needed(file, named.get(file.media_id))]
        for file in orphans:
            await self._files.delete(file)
        return len(orphans)


def is_needed(file: StoredFile, media: Media | None) -> bool:
    """Tell whether a file is one of its media's, or may become one."""
    if media is None:
        return False
    if media.state is MediaState.PROCESSING:
        return True
    if media.state is MediaState.AWAITING:
        return not file.run
    if media.state is MediaState.BLURRING:
        return True
    if file.is_sealed:
        return media.original is not None and file.run == media.original.name
    return media.state is MediaState.READY and file.run == media.run
