"""Boxes of ISO base media files (ISO/IEC 14496-12), strictly read and plainly written."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from api.media.decoding.refused import Damaged

_BOXES_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Box:
    """A box of `data`: its content lies from `start` to `end`."""

    data: bytes
    name: bytes
    start: int
    end: int

    @property
    def content(self) -> bytes:
        return self.data[self.start : self.end]

    def children(self, skipped: int = 0) -> "list[Box]":
        """Return the boxes inside, behind `skipped` bytes. Raises Damaged."""
        return list(boxes(self.data, self.start + skipped, self.end))

    def all(self, name: bytes) -> "list[Box]":
        return [box for box in self.children() if box.name == name]

    def one(self, *path: bytes) -> "Box":
        """Return the only box of each name on the way inside. Raises Damaged."""
        box = self
        for name in path:
            found = box.all(name)
            if len(found) != 1:
                raise Damaged
            box = found[0]
        return box


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes of a stretch that they fill. Raises Damaged."""
    for _ in range(_BOXES_AT_MOST):
        if start == end:
            return
        length, name, head = _number(data, start, end), data[start + 4 : start + 8], 8
        if length == 1:
            length, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        stop = start + length if length else end
        if stop > end or stop < start + head:
            raise Damaged
        yield Box(data, name, start + head, stop)
        start = stop
    raise Damaged


def padded_boxes(data: bytes, start: int, end: int) -> list[Box]:
    """Return the boxes of a stretch that QuickTime may have ended with a zero. Raises Damaged."""
    try:
        return list(boxes(data, start, end))
    except Damaged:
        if any(data[end - 4 : end]):
            raise
        return list(boxes(data, start, end - 4))


def box(name: bytes, *content: bytes) -> bytes:
    """Return a box as it is written."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


def table(content: bytes, width: int, head: int = 8) -> list[tuple[int, ...]]:
    """Return the rows, of `width` 32-bit numbers, of a table that fills its box. Raises Damaged."""
    rows = _number(content, head - 4, len(content))
    if len(content) != head + rows * width * 4:
        raise Damaged
    return list(struct.iter_unpack(f">{width}I", content[head:])) if rows else []


def _number(data: bytes, at: int, end: int) -> int:
    if at + 4 > end:
        raise Damaged
    return int.from_bytes(data[at : at + 4], "big")
