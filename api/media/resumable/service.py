"""What the tus door does: tell where to go on, and take the next piece."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from api.kit.bounded_body import ClientGone
from api.kit.request_refusals import BodyTooLarge, BodyTooSlow
from api.media.errors import DoorUnavailable, FilesUnavailable, LinkRefused
from api.media.files import MediaFiles
from api.media.folder_files import FolderFiles, in_thread
from api.media.records import Media
from api.media.resumable.errors import ChecksumDiffers, ChecksumUnknown, OffsetDiffers, Overtaken
from api.media.resumable.part_file import PartFile, Turn
from api.media.uploads import Uploads

ALGORITHMS: Final = ("sha1", "sha256")
_WRITTEN_AT_ONCE = 131_072
"""So much may be lost of a connection that hangs when somebody else goes on."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a piece must add up to. `algorithm`: one of ALGORITHMS."""

    algorithm: str
    digest: bytes

    @classmethod
    def of(cls, header: str) -> "Checksum":
        """Read the value of Upload-Checksum. Raises ChecksumUnknown."""
        algorithm, _, encoded = header.partition(" ")
        try:
            digest = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            digest = b""
        if algorithm not in ALGORITHMS or not digest:
            raise ChecksumUnknown(algorithms=", ".join(ALGORITHMS))
        return cls(algorithm, digest)


class Resuming:
    """Each upload by its signed address. FilesUnavailable never leaves: it is DoorUnavailable."""

    def __init__(self, uploads: Uploads, files: MediaFiles) -> None:
        self._uploads = uploads
        self._files = files

    async def awaited(self, media_id: str, ticket: str) -> Media:
        """Return the resumable upload of an address. Raises LinkRefused, UploadClosed."""
        media = await self._uploads.awaited(media_id, ticket)
        if not media.upload.is_resumable:
            raise LinkRefused
        return media

    async def offset(self, media: Media) -> int:
        """Return how many bytes have come and will stay; whoever sends now sends in vain.

        Raises LinkRefused, DoorUnavailable.
        """
        try:
            return (await self._turn(media)).offset
        except FilesUnavailable as error:
            raise DoorUnavailable from error

    async def append(
        self, media: Media, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None
    ) -> int:
        """Keep a piece, and return how many bytes have come. Of a broken one what came is kept.

        With a checksum the piece is kept whole or not at all. Raises OffsetDiffers,
        ChecksumDiffers, LinkRefused, UploadClosed, DoorUnavailable and whatever `body` raises.
        """
        try:
            turn = await self._turn(media)
            if turn.offset != offset:
                raise OffsetDiffers(turn.offset)
            reached = await self._keep(media, turn, body, checksum)
            settled = await self._settled(media, turn, reached)
            await self._uploads.drop_if_late(media.id)
        except Overtaken:
            raise OffsetDiffers(offset) from None
        except FilesUnavailable as error:
            raise DoorUnavailable from error
        return settled

    async def _turn(self, media: Media) -> Turn:
        files = self._folder()
        if (whole := await files.arrived(media)) is not None:
            return Turn("", whole)
        part = files.part(media.id)
        turn = await in_thread(part.take_turn)
        if turn.offset == media.upload.byte_count:  # it was killed before it could be put in place
            await in_thread(lambda: part.settle(turn, media.upload.byte_count))
        return turn

    async def _keep(
        self, media: Media, turn: Turn, body: AsyncIterator[bytes], checksum: Checksum | None
    ) -> int:
        """Write a piece, and return where it ends."""
        if turn.offset == media.upload.byte_count:
            return turn.offset
        if checksum is None:
            return await _kept_as_it_comes(self._folder().part(media.id), turn, body)
        return await self._kept_if_sound(media, turn, body, checksum)

    async def _kept_if_sound(
        self, media: Media, turn: Turn, body: AsyncIterator[bytes], checksum: Checksum
    ) -> int:
        files = self._folder()
        draft, hashed = files.draft(media.id), hashlib.new(checksum.algorithm)

        async def read() -> AsyncIterator[bytes]:
            async for piece in body:
                hashed.update(piece)
                yield piece

        try:
            length = await files.written(draft, read())
            if not hmac.compare_digest(hashed.digest(), checksum.digest):
                raise ChecksumDiffers
            part = files.part(media.id)
            await in_thread(lambda: part.append_file(turn, turn.offset, draft))
            return turn.offset + length
        finally:
            await in_thread(lambda: draft.unlink(missing_ok=True))

    async def _settled(self, media: Media, turn: Turn, reached: int) -> int:
        byte_count = media.upload.byte_count
        if turn.offset == byte_count:
            return byte_count
        files = self._folder()
        try:
            return await in_thread(lambda: files.part(media.id).settle(turn, byte_count))
        except Overtaken:
            if reached == byte_count == await files.arrived(media):
                return byte_count  # whoever took the turn found our last piece and settled for us
            raise

    def _folder(self) -> FolderFiles:
        """Return our own folder. Raises LinkRefused: what goes to a bucket has no door here."""
        if not isinstance(self._files, FolderFiles):
            raise LinkRefused
        return self._files


async def _kept_as_it_comes(part: PartFile, turn: Turn, body: AsyncIterator[bytes]) -> int:
    at, waiting = turn.offset, bytearray()

    async def write() -> int:
        piece = bytes(waiting)
        waiting.clear()
        await in_thread(lambda: part.append(turn, at, piece))
        return at + len(piece)

    try:
        async for piece in body:
            waiting.extend(piece)
            if len(waiting) >= _WRITTEN_AT_ONCE:
                at = await write()
    except (ClientGone, BodyTooSlow, BodyTooLarge):
        await write()
        raise
    return await write()
