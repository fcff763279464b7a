"""The tables of a track in ISO base media files (ISO/IEC 14496-12, 8.6 and 8.7), strictly read."""

import struct
from collections.abc import Iterator, Sequence

from api.media.decoding.boxes import Box, table
from api.media.decoding.refused import Damaged


def scale_of(content: bytes) -> int:
    """Return how many ticks the media's header gives a second. Raises Damaged."""
    at = 20 if content[:1] == b"\x01" else 12
    scale = int.from_bytes(content[at : at + 4], "big")
    if not 1 <= scale <= 1_000_000:
        raise Damaged
    return scale


def sizes_of(content: bytes, at_most: int) -> list[int]:
    """Return the length of each frame. Raises Damaged, also for more frames than `at_most`."""
    if len(content) < 12:
        raise Damaged
    same, count = struct.unpack_from(">II", content, 4)
    if count > at_most:
        raise Damaged
    if same:
        return [same] * count
    return [size for (size,) in table(content, 1, head=12)]


def offsets_of(tables: Box) -> list[int]:
    """Return where each chunk begins. Raises Damaged."""
    if tables.all(b"stco"):
        return [offset for (offset,) in table(tables.one(b"stco").content, 1)]
    rows = table(tables.one(b"co64").content, 2)
    return [high << 32 | low for high, low in rows]


def chunks_of(
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
