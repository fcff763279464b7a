"""The job that makes of what was sent in what is shown, and throws the rest away."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.capture import Captures
from api.media.decoder import Decoder, Made
from api.media.files import MediaFiles
from api.media.orphans import plan_sweep
from api.media.records import Media, MediaState
from api.media.refusals import Refusal
from api.media.removal import KEPT_UNHELD_FOR, Removal
from api.media.repository import MediaRepository
from api.media.workplace import Workplace

PROCESS = "media.process"
TRIES_AT_MOST = 3
"""Of a file that something kills; a machine short of memory kills good ones too."""

log = structlog.get_logger()


class Processing:
    """Several may work at one file, when a lease was lost: each run has its own place, one is kept."""

    def __init__(
        self,
        store: Store,
        media: MediaRepository,
        files: MediaFiles,
        decoder: Decoder,
        workplace: Workplace,
        captures: Captures,
        removal: Removal,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._media = media
        self._files = files
        self._decoder = decoder
        self._workplace = workplace
        self._captures = captures
        self._removal = removal
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {PROCESS: self._process}

    async def _process(self, payload: Mapping[str, Any]) -> None:
        """Make what is shown. Raises FilesUnavailable and DecoderKilled: then it is tried again."""
        media_id: str = payload["media"]
        media = await self._media.get(media_id)
        if media is not None and media.state is MediaState.PROCESSING:
            run = new_id()
            async with self._workplace.folder(run) as folder:
                finished = await self._made(media, run, folder)
            if await self._finish(finished):
                log.info("media finished", media=media_id, refusal=finished.refusal)
        await self._tidy(media_id)

    async def _made(self, media: Media, run: str, folder: Path) -> Media:
        """Return the media as it is after this run, whose files are in place."""
        sent = folder / "sent"
        if not await self._files.fetch(media.id, sent, media.upload.byte_count):
            return _refused(media, Refusal.SIZE_DIFFERS)
        if await self._media.count_try(media.id) > TRIES_AT_MOST:
            return _refused(media, Refusal.TOO_COSTLY)
        made = await self._decoder.decode(media.kind, sent, folder)
        await self._media.clear_tries(media.id)
        if isinstance(made, Refusal):
            return _refused(media, made)
        return await self._published(media, run, made)

    async def _published(self, media: Media, run: str, made: Made) -> Media:
        for file, place in made.files:
            await self._files.publish(media.id, run, file, place)
        files = tuple(file for file, _ in made.files)
        is_kept = media.upload.keeps_capture and made.capture is not None
        return replace(
            media,
            state=MediaState.READY,
            run=run,
            files=files,
            milliseconds=made.milliseconds,
            capture=self._captures.sealed(media.id, made.capture) if is_kept else None,
        )

    async def _finish(self, finished: Media) -> bool:
        async def work() -> bool:
            kept_until = self._clock() + KEPT_UNHELD_FOR
            if not await self._media.finish(replace(finished, kept_until=kept_until)):
                return False
            await self._removal.plan_expiry(finished.id, kept_until)
            await plan_sweep(self._jobs, self._clock())
            return True

        return await transact(self._store, work)

    async def _tidy(self, media_id: str) -> None:
        """Delete what nobody needs of it any more, from whichever run."""
        media = await self._media.get(media_id)
        if media is None or media.state is MediaState.REMOVED:
            await self._files.remove(media_id)
        elif media.state not in (MediaState.PROCESSING, MediaState.BLURRING):
            await self._files.keep_only(media_id, media.run)


def _refused(media: Media, refusal: Refusal) -> Media:
    return replace(media, state=MediaState.REFUSED, refusal=refusal)
