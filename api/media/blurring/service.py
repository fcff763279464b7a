"""Blurring a photo: first it is shown to nobody, then a worker makes a copy with less to see.

What clerks ask is one write, which counts only for the version that they saw. From then on every
address of the photo is refused, whatever dies; it is shown again with the boxes hidden, or not at all.
Each run begins with the original, so what is hidden can be changed, and nothing is lost by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

import structlog

from api.kit.ids import derived_id, is_id, new_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.blurring.errors import BlurChanged, InvalidBoxes
from api.media.blurring.originals import Originals
from api.media.decoder import Decoder, DecoderKilled
from api.media.errors import (
    DoorUnavailable,
    FilesUnavailable,
    LinkRefused,
    MediaNotFound,
    OtherKind,
)
from api.media.files import BLURRED, MediaFiles
from api.media.media_links import LinkSigner
from api.media.records import (
    Blur,
    BlurBox,
    Media,
    MediaFormat,
    MediaKind,
    MediaSize,
    MediaState,
)
from api.media.refusals import Refusal
from api.media.repository import MediaRepository
from api.media.workplace import Workplace

BLUR_PHOTO = "media.blur"
BOXES_AT_MOST = 100
_SHOWN = f"{MediaSize.LARGE}.{MediaFormat.JPEG}"
"""Of what is shown, what becomes the original."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PhotoBlur:
    """What is hidden of a photo. `is_under_way`: a worker makes the copy, and nobody sees the photo."""

    media_id: str
    blur: Blur
    is_under_way: bool


@dataclass(frozen=True, slots=True)
class OriginalLink:
    url: str
    expires_at: datetime


