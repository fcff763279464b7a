"""M4A with one AAC track: its frames are copied into a new file whose index we write ourselves.

Nothing is copied but frames, numbers and the decoder's configuration: no titles, covers, places or
times of recording, no other tracks. Sources: ISO/IEC 14496-12 and 14496-14.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from api.media.decoding.aac import aac_entry
from api.media.decoding.boxes import Box, box, boxes, table
from api.media.decoding.refused import Damaged, Refused
from api.media.decoding.sample_tables import chunks_of, offsets_of, scale_of, sizes_of
from api.media.decoding.sound import Sound
from api.media.refusals import Refusal

_FRAMES_AT_MOST = 400_000
_SELF_CONTAINED = bytes(4) + struct.pack(">I", 1) + box(b"url ", b"\x00\x00\x00\x01")
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_BRANDS = b"M4A " + bytes(4) + b"M4A isommp42"
_LANGUAGE_UNKNOWN = struct.pack(">H", 0x55C4)


@dataclass(frozen=True, slots=True)
class _Track:
    """`times`: rows of how many frames last how long, in ticks of `scale` a second."""

    scale: int
    entry: bytes
    times: Sequence[tuple[int, ...]]
    sizes: Sequence[int]
    chunks: Sequence[Sequence[int]]
    offsets: Sequence[int]

    @property
    def ticks(self) -> int:
        return sum(count * delta for count, delta in self.times)


def rewritten(data: bytes) -> Sound:
    """Return the recording anew. Raises Refused."""
    top = list(boxes(data, 0, len(data)))
    movies = [one for one in top if one.name == b"moov"]
    if len(movies) != 1 or any(one.name == b"moof" for one in top):
        raise Damaged
    track = _track(_sound_of(movies[0]))
    stretches = [(one.start, one.end) for one in top if one.name == b"mdat"]
    frames = _frames(data, track, stretches)
    return Sound(_written(track, frames), track.ticks * 1000 // track.scale)


def _sound_of(movie: Box) -> Box:
    """Return the media of the only track that is heard; films are refused."""
    media = [track.one(b"mdia") for track in movie.all(b"trak")]
    kinds = [one.one(b"hdlr").content[8:12] for one in media]
    if b"vide" in kinds:
        raise Refused(Refusal.OTHER_KIND)
    if kinds.count(b"soun") != 1:
        raise Damaged
    return media[kinds.index(b"soun")]


def _track(media: Box) -> _Track:
    tables = media.one(b"minf", b"stbl")
    times = table(tables.one(b"stts").content, 2)
    sizes = sizes_of(tables.one(b"stsz").content, _FRAMES_AT_MOST)
    offsets = offsets_of(tables)
    scale = scale_of(media.one(b"mdhd").content)
    if not sizes or sum(count for count, _ in times) != len(sizes):
        raise Damaged
    if any(not 0 < delta <= scale for _, delta in times):
        raise Damaged
    if sum(count * delta for count, delta in times) >= 2**32:
        raise Refused(Refusal.TOO_LONG)
    chunks = list(chunks_of(table(tables.one(b"stsc").content, 3), len(offsets), sizes))
    return _Track(scale, aac_entry(tables.one(b"stsd")), times, sizes, chunks, offsets)


def _frames(data: bytes, track: _Track, stretches: Sequence[tuple[int, int]]) -> list[bytes]:
    """Return the bytes of each chunk: within the file's media, and no more than it has."""
    found: list[bytes] = []
    left = sum(end - start for start, end in stretches)
    for offset, sizes in zip(track.offsets, track.chunks, strict=True):
        length = sum(sizes)
        left -= length
        if left < 0 or not any(a <= offset and offset + length <= b for a, b in stretches):
            raise Damaged
        found.append(data[offset : offset + length])
    return found


def _written(track: _Track, frames: Sequence[bytes]) -> bytes:
    head = box(b"ftyp", _BRANDS)
    at = len(head) + len(_movie(track, [0] * len(frames))) + 8
    offsets: list[int] = []
    for one in frames:
        offsets.append(at)
        at += len(one)
    return head + _movie(track, offsets) + box(b"mdat", *frames)


def _movie(track: _Track, offsets: Sequence[int]) -> bytes:
    span = struct.pack(">II", track.scale, track.ticks)
    movie = bytes(12) + span + struct.pack(">IH10x", 0x10000, 0x100) + _MATRIX + bytes(24)
    shown = (
        struct.pack(">I8xI4xI", 7, 1, track.ticks) + bytes(8) + struct.pack(">HHHH", 0, 0, 0x100, 0)
    )
    heard = box(b"mdhd", bytes(12), span, _LANGUAGE_UNKNOWN, bytes(2))
    handler = box(b"hdlr", bytes(8), b"soun", bytes(13))
    inside = box(
        b"minf",
        box(b"smhd", bytes(8)),
        box(b"dinf", box(b"dref", _SELF_CONTAINED)),
        _tables(track, offsets),
    )
    tracked = box(
        b"trak",
        box(b"tkhd", shown, _MATRIX, bytes(8)),
        box(b"mdia", heard, handler, inside),
    )
    return box(b"moov", box(b"mvhd", movie, struct.pack(">I", 2)), tracked)


def _tables(track: _Track, offsets: Sequence[int]) -> bytes:
    runs: list[tuple[int, ...]] = []
    for number, sizes in enumerate(track.chunks, 1):
        if not runs or runs[-1][1] != len(sizes):
            runs.append((number, len(sizes), 1))
    return box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), track.entry),
        box(b"stts", _rows(track.times)),
        box(b"stsc", _rows(runs)),
        box(b"stsz", bytes(8), struct.pack(">I", len(track.sizes)), _numbers(track.sizes)),
        box(b"stco", bytes(4), struct.pack(">I", len(offsets)), _numbers(offsets)),
    )


def _rows(rows: Sequence[tuple[int, ...]]) -> bytes:
    return bytes(4) + struct.pack(">I", len(rows)) + b"".join(map(_numbers, rows))


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)
