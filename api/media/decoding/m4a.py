"""M4A with one AAC track: its frames are copied into a new file whose index we write ourselves.

Nothing is copied but frames, numbers and the decoder's configuration: no titles, covers, places or
times of recording, no other tracks. Sources: ISO/IEC 14496-12 and 14496-14.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.media.decoding.boxes import Box, box, boxes, table
from api.media.decoding.refused import Damaged, Refused
from api.media.decoding.sound import Sound
from api.media.refusals import Refusal

_SAMPLES_AT_MOST = 400_000
_CONFIGURATION_BYTES_AT_MOST = 256
_ENTRY_BYTES = 28
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
    sizes = _sizes(tables.one(b"stsz").content)
    offsets = _offsets(tables)
    scale = _scale(media.one(b"mdhd").content)
    if not sizes or sum(count for count, _ in times) != len(sizes):
        raise Damaged
    if any(not 0 < delta <= scale for _, delta in times):
        raise Damaged
    if sum(count * delta for count, delta in times) >= 2**32:
        raise Refused(Refusal.TOO_LONG)
    chunks = list(_chunks(table(tables.one(b"stsc").content, 3), len(offsets), sizes))
    return _Track(scale, _entry(tables.one(b"stsd")), times, sizes, chunks, offsets)


def _scale(content: bytes) -> int:
    at = 20 if content[:1] == b"\x01" else 12
    scale = int.from_bytes(content[at : at + 4], "big")
    if not 1 <= scale <= 1_000_000:
        raise Damaged
    return scale


def _sizes(content: bytes) -> list[int]:
    if len(content) < 12:
        raise Damaged
    same, count = struct.unpack_from(">II", content, 4)
    if count > _SAMPLES_AT_MOST:
        raise Damaged
    if same:
        return [same] * count
    return [size for (size,) in table(content, 1, head=12)]


def _offsets(tables: Box) -> list[int]:
    if tables.all(b"stco"):
        return [offset for (offset,) in table(tables.one(b"stco").content, 1)]
    rows = table(tables.one(b"co64").content, 2)
    return [high << 32 | low for high, low in rows]


def _chunks(
    runs: Sequence[tuple[int, ...]], count: int, sizes: Sequence[int]
) -> Iterator[Sequence[int]]:
    """Yield the sizes of the frames in each chunk: all frames, each once. Raises Damaged."""
    if not runs or runs[0][0] != 1 or count > len(sizes):
        raise Damaged
    firsts = [first for first, _, _ in runs] + [count + 1]
    at = 0
    for (first, each, _), following in zip(runs, firsts[1:], strict=True):
        if following <= first or following > count + 1 or each < 1:
            raise Damaged
        for _ in range(first, following):
            if at + each > len(sizes):
                raise Damaged
            yield sizes[at : at + each]
            at += each
    if at != len(sizes):
        raise Damaged


def _entry(description: Box) -> bytes:
    """Return the sample entry anew: AAC, one or two channels, with its configuration only."""
    entries = description.children(8)
    if len(entries) != 1 or entries[0].name != b"mp4a":
        raise Damaged
    fixed = entries[0].content[:_ENTRY_BYTES]
    if len(fixed) < _ENTRY_BYTES or fixed[8:10] != bytes(2):
        raise Damaged
    channels, rate = int.from_bytes(fixed[16:18], "big"), int.from_bytes(fixed[24:26], "big")
    found = [one for one in entries[0].children(_ENTRY_BYTES) if one.name == b"esds"]
    if len(found) != 1 or channels not in (1, 2):
        raise Damaged
    head = struct.pack(">6xH8xHHIHH", 1, channels, 16, 0, rate, 0)
    return box(b"mp4a", head, box(b"esds", _configured(found[0].content)))


def _configured(content: bytes) -> bytes:
    """Return the elementary stream's descriptor anew, with its AudioSpecificConfig and no rates."""
    if content[4:5] != b"\x03":
        raise Damaged
    stream = _descriptor(content, 4, 3)
    if len(stream) < 3 or stream[2] & 0xE0:
        raise Damaged
    decoder = _descriptor(stream, 3, 4)
    if len(decoder) < 13 or decoder[0] != 0x40:
        raise Damaged
    specific = _descriptor(decoder, 13, 5)
    if not 2 <= len(specific) <= _CONFIGURATION_BYTES_AT_MOST:
        raise Damaged
    made = _described(4, b"\x40\x15" + bytes(11) + _described(5, specific))
    return bytes(4) + _described(3, bytes(3) + made + _described(6, b"\x02"))


def _descriptor(data: bytes, at: int, tag: int) -> bytes:
    """Return the content of the descriptor at `at`, whose length is in groups of 7 bits."""
    if data[at : at + 1] != bytes([tag]):
        raise Damaged
    length = 0
    for used in range(1, 5):
        if at + used >= len(data):
            raise Damaged
        byte = data[at + used]
        length = length << 7 | byte & 0x7F
        if not byte & 0x80:
            start = at + used + 1
            if start + length > len(data):
                raise Damaged
            return data[start : start + length]
    raise Damaged


def _described(tag: int, content: bytes) -> bytes:
    length = len(content)
    return bytes([tag, 0x80 | length >> 7, length & 0x7F]) + content


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
