"""MP3: the frames are kept as they are, tags and everything between or behind them are dropped.

Sources: ISO/IEC 11172-3 and 13818-3 for frames; id3.org for ID3v2; the Xing header as players read it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from api.media.decoding.refused import Damaged
from api.media.decoding.sound import Sound

_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KILOBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_TAGS_BEHIND = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"3DI")
_FRAMES_AT_LEAST = 3
_MONO = 3


@dataclass(frozen=True, slots=True)
class _Frame:
    """`side`: bytes of its side information, behind the header and a checksum that may be there."""

    start: int
    length: int
    version: int
    rate: int
    samples: int
    side: int


def rewritten(data: bytes) -> Sound:
    """Return the recording anew. Raises Damaged."""
    frames = [
        frame for frame in _frames(data, _behind_id3(data)) if not _is_about_others(data, frame)
    ]
    if len(frames) < _FRAMES_AT_LEAST:
        raise Damaged
    first = frames[0]
    if any((one.version, one.rate) != (first.version, first.rate) for one in frames):
        raise Damaged
    body = b"".join(data[one.start : one.start + one.length] for one in frames)
    head = _head(data, first, len(frames), len(body))
    return Sound(head + body, sum(one.samples for one in frames) * 1000 // first.rate)


def _behind_id3(data: bytes) -> int:
    """Return where the frames begin, behind any number of ID3v2 tags."""
    at = 0
    while data[at : at + 3] == b"ID3":
        if at + 10 > len(data) or any(byte & 0x80 for byte in data[at + 6 : at + 10]):
            raise Damaged
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte
        has_footer = bool(data[at + 5] & 0x10)
        at += 10 + size + (10 if has_footer else 0)
    return at


def _frames(data: bytes, at: int) -> Iterator[_Frame]:
    """Yield the frames, one right behind the other, up to the end or to tags."""
    while at < len(data):
        frame = _frame(data, at)
        if frame is None:
            if not _is_end(data, at):
                raise Damaged
            return
        if frame.start + frame.length > len(data):
            return  # recorders stop in the middle of the last one
        yield frame
        at += frame.length


def _is_end(data: bytes, at: int) -> bool:
    rest = data[at : at + 16]
    return rest.startswith(_TAGS_BEHIND) or not data[at:].strip(b"\x00")


def _frame(data: bytes, at: int) -> _Frame | None:
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bit_rate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bit_rate in (0, 15) or rate == 3:
        return None
    is_first = version == 3
    kilobits = (_KILOBITS_1 if is_first else _KILOBITS_2)[bit_rate]
    samples = 1152 if is_first else 576
    per_second = _RATES[version][rate]
    length = samples // 8 * kilobits * 1000 // per_second + (head[2] >> 1 & 1)
    is_mono = head[3] >> 6 == _MONO
    side = (17 if is_mono else 32) if is_first else (9 if is_mono else 17)
    return _Frame(at, length, version, per_second, samples, side)


def _is_about_others(data: bytes, frame: _Frame) -> bool:
    """Tell the silent frame in which encoders write of the recording and of themselves."""
    body = data[frame.start + 4 : frame.start + frame.length]
    marks = (body[frame.side : frame.side + 4], body[frame.side + 2 : frame.side + 6], body[32:36])
    return any(mark in (b"Xing", b"Info", b"VBRI") for mark in marks)


def _head(data: bytes, first: _Frame, frames: int, size: int) -> bytes:
    """Return a silent frame of our own that tells players how long it lasts, where one fits."""
    told = b"Xing" + struct.pack(">III", 3, frames, size + first.length)
    silence = 4 + first.side
    if silence + len(told) > first.length:
        return b""
    header = bytearray(data[first.start : first.start + 4])
    header[1] |= 1  # without a checksum
    return (bytes(header) + bytes(first.side) + told).ljust(first.length, b"\x00")
