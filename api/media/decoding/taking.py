"""One file, from its first bytes to what is made of it, or to its refusal."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.media.decoding import BOXES
from api.media.decoding.camera_note import NOTHING, CameraNote
from api.media.decoding.content import FILMS, PHOTOS, Content, content_of
from api.media.decoding.refused import Refused
from api.media.decoding.sound import Sound
from api.media.records import BlurBox, MediaFile, MediaFormat, MediaKind, MediaSize
from api.media.refusals import Refusal

SECONDS_AT_MOST = 30 * 60
"""Of a recording."""


@dataclass(frozen=True, slots=True)
class Taken:
    """`milliseconds`: duration, 0 for photos."""

    files: Sequence[MediaFile]
    milliseconds: int = 0
    note: CameraNote = NOTHING


def taken(kind: str, sent: Path, folder: Path) -> dict[str, Any]:
    """Return what was made in `folder`, or the refusal, as JSON."""
    try:
        made = _made(MediaKind(kind), sent, folder)
    except Refused as refused:
        return {"refusal": refused.refusal, "files": [], "milliseconds": 0, "note": None}
    return {
        "refusal": None,
        "files": told(made.files),
        "milliseconds": made.milliseconds,
        "note": made.note.told(),
    }


def blurred(original: Path, folder: Path) -> dict[str, Any]:
    """Return what was made of a photo of ours with the boxes in `folder` hidden, as JSON."""
    from api.media.decoding.blurred_photo import hidden

    boxes = [BlurBox(**box) for box in json.loads((folder / BOXES).read_bytes())]
    files = hidden(original.read_bytes(), boxes, folder)
    return {"refusal": None, "files": told(files), "milliseconds": 0, "note": None}


def told(files: Sequence[MediaFile]) -> list[dict[str, Any]]:
    """Return what was made as JSON."""
    return [
        {"size": one.size, "format": one.format, "width": one.width, "height": one.height}
        for one in files
    ]


def _made(kind: MediaKind, sent: Path, folder: Path) -> Taken:
    data = sent.read_bytes()
    if kind is MediaKind.VIDEO:
        return _film(data, folder)
    content = content_of(data)
    if content is None:
        raise Refused(Refusal.UNKNOWN_TYPE)
    if content is Content.FILM or (content in PHOTOS) is not (kind is MediaKind.PHOTO):
        raise Refused(Refusal.OTHER_KIND)
    if content is Content.HEIC:
        raise Refused(Refusal.HEIC)
    if content in PHOTOS:
        from api.media.decoding.photos import photos_of

        files, note = photos_of(content, data, folder)
        return Taken(files, note=note)
    return _recording(content, data, folder)


def _film(data: bytes, folder: Path) -> Taken:
    from api.media.decoding.film import is_other_film, write_anew

    content = content_of(data)
    if is_other_film(data):
        raise Refused(Refusal.VIDEO_FORM)
    if content is None:
        raise Refused(Refusal.UNKNOWN_TYPE)
    if content not in FILMS:
        raise Refused(Refusal.OTHER_KIND)
    file = MediaFile(MediaSize.VIDEO, MediaFormat.MP4, 0)
    film = write_anew(data, folder / file.name)
    sized = replace(file, width=film.width, height=film.height)
    return Taken([sized], film.milliseconds, film.note)


def _recording(content: Content, data: bytes, folder: Path) -> Taken:
    sound = _reader_of(content)(data)
    if sound.milliseconds > SECONDS_AT_MOST * 1000:
        raise Refused(Refusal.TOO_LONG)
    file = MediaFile(MediaSize.SOUND, MediaFormat[content.name], len(sound.data))
    (folder / file.name).write_bytes(sound.data)
    return Taken([file], sound.milliseconds)


def _reader_of(content: Content) -> Callable[[bytes], Sound]:
    from api.media.decoding import m4a, mp3, ogg, wav

    readers = {
        Content.M4A: m4a.rewritten,
        Content.MP3: mp3.rewritten,
        Content.OGG: ogg.rewritten,
        Content.WAV: wav.rewritten,
    }
    return readers[content]
