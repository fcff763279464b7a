"""MP4, MOV and 3GP with H.264 or H.265 and AAC: frames are copied into a new file whose index is ours.

No decoder is asked. Nothing is copied but what shows and sounds: no places, times, titles or covers,
no tracks of positions or movements. Sources: ISO/IEC 14496-12, 14496-14 and 14496-15; QuickTime File
Format Specification (Apple).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.media.decoding.aac import aac_entry
from api.media.decoding.boxes import Box, padded_boxes
from api.media.decoding.camera_note import CameraNote
from api.media.decoding.film_capture import capture_of_film
from api.media.decoding.film_tracks import FilmTrack, Frame, Stretches, moved, track_of
from api.media.decoding.film_writing import PLAIN, TURNS, Turn, Written, write_film
from api.media.decoding.refused import Damaged, Refused
from api.media.decoding.sample_tables import scale_of
from api.media.decoding.video_codecs import Codec, codec_of
from api.media.refusals import Refusal

_SOUND_BEFORE = 3
"""Frames of AAC on which the next ones build."""
_MATROSKA = b"\x1a\x45\xdf\xa3"


@dataclass(frozen=True, slots=True)
class Film:
    """`width`, `height`: pixels as it is seen."""

    width: int
    height: int
    milliseconds: int
    note: CameraNote


def is_other_film(data: bytes) -> bool:
    """Tell whether it is a film of a kind that we do not read (WebM, Matroska)."""
    return data.startswith(_MATROSKA)


def write_anew(data: bytes, place: Path) -> Film:
    """Write the film anew to `place`. Raises Refused."""
    top = padded_boxes(data, 0, len(data))
    movies = [one for one in top if one.name == b"moov"]
    if any(one.name in (b"moof", b"sidx") for one in top):
        raise Refused(Refusal.VIDEO_FORM)
    if len(movies) != 1:
        raise Damaged
    movie = movies[0]
    stretches = [(one.start, one.end) for one in top if one.name == b"mdat"]
    scale = scale_of(movie.one(b"mvhd").content)
    seen, codec, turn = _seen(movie, data, scale, stretches)
    heard = _heard(movie, scale, stretches)
    _check_shares([seen, *(one.track for one in heard)], stretches)
    shown = Written(seen, codec.entry, turn, codec.width, codec.height)
    write_film(data, [shown, *heard], place)
    is_upright = turn in (TURNS[0], TURNS[2])
    size = (codec.width, codec.height) if is_upright else (codec.height, codec.width)
    return Film(*size, seen.delay + seen.milliseconds, capture_of_film(movie))


def _seen(
    movie: Box, data: bytes, scale: int, stretches: Stretches
) -> tuple[FilmTrack, Codec, Turn]:
    """Return the first track of pictures that we can read. Raises Refused."""
    tracks = _tracks_of(movie, b"vide")
    if not tracks:
        raise Refused(Refusal.OTHER_KIND)
    for track in tracks:
        entry = _entry(track)
        codec = codec_of(entry) if entry else None
        if codec is not None:
            read = track_of(track, scale, stretches)
            frames = [_bare(frame, codec, data) for frame in read.frames]
            return moved(read, frames), codec, _turn(track)
    raise Refused(Refusal.VIDEO_FORM)


def _heard(movie: Box, scale: int, stretches: Stretches) -> list[Written]:
    """Return the first track of sound that we can read, if there is one: other sound is left out."""
    for track in _tracks_of(movie, b"soun"):
        entry = _entry(track)
        if entry is not None and entry.name == b"mp4a":
            described = track.one(b"mdia", b"minf", b"stbl", b"stsd")
            return [
                Written(
                    track_of(track, scale, stretches, _SOUND_BEFORE), aac_entry(described), PLAIN
                )
            ]
    return []


def _tracks_of(movie: Box, kind: bytes) -> list[Box]:
    inside = padded_boxes(movie.data, movie.start, movie.end)
    tracks = [one for one in inside if one.name == b"trak"]
    return [one for one in tracks if one.one(b"mdia", b"hdlr").content[8:12] == kind]


def _entry(track: Box) -> Box | None:
    """Return the one way in which the track is coded, None for several. Raises Damaged."""
    description = track.one(b"mdia", b"minf", b"stbl", b"stsd")
    entries = padded_boxes(description.data, description.start + 8, description.end)
    return entries[0] if len(entries) == 1 else None


def _turn(track: Box) -> Turn:
    """Return how the pictures are turned, by quarters; anything else is shown as it was coded."""
    head = track.one(b"tkhd").content
    at = 52 if head[:1] == b"\x01" else 40
    if len(head) < at + 20:
        raise Damaged
    told = struct.unpack_from(">2i4x2i", head, at)
    return next((turn for turn in TURNS if tuple(one << 16 for one in turn) == told), PLAIN)


def _bare(frame: Frame, codec: Codec, data: bytes) -> Frame:
    """Return the frame without what does not show. Raises Refused."""
    ((start, end),) = frame.stretches
    kept: list[tuple[int, int]] = []
    for begin, stop in codec.units(data, start, end):
        if kept and kept[-1][1] == begin:
            kept[-1] = (kept[-1][0], stop)
        else:
            kept.append((begin, stop))
    if not kept:
        raise Damaged
    return Frame(tuple(kept), frame.ticks, frame.shift, frame.stands_alone)


def _check_shares(tracks: Sequence[FilmTrack], stretches: Stretches) -> None:
    """Raise Damaged when frames are used again and again, so that little would become much."""
    needed = sum(frame.size for track in tracks for frame in track.frames)
    if needed > sum(end - start for start, end in stretches):
        raise Damaged
