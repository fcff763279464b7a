"""Photos, recordings and videos as they are kept, and the fixed list of what is made of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.media.refusals import Refusal


class MediaKind(StrEnum):
    PHOTO = auto()
    AUDIO = auto()
    VIDEO = auto()


class MediaState(StrEnum):
    AWAITING = auto()
    """An upload is open."""
    PROCESSING = auto()
    READY = auto()
    BLURRING = auto()
    """It was ready, and is shown to nobody until a copy with less to see is made."""
    REFUSED = auto()
    REMOVED = auto()
    """Gone for everybody; its files are being deleted, then the document goes."""


class MediaSize(StrEnum):
    """How large a file is meant to be shown: the longer side in pixels, a sound, or a video as it is."""

    LARGE = auto()
    THUMBNAIL = auto()
    SOUND = auto()
    VIDEO = auto()


class MediaFormat(StrEnum):
    AVIF = auto()
    WEBP = auto()
    JPEG = auto()
    M4A = auto()
    MP3 = auto()
    OGG = auto()
    WAV = auto()
    MP4 = auto()


CONTENT_TYPES = {
    MediaFormat.AVIF: "image/avif",
    MediaFormat.WEBP: "image/webp",
    MediaFormat.JPEG: "image/jpeg",
    MediaFormat.M4A: "audio/mp4",
    MediaFormat.MP3: "audio/mpeg",
    MediaFormat.OGG: "audio/ogg",
    MediaFormat.WAV: "audio/wav",
    MediaFormat.MP4: "video/mp4",
}
"""What is served, and as what. Nothing that a browser runs is ever among it."""

ANNOUNCED_TYPES = {
    MediaKind.PHOTO: ("image/jpeg", "image/png", "image/webp", "image/avif"),
    MediaKind.AUDIO: ("audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav"),
    MediaKind.VIDEO: ("video/mp4", "video/quicktime", "video/3gpp"),
}
"""What an app may announce. What a file is, its bytes decide."""


PROVINCE_OWNER = "province"
"""Owner of what staff gave to the province; no person has an id of this shape."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that we made. `width`, `height`: pixels, 0 for sounds; `byte_count`: its length.

    `sha256`: of the bytes, in hexadecimal; empty for what was made before that was kept.
    """

    size: MediaSize
    format: MediaFormat
    byte_count: int
    width: int = 0
    height: int = 0
    sha256: str = ""

    @property
    def name(self) -> str:
        return f"{self.size}.{self.format}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]


@dataclass(frozen=True, slots=True)
class Upload:
    """What was announced, and until when it may be sent. `content_type`: the announced one.

    `is_resumable`: it may come in pieces, over many connections; `keeps_capture`: when and where it was
    taken is kept, sealed.
    """

    byte_count: int
    content_type: str
    open_until: datetime
    is_resumable: bool = False
    keeps_capture: bool = False


@dataclass(frozen=True, slots=True)
class BlurBox:
    """What is hidden of a photo: parts, from 0 to 1, of its width and height, from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Blur:
    """What clerks asked to be hidden. `version`: how often they asked, 0 for a photo as it came."""

    version: int = 0
    boxes: tuple[BlurBox, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Original:
    """The photo as it was before the first blur. `name`: of its file; `key`: that opens it, sealed."""

    name: str
    key: str


AS_IT_CAME = Blur()


@dataclass(frozen=True, slots=True)
class Media:
    """One photo, recording or video of a person, or of the province (PROVINCE_OWNER).

    `run`: which attempt made the files; `tries`: how often it was being opened, without an end; `kept_until`: when it goes
    unless somebody holds it, None while somebody does; `milliseconds`: duration of what has one;
    `capture`: when and where it was taken, sealed (api.media.capture), None when that is not kept.
    """

    id: str
    owner_id: str
    kind: MediaKind
    state: MediaState
    upload: Upload
    created_at: datetime
    kept_until: datetime | None
    refusal: Refusal | None = None
    run: str = ""
    tries: int = 0
    files: tuple[MediaFile, ...] = ()
    milliseconds: int = 0
    holders: frozenset[str] = frozenset()
    capture: str | None = None
    blur: Blur = AS_IT_CAME
    original: Original | None = None

    @property
    def bytes_kept(self) -> int:
        """Bytes that count against the owner: what was announced, then what was made of it."""
        if self.state in (MediaState.AWAITING, MediaState.PROCESSING):
            return self.upload.byte_count
        return sum(file.byte_count for file in self.files)

    def file(self, name: str) -> MediaFile | None:
        return next((file for file in self.files if file.name == name), None)
