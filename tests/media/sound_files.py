"""Recordings as phones and attackers send them, made in code: silence, but of each format."""

import struct

from api.media.decoding.boxes import box
from api.media.decoding.ogg import Page, bytes_of, header_pages

MARK = b"canary-of-a-recording-0417"
COVER = b"\xff\xd8\xff\xe0" + MARK
OPUS_SILENCE = b"\xf8\xff\xfe"


def wav(
    seconds: float = 1.0,
    *,
    rate: int = 8_000,
    bits: int = 16,
    extra: bytes = b"",
    data_says: int | None = None,
    riff_says: int | None = None,
    channels: int = 1,
) -> bytes:
    """Return a WAV; what it says of its lengths may be told."""
    block = channels * bits // 8
    samples = bytes(int(seconds * rate) * block)
    described = struct.pack("<HHIIHH", 1, channels, rate, rate * block, block, bits)
    data = b"data" + struct.pack("<I", len(samples) if data_says is None else data_says) + samples
    body = b"WAVE" + b"fmt " + struct.pack("<I", 16) + described + extra + data
    return b"RIFF" + struct.pack("<I", len(body) if riff_says is None else riff_says) + body


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def mp3(frames: int = 40, *, before: bytes = b"", behind: bytes = b"", head: int = 0x90) -> bytes:
    """Return silent frames of 1,152 samples at 44,100 a second, 128 kbit/s, one channel."""
    frame = bytes((0xFF, 0xFB, head, 0xC0)).ljust(417, b"\x00")
    return before + frame * frames + behind


def id3(*frames: bytes) -> bytes:
    body = b"".join(frames)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def id3_frame(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">IH", len(body), 0) + body


def xing() -> bytes:
    """Return the silent frame in which an encoder writes of itself."""
    frame = bytes((0xFF, 0xFB, 0x90, 0xC0)) + bytes(17) + b"Info" + bytes(20) + b"LAME" + MARK
    return frame.ljust(417, b"\x00")


def ogg(
    packets: int = 50,
    *,
    comment: bytes = MARK,
    is_ended: bool = True,
    channels: int = 1,
    granule_step: int = 960,
) -> bytes:
    """Return Opus in Ogg: frames of 20 ms, one a page."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, channels, 312, 48_000, 0, 0)
    tags = (
        b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<II", 1, len(comment)) + comment
    )
    pages = list(header_pages((head, tags)))
    for number in range(packets):
        flags = 4 if is_ended and number == packets - 1 else 0
        pages.append(_page(flags, (number + 1) * granule_step, OPUS_SILENCE))
    return b"".join(bytes_of(page, number) for number, page in enumerate(pages))


def vorbis(comment: bytes = MARK) -> bytes:
    """Return a Vorbis stream whose headers are sound and whose audio is a few bytes."""
    head = (
        b"\x01vorbis" + bytes(4) + bytes([1]) + struct.pack("<IIII", 8_000, 0, 0, 0) + b"\xb8\x01"
    )
    comments = b"\x03vorbis" + struct.pack("<III", 0, 1, len(comment)) + comment + b"\x01"
    setup = b"\x05vorbis" + bytes(range(200)) * 2
    pages = [*header_pages((head, comments, setup)), _page(4, 16_000, bytes(30))]
    return b"".join(bytes_of(page, number) for number, page in enumerate(pages))


def _page(flags: int, granule: int, packet: bytes) -> Page:
    return Page(flags, granule, bytes([len(packet)]), packet)


def m4a(
    frames: int = 50,
    *,
    more: bytes = b"",
    handler: bytes = b"soun",
    chunk_offset: int | None = None,
    sample_size: int = 6,
    entry: bytes = b"mp4a",
    is_index_first: bool = False,
) -> bytes:
    """Return AAC in M4A as telephones write it, with places and covers in `more`."""
    head = box(b"ftyp", b"M4A ", bytes(4), b"M4A mp42isom")
    media = b"\x21\x00\x49\x90\x02\x19" * frames
    offset = len(head) + 8
    if is_index_first:
        offset += len(_index(frames, 0, more, handler, sample_size, entry))
    index = _index(
        frames, offset if chunk_offset is None else chunk_offset, more, handler, sample_size, entry
    )
    parts = (index, box(b"mdat", media)) if is_index_first else (box(b"mdat", media), index)
    return head + b"".join(parts)


def _index(
    frames: int, offset: int, more: bytes, handler: bytes, sample_size: int, entry: bytes
) -> bytes:
    specific = b"\x05\x02\x12\x08"
    decoder = b"\x04" + bytes([13 + len(specific)]) + b"\x40\x15" + bytes(11) + specific
    stream = b"\x03" + bytes([3 + len(decoder) + 3]) + bytes(3) + decoder + b"\x06\x01\x02"
    fixed = struct.pack(">6xH8xHHIHH", 1, 1, 16, 0, 44_100, 0)
    described = box(entry, fixed, box(b"esds", bytes(4), stream), box(b"free", MARK))
    halves = (frames // 2, frames - frames // 2)
    offsets = (offset, offset + halves[0] * sample_size)
    tables = box(
        b"stbl",
        box(b"stsd", bytes(4), _numbers(1), described),
        box(b"stts", bytes(4), _numbers(1, frames, 1_024)),
        box(b"stsc", bytes(4), _numbers(2, 1, halves[0], 1, 2, halves[1], 1)),
        box(b"stsz", bytes(4), _numbers(sample_size, frames)),
        box(b"stco", bytes(4), _numbers(2, *offsets)),
    )
    times = _numbers(0xDEADBEEF, 0xDEADBEEF)
    span = _numbers(44_100, frames * 1_024)
    inside = box(
        b"mdia",
        box(b"mdhd", bytes(4), times, span, b"\x55\xc4\x00\x00"),
        box(b"hdlr", bytes(8), handler, bytes(12), MARK, b"\x00"),
        box(b"minf", box(b"smhd", bytes(8)), tables),
    )
    track = box(b"trak", box(b"tkhd", bytes(4), times, bytes(72)), inside)
    return box(b"moov", box(b"mvhd", bytes(4), times, span, bytes(80)), track, more)


def _numbers(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


def user_data() -> bytes:
    """Return a title, a cover, and the place of the recording."""
    place = box(b"\xa9xyz", b"\x00\x12\x15\xc7+22.3364+103.8438/", MARK)
    return box(b"udta", place, box(b"meta", bytes(4), box(b"ilst", box(b"covr", COVER))))
