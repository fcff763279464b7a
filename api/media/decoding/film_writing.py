"""Writes a film: the index first and of ours alone, then pictures and sound in turns of a second.

Source: ISO/IEC 14496-12.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from api.media.decoding.boxes import box
from api.media.decoding.film_tracks import FilmTrack, Frame

_ONE = 0x10000


Turn = tuple[int, int, int, int]

PLAIN: Turn = (1, 0, 0, 1)
TURNS: tuple[Turn, ...] = (PLAIN, (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))
"""By quarters, clockwise."""

_BRANDS = b"mp42" + bytes(4) + b"mp42isomiso4"
_SELF_CONTAINED = bytes(4) + struct.pack(">I", 1) + box(b"url ", b"\x00\x00\x00\x01")
_LANGUAGE_UNKNOWN = struct.pack(">H", 0x55C4)
_SCALE = 1_000
"""Of the movie: milliseconds."""


@dataclass(frozen=True, slots=True)
class Written:
    """A track as it is written. `width`, `height`: pixels before the turn, 0 for sound."""

    track: FilmTrack
    entry: bytes
    turn: Turn
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Frames that lie together. `second`: in which they are decoded; `number`: of their track."""

    second: int
    number: int
    frames: tuple[Frame, ...]

    @property
    def size(self) -> int:
        return sum(frame.size for frame in self.frames)


def write_film(data: bytes, tracks: Sequence[Written], place: Path) -> None:
    """Write the frames, which lie in `data`, under a new index."""
    chunks = sorted(
        (one for number, track in enumerate(tracks) for one in _chunks(track.track, number)),
        key=lambda one: (one.second, one.number),
    )
    head = box(b"ftyp", _BRANDS)
    at = len(head) + len(_movie(tracks, chunks, [0] * len(chunks))) + 8
    offsets: list[int] = []
    for one in chunks:
        offsets.append(at)
        at += one.size
    view = memoryview(data)
    with place.open("wb") as film:
        film.write(head + _movie(tracks, chunks, offsets))
        film.write(struct.pack(">I4s", 8 + sum(one.size for one in chunks), b"mdat"))
        for one in chunks:
            for frame in one.frames:
                film.writelines(view[start:end] for start, end in frame.stretches)


def _chunks(track: FilmTrack, number: int) -> Iterator[_Chunk]:
    at = 0
    timed: list[tuple[int, Frame]] = []
    for frame in track.frames:
        timed.append((at // track.scale, frame))
        at += frame.ticks
    for second, frames in groupby(timed, key=lambda one: one[0]):
        yield _Chunk(second, number, tuple(frame for _, frame in frames))


def _movie(tracks: Sequence[Written], chunks: Sequence[_Chunk], offsets: Sequence[int]) -> bytes:
    length = max(one.track.delay + one.track.milliseconds for one in tracks)
    head = bytes(12) + struct.pack(">IIIH10x", _SCALE, length, _ONE, 0x100)
    head += _matrix(PLAIN, 0, 0) + bytes(24)
    placed = list(zip(chunks, offsets, strict=True))
    return box(
        b"moov",
        box(b"mvhd", head, struct.pack(">I", len(tracks) + 1)),
        *(
            _track(track, number, [one for one in placed if one[0].number == number])
            for number, track in enumerate(tracks)
        ),
    )


def _track(one: Written, number: int, placed: Sequence[tuple[_Chunk, int]]) -> bytes:
    track, is_seen = one.track, one.width > 0
    ticks = sum(frame.ticks for frame in track.frames)
    length = track.delay + track.milliseconds
    head = struct.pack(">I8xI4xI8x", 7, number + 1, length)
    head += struct.pack(">HHHH", 0, 0, 0 if is_seen else 0x100, 0)
    head += _matrix(one.turn, one.width, one.height)
    head += struct.pack(">II", one.width * _ONE, one.height * _ONE)
    about = box(
        b"mdhd", bytes(12), struct.pack(">II", track.scale, ticks), _LANGUAGE_UNKNOWN, bytes(2)
    )
    kind = box(b"vmhd", b"\x00\x00\x00\x01", bytes(8)) if is_seen else box(b"smhd", bytes(8))
    media = box(
        b"mdia",
        about,
        box(b"hdlr", bytes(8), b"vide" if is_seen else b"soun", bytes(13)),
        box(b"minf", kind, box(b"dinf", box(b"dref", _SELF_CONTAINED)), _tables(one, placed)),
    )
    return box(b"trak", box(b"tkhd", head), _edits(track), media)


def _matrix(turn: Turn, width: int, height: int) -> bytes:
    """Return the matrix that turns pictures and moves them back into sight."""
    a, b, c, d = (one * _ONE for one in turn)
    right = max(0, -turn[0]) * width + max(0, -turn[2]) * height
    down = max(0, -turn[1]) * width + max(0, -turn[3]) * height
    return struct.pack(">9i", a, b, 0, c, d, 0, right * _ONE, down * _ONE, 0x40000000)


def _edits(track: FilmTrack) -> bytes:
    rows = [(track.delay, -1)] if track.delay else []
    rows.append((track.milliseconds, track.first))
    written = b"".join(struct.pack(">IiI", span, first, _ONE) for span, first in rows)
    return box(b"edts", box(b"elst", bytes(4), struct.pack(">I", len(rows)), written))


def _tables(one: Written, placed: Sequence[tuple[_Chunk, int]]) -> bytes:
    frames = one.track.frames
    per_chunk = _runs(len(chunk.frames) for chunk, _ in placed)
    firsts, number = list[tuple[int, ...]](), 1
    for many, length in per_chunk:
        firsts.append((number, length, 1))
        number += many
    alone = [number for number, frame in enumerate(frames, 1) if frame.stands_alone]
    return box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), one.entry),
        _table(b"stts", _runs(frame.ticks for frame in frames)),
        _table(b"stss", [(number,) for number in alone]) if len(alone) < len(frames) else b"",
        _shifts(frames),
        _table(b"stsc", firsts),
        box(
            b"stsz",
            bytes(8),
            struct.pack(f">{len(frames) + 1}I", len(frames), *(one.size for one in frames)),
        ),
        _table(b"stco", [(offset,) for _, offset in placed]),
    )


def _shifts(frames: Sequence[Frame]) -> bytes:
    if not any(frame.shift for frame in frames):
        return b""
    rows = _runs(frame.shift for frame in frames)
    written = b"".join(struct.pack(">Ii", many, shift) for many, shift in rows)
    return box(b"ctts", b"\x01\x00\x00\x00", struct.pack(">I", len(rows)), written)


def _runs(values: Iterable[int]) -> list[tuple[int, int]]:
    """Return how many equal values follow each other, and which."""
    return [(len(list(same)), value) for value, same in groupby(values)]


def _table(name: bytes, rows: Sequence[tuple[int, ...]]) -> bytes:
    numbers = [number for row in rows for number in row]
    return box(name, struct.pack(f">2I{len(numbers)}I", 0, len(rows), *numbers))
