"""Links to files of ours that hold for an hour or two: whoever has one needs no account."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from api.kit.clock import Clock
from api.kit.sealing import Sealer
from api.media.records import Media, MediaFile, MediaFormat, MediaKind, MediaSize

STEP = timedelta(hours=1)
"""Links end at whole steps: within one a file has one address, and a phone fetches it once."""
ORIGINAL_SHOWN_FOR = timedelta(minutes=5)
_TICKET = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class MediaLinks:
    """Where the files of one photo, recording or video are fetched, until `expires_at`.

    `width`, `height`: pixels of the large picture or the video, 0 for sounds; `milliseconds`: 0 for photos.
    """

    media_id: str
    kind: MediaKind
    large: Mapping[MediaFormat, str]
    thumbnail: Mapping[MediaFormat, str]
    sound: Mapping[MediaFormat, str]
    video: Mapping[MediaFormat, str]
    width: int
    height: int
    milliseconds: int
    files: tuple[tuple[MediaFile, str], ...]
    expires_at: datetime


class LinkSigner:
    """Signs addresses under a key of the root's. `public_url`: under which phones reach the API."""

    def __init__(self, sealer: Sealer, public_url: str, clock: Clock) -> None:
        self._key = sealer.key_for("media link")
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def links(self, media: Media) -> MediaLinks:
        """Return the links to what is ready."""
        expires_at = self._expires_at()
        files = tuple((file, self._link(media, file, expires_at)) for file in media.files)
        shown = (MediaSize.LARGE, MediaSize.VIDEO)
        large = next((file for file in media.files if file.size in shown), None)
        return MediaLinks(
            media_id=media.id,
            kind=media.kind,
            large=_by_format(files, MediaSize.LARGE),
            thumbnail=_by_format(files, MediaSize.THUMBNAIL),
            sound=_by_format(files, MediaSize.SOUND),
            video=_by_format(files, MediaSize.VIDEO),
            width=large.width if large else 0,
            height=large.height if large else 0,
            milliseconds=media.milliseconds,
            files=files,
            expires_at=expires_at,
        )

    def opens(self, media_id: str, run: str, name: str, ticket: str) -> datetime | None:
        """Return until when `ticket` opens this file of this run, None when it does not."""
        return self._opened("file", (media_id, run, name), ticket)

    def upload_link(self, media: Media) -> str:
        """Return the address to which the bytes of an open upload may be sent."""
        seconds = str(int(media.upload.open_until.timestamp()))
        ticket = f"{seconds}.{self._proof('upload', (media.id,), seconds)}"
        return f"{self._public_url}/v1/media/uploads/{media.id}?ticket={ticket}"

    def takes_upload(self, media_id: str, ticket: str) -> bool:
        """Tell whether `ticket` is a link of ours to this upload that still holds."""
        return self._opened("upload", (media_id,), ticket) is not None

    def original_link(self, media_id: str) -> tuple[str, datetime]:
        """Return an address that shows what a photo was before it was blurred, and until when."""
        expires_at = self._clock() + ORIGINAL_SHOWN_FOR
        seconds = str(int(expires_at.timestamp()))
        ticket = f"{seconds}.{self._proof('original', (media_id,), seconds)}"
        return f"{self._public_url}/v1/media/originals/{media_id}?ticket={ticket}", expires_at

    def opens_original(self, media_id: str, ticket: str) -> bool:
        """Tell whether `ticket` shows this original and still holds."""
        return self._opened("original", (media_id,), ticket) is not None

    def _link(self, media: Media, file: MediaFile, expires_at: datetime) -> str:
        seconds = str(int(expires_at.timestamp()))
        ticket = f"{seconds}.{self._proof('file', (media.id, media.run, file.name), seconds)}"
        return f"{self._public_url}/v1/media/{media.id}/{file.name}?ticket={ticket}"

    def _opened(self, purpose: str, parts: tuple[str, ...], ticket: str) -> datetime | None:
        found = _TICKET.fullmatch(ticket)
        if found is None:
            return None
        if not hmac.compare_digest(self._proof(purpose, parts, found[1]), found[2]):
            return None
        expires_at = datetime.fromtimestamp(int(found[1]), UTC)
        return expires_at if self._clock() < expires_at else None

    def _proof(self, purpose: str, parts: tuple[str, ...], seconds: str) -> str:
        named = [part.encode() for part in (purpose, *parts, seconds)]
        joined = b"".join(len(part).to_bytes(4, "big") + part for part in named)
        return hmac.new(self._key, joined, sha256).hexdigest()

    def _expires_at(self) -> datetime:
        step = STEP.total_seconds()
        return datetime.fromtimestamp((self._clock().timestamp() // step + 2) * step, UTC)


def _by_format(
    files: tuple[tuple[MediaFile, str], ...], size: MediaSize
) -> Mapping[MediaFormat, str]:
    return {file.format: url for file, url in files if file.size is size}
