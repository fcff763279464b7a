"""How large a picture says it is, read from its head before any decoder sees it.

Sources: PNG (W3C), third edition, 11.2.1; JPEG, ITU-T T.81, B.2.2; WebP container specification;
ISO/IEC 23008-12, `ispe`.
"""

from collections.abc import Iterator

from api.media.decoding.content import Content
from api.media.decoding.refused import Damaged, Refused
from api.media.refusals import Refusal

SIDE_AT_MOST = 16_384
JPEG_PIXELS_AT_MOST = 52_000_000
"""Opened at a fraction of its size, so a telephone's 50 megapixels fit."""
OTHER_PIXELS_AT_MOST = 26_000_000
"""Opened whole."""

_FRAMES_OF_JPEG = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS_OF_JPEG = {0x01, *range(0xD0, 0xD8)}
_SEGMENTS_AT_MOST = 4_096
_BOXES_AT_MOST = 512
_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0}

Size = tuple[int, int]


def check_pixels(content: Content, data: bytes) -> None:
    """Raise Refused unless the picture says that it is small enough to be opened."""
    sizes = _SIZES[content](data)
    if not sizes:
        raise Damaged
    most = JPEG_PIXELS_AT_MOST if content is Content.JPEG else OTHER_PIXELS_AT_MOST
    for size in sizes:
        check_size(size, most)


def check_size(size: Size, pixels_at_most: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise Damaged
    if width > SIDE_AT_MOST or height > SIDE_AT_MOST or width * height > pixels_at_most:
        raise Refused(Refusal.TOO_MANY_PIXELS)


def _of_png(data: bytes) -> list[Size]:
    is_header = data[8:16] == b"\x00\x00\x00\x0dIHDR" and len(data) >= 24
    return [(_number(data, 16), _number(data, 20))] if is_header else []


def _of_jpeg(data: bytes) -> list[Size]:
    """Walk the segments up to the frame; later pictures in the same file are not opened."""
    at = 2
    for _ in range(_SEGMENTS_AT_MOST):
        if data[at : at + 1] != b"\xff" or at + 4 > len(data):
            return []
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE_MARKERS_OF_JPEG:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES_OF_JPEG:
            whole = len(data) >= at + 9
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return [(int.from_bytes(width, "big"), int.from_bytes(height, "big"))] if whole else []
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return []


def _of_webp(data: bytes) -> list[Size]:
    """Read the canvas, or the one frame of a simple file."""
    form, body = data[12:16], data[20:30]
    if len(body) < 10:
        return []
    if form == b"VP8X":
        return [(1 + _little(body[4:7]), 1 + _little(body[7:10]))]
    if form == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return [(_little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF)]
    if form == b"VP8L" and body[0] == 0x2F:
        bits = _little(body[1:5])
        return [(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))]
    return []


def _of_avif(data: bytes) -> list[Size]:
    """Read every spatial extent: the largest of them is what a decoder may have to make."""
    return [
        (_number(data, start + 4), _number(data, start + 8))
        for name, start, end in _boxes(data, 0, len(data))
        if name == b"ispe" and end - start >= 12
    ]


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of the content of boxes, those inside the known containers too."""
    for _ in range(_BOXES_AT_MOST):
        if start + 8 > end:
            return
        length, name, head = _number(data, start), data[start + 4 : start + 8], 8
        if length == 1:
            length, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        stop = end if length == 0 else start + length
        if stop > end or stop < start + head:
            return
        yield name, start + head, stop
        if name in _CONTAINERS:
            yield from _boxes(data, start + head + _CONTAINERS[name], stop)
        start = stop


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


_SIZES = {
    Content.JPEG: _of_jpeg,
    Content.PNG: _of_png,
    Content.WEBP: _of_webp,
    Content.AVIF: _of_avif,
}
