"""Uploads of people: asked for, sent through a signed door, said to be complete, then worked on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id, new_id
from api.kit.jobs import Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.allowances import MEGABYTE, AllowanceRepository
from api.media.errors import (
    BodyDiffers,
    DoorUnavailable,
    FilesUnavailable,
    HeicAnnounced,
    InvalidSize,
    LinkRefused,
    MediaNotFound,
    MediaUnavailable,
    NotSignedIn,
    NotUploaded,
    SizeDiffers,
    TooLarge,
    TypeNotSupported,
    UploadClosed,
)
from api.media.files import MediaFiles, UploadDoor
from api.media.folder_files import FolderFiles
from api.media.media_links import LinkSigner
from api.media.orphans import plan_sweep
from api.media.processing import PROCESS
from api.media.records import ANNOUNCED_TYPES, Media, MediaKind, MediaState, Upload
from api.media.removal import KEPT_UNHELD_FOR, Removal
from api.media.repository import MediaRepository

OPEN_FOR = timedelta(minutes=30)
RESUMABLE_FOR = timedelta(hours=24)
"""A night without a network may lie between two pieces."""
_HEIC = frozenset({"image/heic", "image/heif"})
_GRACE = timedelta(minutes=15)
"""After an upload has closed its bytes may still be on their way, and be said to be complete."""


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What an app announces. `content_type`: as its own, without parameters.

    `is_resumable`: it will be sent in pieces, for up to RESUMABLE_FOR; `keeps_capture`: as Upload has it.
    """

    kind: MediaKind
    byte_count: int
    content_type: str
    is_resumable: bool = False
    keeps_capture: bool = False