class Blurring:
    """For slices that show photos: they check who may, and write the audit log; media knows no roles."""

    def __init__(
        self,
        store: Store,
        media: MediaRepository,
        files: MediaFiles,
        originals: Originals,
        decoder: Decoder,
        workplace: Workplace,
        signer: LinkSigner,
        jobs: Jobs,
    ) -> None:
        self._store = store
        self._media = media
        self._files = files
        self._originals = originals
        self._decoder = decoder
        self._workplace = workplace
        self._signer = signer
        self._jobs = jobs

    def handlers(self) -> dict[str, Handler]:
        return {BLUR_PHOTO: self._blur}

    async def blur(self, media_id: str, seen_version: int, boxes: Sequence[BlurBox]) -> None:
        """Take a photo from everybody until exactly these boxes are hidden; joins the open transaction.

        Raises MediaNotFound, OtherKind, InvalidBoxes and BlurChanged.
        """
        media = await self._shown(media_id)
        _check(media, boxes)

        async def work() -> None:
            if not await self._media.begin_blur(media_id, seen_version, boxes):
                raise BlurChanged
            await self._jobs.enqueue(BLUR_PHOTO, {"media": media_id, "version": seen_version + 1})

        await transact(self._store, work)

    async def blurs(self, media_ids: Sequence[str]) -> list[PhotoBlur]:
        """Return what is hidden of each photo that is there."""
        found = await self._media.get_many([one for one in media_ids if is_id(one)])
        there = [found[one] for one in media_ids if one in found]
        return [
            PhotoBlur(one.id, one.blur, one.state is MediaState.BLURRING)
            for one in there
            if one.kind is MediaKind.PHOTO and _is_in_use(one)
        ]

    async def original_link(self, media_id: str) -> OriginalLink:
        """Return an address that shows the original for some minutes, to whoever has it.

        Raises MediaNotFound, also for a photo that was never blurred.
        """
        media = await self._shown(media_id)
        if media.original is None:
            raise MediaNotFound
        return OriginalLink(*self._signer.original_link(media_id))

    async def opened(self, media_id: str, ticket: str) -> bytes:
        """Return the original, a JPEG, that an address leads to. Raises LinkRefused, DoorUnavailable."""
        if not is_id(media_id) or not self._signer.opens_original(media_id, ticket):
            raise LinkRefused
        media = await self._media.get(media_id)
        if media is None or not _is_in_use(media):
            raise LinkRefused
        try:
            original = await self._originals.read(media)
        except FilesUnavailable as error:
            raise DoorUnavailable from error
        if original is None:
            raise LinkRefused
        return original

    async def _shown(self, media_id: str) -> Media:
        media = await self._media.get(media_id) if is_id(media_id) else None
        if media is None or not _is_in_use(media):
            raise MediaNotFound
        if media.kind is not MediaKind.PHOTO:
            raise OtherKind
        return media

    async def _blur(self, payload: Mapping[str, Any]) -> None:
        """Make the copy. Raises FilesUnavailable and DecoderKilled: then it is tried again."""
        media_id, version = str(payload["media"]), int(payload["version"])
        run = derived_id("blur", media_id, str(version)) + BLURRED
        if await self._is_asked(media_id, version):
            async with self._workplace.folder(new_id()) as folder:
                await self._make(media_id, version, run, folder)
        await self._tidy(media_id, run)

    async def _is_asked(self, media_id: str, version: int) -> bool:
        media = await self._media.get(media_id)
        return media is not None and _is_awaited(media, version)

    async def _make(self, media_id: str, version: int, run: str, folder: Path) -> None:
        media = await self._sealed(media_id, folder)
        if media is None or not _is_awaited(media, version):
            return
        if media.run != run:
            await self._files.drop_run(media_id, media.run)  # nobody is shown it any more
        clear = await self._originals.read(media)
        if clear is None:
            raise FilesUnavailable("original")
        original = folder / "original"
        original.write_bytes(clear)
        made = await self._decoder.blur(original, media.blur.boxes, folder)
        if isinstance(made, Refusal):
            raise DecoderKilled(made)
        for file, place in made.files:
            await self._files.publish(media_id, run, file, place)
        files = [file for file, _ in made.files]
        if await self._media.finish_blur(media_id, version, run, files):
            log.info("photo blurred", media=media_id, boxes=len(media.blur.boxes))

    async def _sealed(self, media_id: str, folder: Path) -> Media | None:
        """Return the media with its original sealed; None when it is gone."""
        media = await self._media.get(media_id)
        if media is None or media.original is not None:
            return media
        file = media.file(_SHOWN)
        shown = folder / "shown"
        if file is None or not await self._files.fetch_published(media, file, shown):
            again = await self._media.get(media_id)
            if again is not None and again.original is None and _is_in_use(again):
                raise FilesUnavailable("photo")
            return again
        original = await self._originals.keep(media_id, shown.read_bytes(), folder)
        await self._media.note_original(media_id, original)
        return await self._media.get(media_id)

    async def _tidy(self, media_id: str, run: str) -> None:
        """Delete what nobody needs of this run, and what other runs sealed in vain."""
        media = await self._media.get(media_id)
        if media is None or media.state is MediaState.REMOVED:
            await self._files.remove(media_id)
            return
        if media.run != run:
            await self._files.drop_run(media_id, run)
        if media.original is not None:
            await self._files.keep_only_sealed(media_id, media.original.name)


def _is_in_use(media: Media) -> bool:
    return media.state in (MediaState.READY, MediaState.BLURRING)


def _is_awaited(media: Media, version: int) -> bool:
    return media.state is MediaState.BLURRING and media.blur.version == version


def _check(media: Media, boxes: Sequence[BlurBox]) -> None:
    is_needless = not boxes and media.blur.version == 0
    if is_needless or len(boxes) > BOXES_AT_MOST or not all(map(_is_within, boxes)):
        raise InvalidBoxes(most=BOXES_AT_MOST)


def _is_within(box: BlurBox) -> bool:
    numbers = (box.left, box.top, box.width, box.height)
    if not all(map(isfinite, numbers)) or min(numbers) < 0 or not box.width or not box.height:
        return False
    return box.left + box.width <= 1 and box.top + box.height <= 1
