"""Where the bytes are: what slices know of it, whether it is a folder or a bucket.

What people send lies under `incoming/`, is never served, and goes when it was worked on. What we make
of it lies under `published/<media>/<run>/`, written whole and never changed. Originals of photos that
were blurred lie encrypted under `sealed/`.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from api.kit.ids import is_id
from api.media.records import Media, MediaFile

INCOMING = "incoming"
PUBLISHED = "published"
SEALED = "sealed"
BLURRED = ".blurred"
"""How the name of a run ends that blurred: a later one deletes it, and no run that came late."""


class UploadMethod(StrEnum):
    """How the bytes are sent.

    PUT: they are the body. POST: a form (multipart/form-data) of the door's fields, and last `file`.
    TUS: in pieces, after tus 1.0.0. PARTS: each part is the body of a PUT to its own address.
    """

    PUT = "PUT"
    POST = "POST"
    TUS = "TUS"
    PARTS = "PARTS"


@dataclass(frozen=True, slots=True)
class UploadPart:
    """A part of a file that goes to a bucket. `number`: from 1; `byte_count`: exactly so long."""

    number: int
    byte_count: int
    url: str
    has_arrived: bool


@dataclass(frozen=True, slots=True)
class UploadDoor:
    """Where an app sends the bytes of one upload."""

    url: str
    method: UploadMethod
    expires_at: datetime
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    parts: tuple[UploadPart, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is there. `run` is empty for what was sent in, `media_id` for what is not ours.

    Of what is sealed, `run` is its name.
    """

    key: str
    media_id: str
    run: str
    modified_at: datetime

    @property
    def is_sealed(self) -> bool:
        return self.key.startswith(f"{SEALED}/")

    @classmethod
    def at(cls, key: str, modified_at: datetime) -> "StoredFile":
        """Read whose file it is from its key."""
        match key.split("/"):
            case [folder, name] if folder == INCOMING and is_id(name.partition(".")[0]):
                return cls(key, name.partition(".")[0], "", modified_at)
            case [folder, name] if folder == SEALED and is_id(name.partition(".")[0]):
                return cls(key, name.partition(".")[0], name.partition(".")[2], modified_at)
            case [folder, media_id, run, _] if folder == PUBLISHED and is_id(media_id):
                return cls(key, media_id, run, modified_at)
            case _:
                return cls(key, "", "", modified_at)


class MediaFiles(Protocol):
    """Every call may raise FilesUnavailable, and nothing else that is expected."""

    async def upload_door(self, media: Media) -> UploadDoor:
        """Return where the bytes of an open upload go: exactly as many as were announced."""
        ...

    async def arrived(self, media: Media) -> int | None:
        """Return how many bytes were sent in, None when not all was that is sent in pieces."""
        ...

    async def fetch(self, media_id: str, to: Path, bytes_at_most: int) -> bool:
        """Put what was sent in into the file `to`; False when it is not there, or is longer."""
        ...

    async def fetch_published(self, media: Media, file: MediaFile, to: Path) -> bool:
        """Put a file that was made into the file `to`; False when it is not there."""
        ...

    async def keep_sealed(self, media_id: str, name: str, made: Path) -> None:
        """Keep an encrypted original; `made` may be moved away."""
        ...

    async def read_sealed(self, media_id: str, name: str) -> bytes | None:
        """Return an encrypted original, None when it is not there."""
        ...

    async def keep_only_sealed(self, media_id: str, name: str) -> None:
        """Delete what lies sealed under other names."""
        ...

    async def drop_upload(self, media_id: str) -> None:
        """Delete what was sent in."""
        ...

    async def publish(self, media_id: str, run: str, file: MediaFile, made: Path) -> None:
        """Keep a file that a run made; `made` may be moved away."""
        ...

    async def keep_only(self, media_id: str, run: str) -> None:
        """Delete what was sent in, and what other runs made, but for those that blurred."""
        ...

    async def drop_run(self, media_id: str, run: str) -> None:
        """Delete what a run made."""
        ...

    async def remove(self, media_id: str) -> None:
        """Delete everything of it, and find nothing to do the second time."""
        ...

    async def location(self, media: Media, file: MediaFile) -> Path | str:
        """Return the file to send, or the short-lived address to which the reader is sent on."""
        ...

    def stored(self) -> AsyncIterator[StoredFile]:
        """Yield all that is there."""
        ...

    async def delete(self, stored: StoredFile) -> None: ...

    async def close(self) -> None: ...


def incoming_key(media_id: str) -> str:
    return f"{INCOMING}/{media_id}"


def sealed_key(media_id: str, name: str) -> str:
    return f"{SEALED}/{media_id}.{name}"


def published_key(media_id: str, run: str, name: str) -> str:
    return f"{PUBLISHED}/{media_id}/{run}/{name}"