class Uploads:
    """Each person's own: another person's media is not there. `bytes_at_most`: of one file, by kind."""

    def __init__(
        self,
        store: Store,
        media: MediaRepository,
        allowances: AllowanceRepository,
        files: MediaFiles,
        signer: LinkSigner,
        removal: Removal,
        jobs: Jobs,
        idempotency: Idempotency,
        clock: Clock,
        bytes_at_most: dict[MediaKind, int],
    ) -> None:
        self._store = store
        self._media = media
        self._allowances = allowances
        self._files = files
        self._signer = signer
        self._removal = removal
        self._jobs = jobs
        self._idempotency = idempotency
        self._clock = clock
        self._bytes_at_most = bytes_at_most

    async def request(self, person_id: str | None, new: NewUpload, key: str) -> Media:
        """Open an upload; the same call again answers the same.

        Raises NotSignedIn, TypeNotSupported, InvalidSize, TooLarge, the refusals of
        AllowanceRepository.take and IdempotencyProblem; MediaNotFound for a replay after it is gone.
        """
        owner_id = _signed_in(person_id)
        self._check(new)

        async def work() -> dict[str, Any]:
            return {"media": (await self._opened(owner_id, new)).id}

        asked = {
            "kind": new.kind,
            "bytes": new.byte_count,
            "type": new.content_type,
            **({"resumable": True} if new.is_resumable else {}),
            **({"capture": True} if new.keeps_capture else {}),
        }
        result = await self._idempotency.once(owner_id, "requestUpload", key, asked, work)
        return await self._own(owner_id, result["media"])

    async def door(self, media: Media) -> UploadDoor | None:
        """Return where to send the bytes; None when the upload is not open any more.

        Raises MediaUnavailable.
        """
        if media.state is not MediaState.AWAITING or self._clock() >= media.upload.open_until:
            return None
        try:
            return await self._files.upload_door(media)
        except FilesUnavailable as error:
            raise MediaUnavailable from error

    async def complete(self, person_id: str | None, media_id: str) -> Media:
        """Have what arrived worked on; asked again it answers how far that is.

        Raises NotSignedIn, MediaNotFound, NotUploaded, SizeDiffers and MediaUnavailable.
        """
        owner_id = _signed_in(person_id)
        media = await self._own(owner_id, media_id)
        if media.state is MediaState.AWAITING:
            await self._check_arrived(media)
            await transact(self._store, lambda: self._begin(media_id))
        return await self._own(owner_id, media_id)

    async def find(self, person_id: str | None, media_id: str) -> Media | None:
        """Return media of this person, None when there is none of this id."""
        if person_id is None or not is_id(media_id):
            return None
        media = await self._media.get(media_id)
        is_there = media is not None and media.state is not MediaState.REMOVED
        return media if media and is_there and media.owner_id == person_id else None

    async def remove(self, person_id: str | None, media_id: str) -> None:
        """Take the person's own away from everybody. Raises NotSignedIn, MediaNotFound."""
        await self._own(_signed_in(person_id), media_id)
        await transact(self._store, lambda: self._removal.remove(media_id))

    async def awaited(self, media_id: str, ticket: str) -> Media:
        """Return the open upload that a signed address leads to. Raises LinkRefused, UploadClosed."""
        if not is_id(media_id) or not self._signer.takes_upload(media_id, ticket):
            raise LinkRefused
        media = await self._media.get(media_id)
        if media is None or media.state is MediaState.REMOVED:
            raise LinkRefused
        if media.state is not MediaState.AWAITING:
            raise UploadClosed
        return media

    async def receive(self, media: Media, body: AsyncIterator[bytes]) -> None:
        """Keep what is sent to our own door.

        Raises BodyDiffers, LinkRefused, UploadClosed and DoorUnavailable.
        """
        if not isinstance(self._files, FolderFiles):
            raise LinkRefused
        try:
            received = await self._files.receive(media, body)
            await self.drop_if_late(media.id)
        except FilesUnavailable as error:
            raise DoorUnavailable from error
        if received != media.upload.byte_count:
            raise BodyDiffers(announced=media.upload.byte_count)

    async def drop_if_late(self, media_id: str) -> None:
        """Leave nothing behind of a file for which nobody waits any more, now that it is in place.

        Raises LinkRefused, UploadClosed and FilesUnavailable.

        Whoever removes the media or finishes with it writes its document first, then deletes files:
        so either they delete this one, or the document tells of it here.
        """
        media = await self._media.get(media_id)
        if media is None or media.state is MediaState.REMOVED:
            await self._files.remove(media_id)
            raise LinkRefused
        if media.state in (MediaState.READY, MediaState.BLURRING, MediaState.REFUSED):
            await self._files.drop_upload(media_id)
            raise UploadClosed

    def _check(self, new: NewUpload) -> None:
        if new.content_type in _HEIC:
            raise HeicAnnounced
        if new.content_type not in ANNOUNCED_TYPES[new.kind]:
            raise TypeNotSupported(types=", ".join(ANNOUNCED_TYPES[new.kind]))
        if new.byte_count < 1:
            raise InvalidSize
        most = self._bytes_at_most[new.kind]
        if new.byte_count > most:
            raise TooLarge(most=most // MEGABYTE)

    async def _opened(self, owner_id: str, new: NewUpload) -> Media:
        now = self._clock()
        await self._allowances.take(owner_id, new.byte_count, now)
        open_until = now + (RESUMABLE_FOR if new.is_resumable else OPEN_FOR)
        media = Media(
            id=new_id(),
            owner_id=owner_id,
            kind=new.kind,
            state=MediaState.AWAITING,
            upload=Upload(
                new.byte_count, new.content_type, open_until, new.is_resumable, new.keeps_capture
            ),
            created_at=now,
            kept_until=open_until + _GRACE,
        )
        await self._media.add(media)
        await self._removal.plan_expiry(media.id, open_until + _GRACE)
        await plan_sweep(self._jobs, now)
        return media

    async def _check_arrived(self, media: Media) -> None:
        try:
            arrived = await self._files.arrived(media)
            if arrived is not None and arrived != media.upload.byte_count:
                await self._files.drop_upload(media.id)
        except FilesUnavailable as error:
            raise MediaUnavailable from error
        if arrived is None:
            raise NotUploaded
        if arrived != media.upload.byte_count:
            raise SizeDiffers(got=arrived, announced=media.upload.byte_count)

    async def _begin(self, media_id: str) -> None:
        kept_until = self._clock() + KEPT_UNHELD_FOR
        if await self._media.begin_processing(media_id, kept_until) is not None:
            await self._jobs.enqueue(PROCESS, {"media": media_id})
            await self._removal.plan_expiry(media_id, kept_until)

    async def _own(self, owner_id: str, media_id: str) -> Media:
        media = await self.find(owner_id, media_id)
        if media is None:
            raise MediaNotFound
        return media


def _signed_in(person_id: str | None) -> str:
    if person_id is None:
        raise NotSignedIn
    return person_id
