"""Files in a folder: written beside their place, flushed, then renamed into it, so they are whole or absent.

All hosts that share a store must share the folder.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from api.kit.ids import new_id
from api.kit.whole_file import flush
from api.media.errors import FilesUnavailable
from api.media.files import (
    BLURRED,
    INCOMING,
    PUBLISHED,
    SEALED,
    StoredFile,
    UploadDoor,
    UploadMethod,
)
from api.media.media_links import LinkSigner
from api.media.records import Media, MediaFile
from api.media.resumable.part_file import PartFile, remove_part

Result = TypeVar("Result")

_WRITTEN_AT_ONCE = 1_048_576


class FolderFiles:
    """Implements MediaFiles under `root`."""

    def __init__(self, root: Path, signer: LinkSigner) -> None:
        self._incoming = root / INCOMING
        self._published = root / PUBLISHED
        self._sealed = root / SEALED
        self._signer = signer

    async def upload_door(self, media: Media) -> UploadDoor:
        upload, url = media.upload, self._signer.upload_link(media)
        method = UploadMethod.TUS if upload.is_resumable else UploadMethod.PUT
        return UploadDoor(url, method, upload.open_until)

    async def receive(self, media: Media, body: AsyncIterator[bytes]) -> int:
        """Write what comes of an upload's body, and return how many bytes came.

        It takes the upload's place only when it is as long as announced. Raises FilesUnavailable,
        and whatever `body` raises.
        """
        draft = self.draft(media.id)
        try:
            received = await self.written(draft, body)
            if received == media.upload.byte_count:
                await in_thread(lambda: _rename(draft, self._incoming / media.id))
        finally:
            with suppress(FilesUnavailable):
                await in_thread(lambda: draft.unlink(missing_ok=True))
        return received

    def part(self, media_id: str) -> PartFile:
        """Return what has come of a resumable upload."""
        return PartFile(self._incoming / media_id)

    def draft(self, media_id: str) -> Path:
        """Return where something of an upload can be written that may not stay."""
        return self._incoming / f"{media_id}.{new_id()}"

    async def arrived(self, media: Media) -> int | None:
        return await in_thread(lambda: _size(self._incoming / media.id))

    async def fetch(self, media_id: str, to: Path, bytes_at_most: int) -> bool:
        def work() -> bool:
            is_there = _linked(self._incoming / media_id, to)
            return is_there and to.stat().st_size <= bytes_at_most

        return await in_thread(work)

    async def fetch_published(self, media: Media, file: MediaFile, to: Path) -> bool:
        place = self._file(media.id, media.run, file.name)
        return await in_thread(lambda: _linked(place, to))

    async def keep_sealed(self, media_id: str, name: str, made: Path) -> None:
        def work() -> None:
            self._sealed.mkdir(mode=0o700, parents=True, exist_ok=True)
            flush(made)
            made.replace(self._sealed / f"{media_id}.{name}")
            flush(self._sealed)

        await in_thread(work)

    async def read_sealed(self, media_id: str, name: str) -> bytes | None:
        place = self._sealed / f"{media_id}.{name}"
        return await in_thread(lambda: place.read_bytes() if place.exists() else None)

    async def keep_only_sealed(self, media_id: str, name: str) -> None:
        def work() -> None:
            for original in self._sealed.glob(f"{media_id}.*"):
                if original.name != f"{media_id}.{name}":
                    original.unlink(missing_ok=True)

        await in_thread(work)

    async def drop_upload(self, media_id: str) -> None:
        await in_thread(lambda: self._drop_upload(media_id))

    async def publish(self, media_id: str, run: str, file: MediaFile, made: Path) -> None:
        place = self._file(media_id, run, file.name)

        def work() -> None:
            place.parent.mkdir(parents=True, exist_ok=True)
            flush(made)
            made.replace(place)
            for folder in (place.parent, place.parent.parent, place.parent.parent.parent):
                flush(folder)

        await in_thread(work)

    async def keep_only(self, media_id: str, run: str) -> None:
        def work() -> None:
            self._drop_upload(media_id)
            for folder in _entries(self._published / media_id[:2] / media_id):
                if folder.name != run and not folder.name.endswith(BLURRED):
                    _remove_tree(folder)

        await in_thread(work)

    async def drop_run(self, media_id: str, run: str) -> None:
        folder = self._published / media_id[:2] / media_id
        await in_thread(lambda: _remove_tree(folder / run))

    async def remove(self, media_id: str) -> None:
        def work() -> None:
            for folder in (self._incoming, self._sealed):
                for file in folder.glob(f"{media_id}*"):
                    file.unlink(missing_ok=True)
            _remove_tree(self._published / media_id[:2] / media_id)

        await in_thread(work)

    async def location(self, media: Media, file: MediaFile) -> Path | str:
        return self._file(media.id, media.run, file.name)

    async def stored(self) -> AsyncIterator[StoredFile]:
        for folder in (self._incoming, self._sealed):
            for file in await in_thread(partial(_in_flat, folder)):
                yield file
        for shard in await in_thread(lambda: _entries(self._published)):
            for file in await in_thread(partial(_in_shard, shard)):
                yield file

    async def delete(self, stored: StoredFile) -> None:
        def work() -> None:
            folder, _, rest = stored.key.partition("/")
            flat = {INCOMING: self._incoming, SEALED: self._sealed}
            root = flat.get(folder, self._published / rest[:2])
            (root / rest).unlink(missing_ok=True)
            with suppress(OSError):  # another file is in it, or it is one for all
                (root / rest).parent.rmdir()
                (root / rest).parent.parent.rmdir()

        await in_thread(work)

    async def close(self) -> None:
        """Nothing is held."""

    def _file(self, media_id: str, run: str, name: str) -> Path:
        return self._published / media_id[:2] / media_id / run / name

    def _drop_upload(self, media_id: str) -> None:
        (self._incoming / media_id).unlink(missing_ok=True)
        remove_part(self._incoming / media_id)

    async def written(self, draft: Path, body: AsyncIterator[bytes]) -> int:
        """Write what comes into a new file, flush it, and return how many bytes came."""

        def begin() -> int:
            draft.parent.mkdir(parents=True, exist_ok=True)
            return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

        descriptor = await in_thread(begin)
        size = 0
        waiting = bytearray()  # pieces may come by the byte: each costs its own length and no more
        try:
            async for piece in body:
                waiting.extend(piece)
                size += len(piece)
                if len(waiting) >= _WRITTEN_AT_ONCE:
                    await in_thread(lambda: _write_all(descriptor, waiting))
            await in_thread(lambda: _write_all(descriptor, waiting))
            await in_thread(lambda: os.fsync(descriptor))
        finally:
            os.close(descriptor)
        return size


async def in_thread(work: Callable[[], Result]) -> Result:
    """Return what `work` returns, done beside the loop. Raises FilesUnavailable."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise FilesUnavailable(type(error).__name__) from error


def _write_all(descriptor: int, waiting: bytearray) -> None:
    rest = memoryview(bytes(waiting))
    waiting.clear()
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _rename(draft: Path, place: Path) -> None:
    with suppress(
        FileNotFoundError
    ):  # removed while it came; whoever looks at the document sees it
        draft.replace(place)
        flush(place.parent)


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return None


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _remove_tree(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _linked(place: Path, to: Path) -> bool:
    try:
        os.link(place, to)
    except FileNotFoundError:
        return False
    return True


def _in_flat(folder: Path) -> list[StoredFile]:
    return list(_stored(folder, ""))


def _in_shard(shard: Path) -> list[StoredFile]:
    return list(_stored(shard, "*/*/*"))


def _stored(folder: Path, pattern: str) -> Iterable[StoredFile]:
    files = folder.glob(pattern) if pattern else _entries(folder)
    prefix = f"{PUBLISHED}/" if pattern else f"{folder.name}/"
    for file in files:
        with suppress(FileNotFoundError):  # gone meanwhile
            modified_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield StoredFile.at(f"{prefix}{file.relative_to(folder).as_posix()}", modified_at)
