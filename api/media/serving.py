"""What a signed address leads to, while its media is there and ready."""

from dataclasses import dataclass
from pathlib import Path

from api.kit.clock import Clock
from api.kit.ids import is_id
from api.media.errors import DoorUnavailable, FilesUnavailable, LinkRefused
from api.media.files import MediaFiles
from api.media.media_links import LinkSigner
from api.media.records import MediaFile, MediaState
from api.media.repository import MediaRepository


@dataclass(frozen=True, slots=True)
class Served:
    """`location`: a file of ours, or the address of a bucket's. `tag`: changes with the bytes.

    `seconds_left`: for how long the link still holds.
    """

    file: MediaFile
    location: Path | str
    tag: str
    seconds_left: int


class Serving:
    """Whoever has a link is shown the file: so what was removed is gone at once."""

    def __init__(
        self, media: MediaRepository, files: MediaFiles, signer: LinkSigner, clock: Clock
    ) -> None:
        self._media = media
        self._files = files
        self._signer = signer
        self._clock = clock

    async def opened(self, media_id: str, name: str, ticket: str) -> Served:
        """Return what to send. Raises LinkRefused and DoorUnavailable."""
        media = await self._media.get(media_id) if is_id(media_id) else None
        if media is None:
            raise LinkRefused
        expires_at = self._signer.opens(media_id, media.run, name, ticket)
        file = media.file(name)
        if expires_at is None or file is None or media.state is not MediaState.READY:
            raise LinkRefused
        try:
            location = await self._files.location(media, file)
        except FilesUnavailable as error:
            raise DoorUnavailable from error
        seconds_left = int((expires_at - self._clock()).total_seconds())
        return Served(file, location, f"{media.run}-{file.name}", seconds_left)
