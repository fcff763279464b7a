"""One file, from its first bytes to what is made of it, or to its refusal."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from api.media.decoding.content import PHOTOS, Content, content_of
from api.media.decoding.refused import Refused
from api.media.decoding.sound import Sound
from api.media.records import MediaFile, MediaFormat, MediaKind, MediaSize
from api.media.refusals import Refusal

SECONDS_AT_MOST = 30 * 60
"""Of a recording."""


def taken(kind: str, sent: Path, folder: Path) -> dict[str, Any]:
    """Return what was made in `folder`, or the refusal, as JSON."""
    try:
        files, milliseconds = _made(MediaKind(kind), sent, folder)
    except Refused as refused:
        return {"refusal": refused.refusal, "files": [], "milliseconds": 0}
    told = [
        {"size": one.size, "format": one.format, "width": one.width, "height": one.height}
        for one in files
    ]
    return {"refusal": None, "files": told, "milliseconds": milliseconds}


def _made(kind: MediaKind, sent: Path, folder: Path) -> tuple[Sequence[MediaFile], int]:
    data = sent.read_bytes()
    content = content_of(data)
    if content is None:
        raise Refused(Refusal.UNKNOWN_TYPE)
    if (content in PHOTOS) is not (kind is MediaKind.PHOTO):
        raise Refused(Refusal.OTHER_KIND)
    if content is Content.HEIC:
        raise Refused(Refusal.HEIC)
    if content in PHOTOS:
        from api.media.decoding.photos import photos_of

        return photos_of(content, data, folder), 0
    return _recording(content, data, folder)


def _recording(content: Content, data: bytes, folder: Path) -> tuple[Sequence[MediaFile], int]:
    sound = _reader_of(content)(data)
    if sound.milliseconds > SECONDS_AT_MOST * 1000:
        raise Refused(Refusal.TOO_LONG)
    file = MediaFile(MediaSize.SOUND, MediaFormat[content.name], len(sound.data))
    (folder / file.name).write_bytes(sound.data)
    return [file], sound.milliseconds


def _reader_of(content: Content) -> Callable[[bytes], Sound]:
    from api.media.decoding import m4a, mp3, ogg, wav

    readers = {
        Content.M4A: m4a.rewritten,
        Content.MP3: mp3.rewritten,
        Content.OGG: ogg.rewritten,
        Content.WAV: wav.rewritten,
    }
    return readers[content]
