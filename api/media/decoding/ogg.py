"""Ogg with one Opus or Vorbis stream: audio packets are kept, comments and pictures are dropped.

Sources: RFC 3533 (Ogg), RFC 7845 (Opus in Ogg), Vorbis I specification.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.media.decoding.refused import Damaged
from api.media.decoding.sound import Sound

_CONTINUED, _FIRST, _LAST = 1, 2, 4
_NO_GRANULE = 2**64 - 1
_SERIAL = 1
_SEGMENTS_AT_MOST = 255
_FULL_SEGMENT = 255
_HEADER_BYTES_AT_MOST = 4_000_000
"""Covers in comments included, which are dropped."""
_OPUS_RATE = 48_000
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_EMPTY_OPUS_TAGS = b"OpusTags" + bytes(8)
_EMPTY_VORBIS_COMMENTS = b"\x03vorbis" + bytes(8) + b"\x01"


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `lacing`: the lengths of its segments, a packet goes on behind one of 255."""

    flags: int
    granule: int
    lacing: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class _Head:
    """`headers`: packets that stand before the audio, comments emptied; `skipped`: samples not heard."""

    headers: Sequence[bytes]
    rate: int
    skipped: int


def rewritten(data: bytes) -> Sound:
    """Return the recording anew. Raises Damaged."""
    pages = list(_pages(data))
    if not pages[-1].flags & _LAST:
        raise Damaged
    count = _headers_of(pages[0].body)
    packets, audio = _split(pages, count)
    head = _opus(packets) if count == 2 else _vorbis(packets)
    if not audio:
        raise Damaged
    written = [*header_pages(head.headers), *audio]
    numbered = [bytes_of(page, number) for number, page in enumerate(written)]
    heard = max(_last_granule(audio) - head.skipped, 0)
    return Sound(b"".join(numbered), heard * 1000 // head.rate)


def _pages(data: bytes) -> Iterator[Page]:
    """Yield the pages of the only stream, each checked. Raises Damaged."""
    at, number, serial = 0, 0, data[14:18]
    while at < len(data):
        head = data[at : at + 27]
        if len(head) < 27 or head[:5] != b"OggS\x00":
            raise Damaged
        lacing = data[at + 27 : at + 27 + head[26]]
        start = at + 27 + head[26]
        end = start + sum(lacing)
        is_ours = head[14:18] == serial and int.from_bytes(head[18:22], "little") == number
        is_first, is_last = bool(head[5] & _FIRST), bool(head[5] & _LAST)
        if (
            len(lacing) < head[26]
            or end > len(data)
            or not is_ours
            or is_first is not (number == 0)
        ):
            raise Damaged
        bare = head[:22] + bytes(4) + head[26:] + data[at + 27 : end]
        if _checksum(bare) != int.from_bytes(head[22:26], "little"):
            raise Damaged
        yield Page(head[5], int.from_bytes(head[6:14], "little"), lacing, data[start:end])
        if is_last and data[end:].strip(b"\x00"):
            raise Damaged  # a further stream, or something else
        if is_last:
            return
        at, number = end, number + 1
    raise Damaged


def _headers_of(first: bytes) -> int:
    if first.startswith(b"OpusHead"):
        return 2
    if first.startswith(b"\x01vorbis"):
        return 3
    raise Damaged


def _split(pages: Sequence[Page], count: int) -> tuple[list[bytes], Sequence[Page]]:
    """Return the first `count` packets, and the pages behind them; audio begins on a page of its own."""
    packets, packet, size = list[bytes](), bytearray(), 0
    for index, page in enumerate(pages):
        at = 0
        for length in page.lacing:
            packet += page.body[at : at + length]
            at += length
            if length < _FULL_SEGMENT:
                packets.append(bytes(packet))
                packet.clear()
        size += at
        if size > _HEADER_BYTES_AT_MOST:
            raise Damaged
        if len(packets) >= count:
            if len(packets) > count or packet:
                raise Damaged
            return packets, pages[index + 1 :]
    raise Damaged


def _opus(packets: Sequence[bytes]) -> _Head:
    head = packets[0]
    if len(head) < 19 or head[8] & 0xF0 or head[9] not in (1, 2) or head[18]:
        raise Damaged
    if not packets[1].startswith(b"OpusTags"):
        raise Damaged
    skipped = int.from_bytes(head[10:12], "little")
    return _Head((head[:19], _EMPTY_OPUS_TAGS), _OPUS_RATE, skipped)


def _vorbis(packets: Sequence[bytes]) -> _Head:
    head, comments, setup = packets
    rate = int.from_bytes(head[12:16], "little")
    is_sound = len(head) == 30 and head[7:11] == bytes(4) and head[11] in (1, 2)
    if not is_sound or not 8_000 <= rate <= 96_000:
        raise Damaged
    if not comments.startswith(b"\x03vorbis") or not setup.startswith(b"\x05vorbis"):
        raise Damaged
    return _Head((head, _EMPTY_VORBIS_COMMENTS, setup), rate, 0)


def _last_granule(audio: Sequence[Page]) -> int:
    """Return the last position. Raises Damaged when positions run backwards, or there is none."""
    granules = [page.granule for page in audio if page.granule != _NO_GRANULE]
    if not granules or granules != sorted(granules) or granules[-1] >= 2**63:
        raise Damaged
    return granules[-1]


def header_pages(packets: Sequence[bytes]) -> Iterator[Page]:
    """Lay the first packet on a page of its own, and the others on as many as they need."""
    yield Page(_FIRST, 0, _lacing(packets[0]), packets[0])
    lacing = b"".join(map(_lacing, packets[1:]))
    body = b"".join(packets[1:])
    is_open = False
    while lacing:
        now, lacing = lacing[:_SEGMENTS_AT_MOST], lacing[_SEGMENTS_AT_MOST:]
        ends_a_packet = any(length < _FULL_SEGMENT for length in now)
        granule = 0 if ends_a_packet else _NO_GRANULE
        yield Page(_CONTINUED if is_open else 0, granule, now, body[: sum(now)])
        body, is_open = body[sum(now) :], now[-1] == _FULL_SEGMENT


def _lacing(packet: bytes) -> bytes:
    full, rest = divmod(len(packet), _FULL_SEGMENT)
    return bytes([_FULL_SEGMENT]) * full + bytes([rest])


def bytes_of(page: Page, number: int) -> bytes:
    """Return the page as it is written."""
    head = struct.pack("<4sBBQII", b"OggS", 0, page.flags, page.granule, _SERIAL, number)
    tail = bytes([len(page.lacing)]) + page.lacing + page.body
    return head + struct.pack("<I", _checksum(head + bytes(4) + tail)) + tail


def _checksum(data: bytes) -> int:
    """Return Ogg's CRC-32: zlib's polynomial over bits in the other order, from zero, not inverted."""
    mirrored = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
