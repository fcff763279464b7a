"""H.264 and H.265 as they lie in files: their configuration written anew, and of each frame only what shows.

What an encoder or a camera adds in units of its own (messages, filling, anything reserved) is left
out: there some cameras write where they are. Sources: ISO/IEC 14496-15; ITU-T H.264, table 7-1; H.265, table 7-1.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from api.media.decoding.boxes import Box, box, padded_boxes
from api.media.decoding.picture_bits import Size, avc_size, hevc_size
from api.media.decoding.refused import Damaged, Refused
from api.media.refusals import Refusal

SIDE_AT_MOST = 4_096
PIXELS_AT_MOST = 4_096 * 2_304
"""What cameras call 4K, in whole blocks."""

_ENTRY_BYTES = 78
_SET_BYTES = range(4, 4_097)
_SETS_AT_MOST = 32
_HIGH_PROFILES = (100, 110, 122, 144)
_AVC_SEQUENCE, _AVC_PICTURE = 7, 8
_AVC_SHOWN = frozenset({1, 2, 3, 4, 5, _AVC_SEQUENCE, _AVC_PICTURE, 13})
_HEVC_SETS = (32, 33, 34)
_HEVC_SEQUENCE = 33
_HEVC_SHOWN = frozenset({*range(10), *range(16, 22), *_HEVC_SETS, 36, 37})


@dataclass(frozen=True, slots=True)
class Codec:
    """`entry`: the sample entry that we write; `width`, `height`: pixels as coded, before any turn.

    `length_bytes`: of the number before each unit of a frame; `shown`: kinds of units that are kept.
    """

    entry: bytes
    width: int
    height: int
    length_bytes: int
    shown: frozenset[int]
    sequence: int
    kind_of: Callable[[int], int]
    size_of: Callable[[bytes], Size]

    def units(self, data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches of one frame that are kept. Raises Damaged, Refused."""
        while start < end:
            at = start + self.length_bytes
            stop = at + int.from_bytes(data[start:at], "big")
            if stop > end or stop <= at or data[at] & 0x80:
                raise Damaged
            kind = self.kind_of(data[at])
            if kind == self.sequence:
                check_picture(self.size_of(data[at:stop]))
            if kind in self.shown:
                yield start, stop
            start = stop


def codec_of(entry: Box) -> Codec | None:
    """Read a sample entry; None for any other way of coding. Raises Damaged, Refused."""
    fixed = entry.content[:_ENTRY_BYTES]
    if entry.name not in (b"avc1", b"avc3", b"hvc1", b"hev1"):
        return None
    if len(fixed) < _ENTRY_BYTES:
        raise Damaged
    inside = padded_boxes(entry.data, entry.start + _ENTRY_BYTES, entry.end)
    is_avc = entry.name.startswith(b"avc")
    found = [one.content for one in inside if one.name == (b"avcC" if is_avc else b"hvcC")]
    if len(found) != 1:
        raise Damaged
    told = (int.from_bytes(fixed[24:26], "big"), int.from_bytes(fixed[26:28], "big"))
    look = b"".join(_look(inside))
    return _avc(found[0], told, look) if is_avc else _hevc(found[0], told, look)


def check_picture(size: Size) -> None:
    """Raise Damaged or Refused unless pictures of this size are taken."""
    if min(size) < 1:
        raise Damaged
    if max(size) > SIDE_AT_MOST or size[0] * size[1] > PIXELS_AT_MOST:
        raise Refused(Refusal.TOO_MANY_PIXELS)


def _avc(told: bytes, size: Size, look: bytes) -> Codec:
    if len(told) < 7 or told[0] != 1:
        raise Damaged
    sequences, at = _sets(told, 6, told[5] & 0x1F)
    pictures, at = _sets(told, at + 1, _byte(told, at))
    width, height = _shown(size, [avc_size(one) for one in sequences])
    made = bytes([1, *told[1:4], 0xFC | told[4] & 3, 0xE0 | len(sequences)]) + _written(sequences)
    made += bytes([len(pictures)]) + _written(pictures)
    if told[1] in _HIGH_PROFILES and len(told) >= at + 4:
        made += told[at : at + 3] + b"\x00"
    entry = _entry(b"avc1", width, height, box(b"avcC", made), look)
    return Codec(
        entry,
        width,
        height,
        1 + (told[4] & 3),
        _AVC_SHOWN,
        _AVC_SEQUENCE,
        lambda first: first & 0x1F,
        avc_size,
    )


def _hevc(told: bytes, size: Size, look: bytes) -> Codec:
    if len(told) < 23 or told[0] != 1:
        raise Damaged
    sets: dict[int, list[bytes]] = {}
    at = 23
    for _ in range(told[22]):
        kind = _byte(told, at) & 0x3F
        found, at = _sets(told, at + 3, int.from_bytes(told[at + 1 : at + 3], "big"))
        if kind in _HEVC_SETS:
            sets.setdefault(kind, []).extend(found)
    sequences = [one for one in sets.get(_HEVC_SEQUENCE, []) if _hevc_kind(one[0]) == 33]
    width, height = _shown(size, [hevc_size(one) for one in sequences])
    arrays = [
        struct.pack(">BH", 0x80 | kind, len(found)) + _written(found)
        for kind, found in sorted(sets.items())
    ]
    made = told[:22] + bytes([len(arrays)]) + b"".join(arrays)
    entry = _entry(b"hvc1", width, height, box(b"hvcC", made), look)
    return Codec(
        entry,
        width,
        height,
        1 + (told[21] & 3),
        _HEVC_SHOWN,
        _HEVC_SEQUENCE,
        _hevc_kind,
        hevc_size,
    )


def _hevc_kind(first: int) -> int:
    return first >> 1 & 0x3F


def _sets(told: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    """Return so many parameter sets, and where they end. Raises Damaged."""
    if not 1 <= count <= _SETS_AT_MOST:
        raise Damaged
    found: list[bytes] = []
    for _ in range(count):
        length = int.from_bytes(told[at : at + 2], "big")
        at += 2 + length
        if length not in _SET_BYTES or at > len(told):
            raise Damaged
        found.append(told[at - length : at])
    return found, at


def _written(sets: Sequence[bytes]) -> bytes:
    return b"".join(struct.pack(">H", len(one)) + one for one in sets)


def _shown(told: Size, coded: Sequence[Size]) -> Size:
    """Return what the file says if it can be so, else what is coded. Raises Damaged, Refused."""
    if not coded:
        raise Damaged
    for size in coded:
        check_picture(size)
    width, height = coded[0]
    can_be = 0 < told[0] <= width and 0 < told[1] <= height
    return told if can_be else (width, height)


def _entry(name: bytes, width: int, height: int, configuration: bytes, look: bytes) -> bytes:
    head = struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 72 << 16, 72 << 16, 0, 1, 24, -1)
    return box(name, head, configuration, look)


def _look(inside: Sequence[Box]) -> Iterator[bytes]:
    """Yield what says how colours and pixels are meant, as numbers."""
    for one in inside:
        content = one.content
        if one.name == b"pasp" and len(content) == 8:
            yield box(b"pasp", content)
        if one.name == b"colr" and content[:4] in (b"nclx", b"nclc") and len(content) >= 10:
            is_full = content[10:11] >= b"\x80" and content[:4] == b"nclx"
            yield box(b"colr", b"nclx", content[4:10], b"\x80" if is_full else b"\x00")


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise Damaged
    return data[at]
