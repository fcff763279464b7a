"""The tracks of a film, frame by frame, cut to what is shown.

Whoever shortens a film on a telephone often only writes down from where to where it is shown: what was
cut away is still in the file. It is left out here, up to the nearest frame that stands by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain

from api.media.decoding.boxes import Box, table
from api.media.decoding.refused import Damaged, Refused
from api.media.decoding.sample_tables import chunks_of, offsets_of, scale_of, sizes_of
from api.media.refusals import Refusal

FRAMES_AT_MOST = 20_000
"""Of a track: a minute at 240 frames a second is 14,400."""
MILLISECONDS_AT_MOST = 61_000
"""A camera that stops after a minute ends some frames later."""
_SHIFT_SECONDS_AT_MOST = 10

Stretches = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Frame:
    """`stretches`: of the file; `ticks`: how long until the next; `shift`: how much later it is shown."""

    stretches: tuple[tuple[int, int], ...]
    ticks: int
    shift: int
    stands_alone: bool

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.stretches)


@dataclass(frozen=True, slots=True)
class FilmTrack:
    """`first`: the tick of the frames' own time that is shown first; `milliseconds`: for how long.

    `delay`: after how many milliseconds.
    """

    scale: int
    frames: tuple[Frame, ...]
    first: int
    milliseconds: int
    delay: int


def track_of(track: Box, movie_scale: int, stretches: Stretches, warming_up: int = 0) -> FilmTrack:
    """Return a track with the frames that are shown, and so many before that a decoder needs.

    Raises Damaged, Refused.
    """
    media = track.one(b"mdia")
    scale = scale_of(media.one(b"mdhd").content)
    frames = _frames(media.one(b"minf", b"stbl"), scale, stretches)
    seen = _seen(frames)
    length = max(at + frame.ticks for at, frame in zip(seen, frames, strict=True))
    delay, first, shown = _edited(track, movie_scale, scale, length)
    milliseconds = shown * 1000 // scale
    if delay + milliseconds > MILLISECONDS_AT_MOST:
        raise Refused(Refusal.TOO_LONG)
    if not milliseconds:
        raise Damaged
    start, end = _span(frames, seen, first, first + shown)
    start = max(start - warming_up, 0)
    kept, cut = tuple(frames[start:end]), sum(frame.ticks for frame in frames[:start])
    if sum(frame.ticks for frame in kept) > 2 * scale * MILLISECONDS_AT_MOST // 1000:
        raise Refused(Refusal.TOO_LONG)
    return FilmTrack(scale, kept, max(first - cut, 0), milliseconds, delay)


def moved(track: FilmTrack, frames: Sequence[Frame]) -> FilmTrack:
    """Return the same track with other bytes for its frames."""
    return replace(track, frames=tuple(frames))


def _frames(tables: Box, scale: int, stretches: Stretches) -> list[Frame]:
    sizes = sizes_of(tables.one(b"stsz").content, FRAMES_AT_MOST)
    times = _times(tables, len(sizes), scale)
    shifts = _shifts(tables, len(sizes), scale)
    alone = _alone(tables, len(sizes))
    places = _places(tables, sizes, stretches)
    return [
        Frame((place,), ticks, shift, number in alone if alone is not None else True)
        for number, (place, ticks, shift) in enumerate(zip(places, times, shifts, strict=True), 1)
    ]


def _times(tables: Box, count: int, scale: int) -> list[int]:
    rows = table(tables.one(b"stts").content, 2)
    if not count or sum(many for many, _ in rows) != count:
        raise Damaged
    if any(ticks > scale * MILLISECONDS_AT_MOST // 1000 for many, ticks in rows if many):
        raise Refused(Refusal.TOO_LONG)
    return list(chain.from_iterable([ticks] * many for many, ticks in rows))


def _shifts(tables: Box, count: int, scale: int) -> list[int]:
    if not tables.all(b"ctts"):
        return [0] * count
    rows = table(tables.one(b"ctts").content, 2)
    if sum(many for many, _ in rows) != count:
        raise Damaged
    signed = [(many, shift - 2**32 if shift >= 2**31 else shift) for many, shift in rows]
    if any(abs(shift) > scale * _SHIFT_SECONDS_AT_MOST for _, shift in signed):
        raise Damaged
    return list(chain.from_iterable([shift] * many for many, shift in signed))


def _alone(tables: Box, count: int) -> frozenset[int] | None:
    """Return the numbers, from 1, of the frames that stand by themselves; None: all do."""
    if not tables.all(b"stss"):
        return None
    rows = [number for (number,) in table(tables.one(b"stss").content, 1)]
    if not rows or rows[0] < 1 or rows[-1] > count or rows != sorted(set(rows)):
        raise Damaged
    return frozenset(rows)


def _places(tables: Box, sizes: Sequence[int], stretches: Stretches) -> Iterator[tuple[int, int]]:
    """Yield where each frame lies: within the file's media."""
    offsets = offsets_of(tables)
    chunks = chunks_of(table(tables.one(b"stsc").content, 3), len(offsets), sizes)
    for offset, chunk in zip(offsets, chunks, strict=True):
        end = offset + sum(chunk)
        if min(chunk) < 1 or not any(a <= offset and end <= b for a, b in stretches):
            raise Damaged
        for size in chunk:
            yield offset, offset + size
            offset += size


def _edited(track: Box, movie_scale: int, scale: int, length: int) -> tuple[int, int, int]:
    """Return the delay in milliseconds, and first tick and length in ticks of what is shown.

    Raises Refused for what is put together of several pieces, or slowed down.
    """
    rows = _edits(track)
    delay = 0
    if rows and rows[0][1] == -1:
        delay = rows[0][0] * 1000 // movie_scale
        rows = rows[1:]
    if not rows:
        return delay, 0, length
    span, first, rate = rows[0]
    if len(rows) > 1 or rate != 0x10000 or first < 0:
        raise Refused(Refusal.VIDEO_FORM)
    if first >= length:
        raise Damaged
    ticks = -(-span * scale // movie_scale) or length  # rounded up, so that no frame is lost
    return delay, first, min(ticks, length - first)


def _edits(track: Box) -> list[tuple[int, int, int]]:
    """Return rows of length, in ticks of the movie, first tick (-1: nothing is shown) and rate."""
    lists = [one for edits in track.all(b"edts") for one in edits.all(b"elst")]
    if not lists:
        return []
    if len(lists) > 1:
        raise Damaged
    content = lists[0].content
    if content[:1] == b"\x01":
        wide = table(content, 5)
        return [(a << 32 | b, _signed(c << 32 | d, 64), rate) for a, b, c, d, rate in wide]
    return [(span, _signed(first, 32), rate) for span, first, rate in table(content, 3)]


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def _seen(frames: Sequence[Frame]) -> list[int]:
    """Return the tick at which each frame is shown."""
    begun = accumulate((frame.ticks for frame in frames), initial=0)
    return [at + frame.shift for at, frame in zip(begun, frames, strict=False)]


def _span(frames: Sequence[Frame], seen: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """Return which frames are needed from tick `first` to `last`."""
    alone = [
        number
        for number, frame in enumerate(frames)
        if frame.stands_alone and seen[number] <= first
    ]
    start = alone[-1] if alone else 0
    end = max((number + 1 for number, at in enumerate(seen) if at < last), default=0)
    if end <= start:
        raise Damaged
    return start, end
