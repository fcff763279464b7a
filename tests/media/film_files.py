"""Films as phones and attackers send them, made in code: no pictures, but all that lies around them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from api.media.decoding.boxes import box
from tests.media import sound_files as sounds

MARK = sounds.MARK
SCALE = 600
TICKS = 20
"""Of a frame: 30 a second."""
PLACE = b"+22.3364+103.8438/"
TAKEN_AT = 3_860_449_445
"""Seconds since 1904 at 2026-05-01 03:04:05 UTC."""


class _Bits:
    def __init__(self) -> None:
        self._text = ""

    def put(self, value: int, width: int) -> "_Bits":
        self._text += f"{value:0{width}b}"
        return self

    def counted(self, *values: int) -> "_Bits":
        for value in values:
            width = (value + 1).bit_length()
            self._text += "0" * (width - 1) + f"{value + 1:b}"
        return self

    def bytes(self) -> bytes:
        text = self._text + "1"
        text += "0" * (-len(text) % 8)
        plain = int(text, 2).to_bytes(len(text) // 8, "big")
        return plain.replace(b"\x00\x00\x00", b"\x00\x00\x03\x00")


def avc_sequence(width: int = 64, height: int = 48) -> bytes:
    """Return a sequence parameter set of H.264 for pictures of whole blocks of 16 pixels."""
    bits = _Bits().put(66, 8).put(0xC0, 8).put(30, 8).counted(0, 0, 2, 1).put(0, 1)
    bits.counted(width // 16 - 1, height // 16 - 1)
    return b"\x67" + bits.put(1, 1).put(1, 1).put(0, 1).put(0, 1).bytes()


def hevc_sequence(width: int = 64, height: int = 48) -> bytes:
    """Return a sequence parameter set of H.265."""
    bits = _Bits().put(0, 4).put(0, 3).put(1, 1).put((1 << 96) - 1, 96)
    return b"\x42\x01" + bits.counted(0, 1, width, height).put(0, 1).bytes()


def unit(content: bytes, says: int | None = None) -> bytes:
    return struct.pack(">I", len(content) if says is None else says) + content


AVC_PICTURE = b"\x68\xce\x38\x80"
AVC_WHOLE, AVC_FOLLOWING = b"\x65" + b"\x88" * 11, b"\x41" + b"\x9a" * 7
AVC_MESSAGE = b"\x06\x05" + MARK + PLACE
HEVC_MESSAGE = b"\x4e\x01" + MARK + PLACE


@dataclass(frozen=True, slots=True)
class FilmTrack:
    """One track, of which each part can be told otherwise than it is. `edits`: the rows of its edit list."""

    frames: Sequence[bytes]
    entry: bytes
    kind: bytes = b"vide"
    scale: int = SCALE
    ticks: int = TICKS
    whole: Sequence[int] | None = (1,)
    shifts: bytes = b""
    edits: bytes = b""
    turn: bytes = struct.pack(">5i", 0x10000, 0, 0, 0, 0x10000)
    sizes: bytes | None = None
    times: bytes | None = None
    offset: int | None = None
    is_wide: bool = False
    more: bytes = b""


def avc_entry(
    width: int = 64,
    height: int = 48,
    *,
    sequence: bytes | None = None,
    name: bytes = b"avc1",
    more: bytes = b"",
) -> bytes:
    sets = sequence or avc_sequence(width, height)
    told = b"\x01\x42\xc0\x1e\xff\xe1" + struct.pack(">H", len(sets)) + sets
    told += b"\x01" + struct.pack(">H", len(AVC_PICTURE)) + AVC_PICTURE
    return box(name, _picture(width, height), box(b"avcC", told), more)


def hevc_entry(width: int = 64, height: int = 48, sequence: bytes | None = None) -> bytes:
    told = b"\x01" + bytes(20) + b"\x03\x04"
    for kind, content in (
        (32, b"\x40\x01\x0c\x01"),
        (33, sequence or hevc_sequence(width, height)),
        (34, b"\x44\x01\xc1\x72"),
        (39, HEVC_MESSAGE),
    ):
        told += struct.pack(">BHH", kind, 1, len(content)) + content
    return box(b"hvc1", _picture(width, height), box(b"hvcC", told))


def _picture(width: int, height: int) -> bytes:
    name = MARK[:31].ljust(31, b"\x00")
    told = struct.pack(">6xH16xHHIIIHB", 1, width, height, 72 << 16, 72 << 16, 0, 1, 26)
    return told + name + struct.pack(">Hh", 24, -1)


def pictures(count: int = 30, every: int = 10) -> list[bytes]:
    """Return frames of H.264, of which some stand by themselves; each says where it was taken."""
    return [
        unit(AVC_MESSAGE) + unit(AVC_FOLLOWING if number % every else AVC_WHOLE)
        for number in range(count)
    ]


def avc(count: int = 30, **changes: Any) -> FilmTrack:  # noqa: ANN401
    """Return a track of H.264: a frame in ten stands by itself."""
    told: dict[str, Any] = {"frames": pictures(count), "entry": avc_entry()}
    told["whole"] = tuple(range(1, count + 1, 10))
    return FilmTrack(**{**told, **changes})


def hevc(count: int = 30) -> FilmTrack:
    frames = [unit(HEVC_MESSAGE) + unit(b"\x26\x01" + b"\xaf" * 9)] * count
    return FilmTrack(frames, hevc_entry(), whole=None)


def sound(
    count: int = 44,
    *,
    name: bytes = b"mp4a",
    is_quicktime: bool = False,
    offset: int | None = None,
) -> FilmTrack:
    """Return a track of AAC, a second long, as MP4 or QuickTime describe it."""
    specific = b"\x05\x02\x12\x08"
    decoder = b"\x04" + bytes([13 + len(specific)]) + b"\x40\x15" + bytes(11) + specific
    stream = b"\x03" + bytes([3 + len(decoder) + 3]) + bytes(3) + decoder + b"\x06\x01\x02"
    told = box(b"esds", bytes(4), stream)
    fixed = struct.pack(">6xHH6xHHIHH", 1, 1 if is_quicktime else 0, 1, 16, 0, 44_100, 0)
    if is_quicktime:
        told = box(b"wave", box(b"frma", b"mp4a"), told, box(bytes(4)))
        fixed += bytes(16)
    frames = [b"\x21\x00\x49\x90\x02\x19"] * count
    return FilmTrack(frames, box(name, fixed, told), b"soun", 44_100, 1_024, None, offset=offset)


def positions() -> FilmTrack:
    """Return a track in which a camera notes where it is."""
    frames = [b"GPS5" + PLACE + MARK] * 3
    return FilmTrack(frames, box(b"gpmd", bytes(8)), b"meta", whole=None)


@dataclass(frozen=True, slots=True)
class FilmFile:
    """How a film lies in its file. `behind`: what stands at its end."""

    tracks: Sequence[FilmTrack] = field(default_factory=lambda: [avc(), sound()])
    brand: bytes = b"mp42"
    more: bytes = b""
    is_index_first: bool = False
    media_head: str = "plain"
    between: bytes = b""
    behind: bytes = b""
    taken_at: int = TAKEN_AT


def film(*tracks: FilmTrack, **changes: Any) -> bytes:  # noqa: ANN401
    """Return a film of these tracks, of pictures and sound unless told otherwise."""
    told: dict[str, Any] = {"tracks": tracks} if tracks else {}
    return written(FilmFile(**{**told, **changes}))


def written(it: FilmFile) -> bytes:
    head = box(b"ftyp", it.brand, bytes(4), it.brand) + it.between
    media = b"".join(frame for track in it.tracks for frame in track.frames)
    length = {
        "plain": struct.pack(">I4s", 8 + len(media), b"mdat"),
        "wide": struct.pack(">I4sQ", 1, b"mdat", 16 + len(media)),
        "to the end": struct.pack(">I4s", 0, b"mdat"),
        "lying": struct.pack(">I4sQ", 1, b"mdat", 2**63),
    }[it.media_head]
    start = len(head) + len(length)
    if it.is_index_first:
        start += len(_index(it, 0))
    index = _index(it, start)
    parts = (index, length + media) if it.is_index_first else (length + media, index)
    return head + b"".join(parts) + it.behind


def _index(it: FilmFile, start: int) -> bytes:
    times = struct.pack(">II", it.taken_at, it.taken_at)
    head = bytes(4) + times + struct.pack(">II", SCALE, SCALE) + bytes(80)
    tracks: list[bytes] = []
    for one in it.tracks:
        tracks.append(_track(one, start))
        start += sum(map(len, one.frames))
    return box(b"moov", box(b"mvhd", head), *tracks, it.more)


def _track(it: FilmTrack, start: int) -> bytes:
    sizes = it.sizes or _table(0, len(it.frames), *map(len, it.frames))
    times = it.times or _table(1, len(it.frames), it.ticks)
    halves = (len(it.frames) // 2, len(it.frames) - len(it.frames) // 2)
    at = start if it.offset is None else it.offset
    second = at + sum(map(len, it.frames[: halves[0]]))
    tables = box(
        b"stbl",
        box(b"stsd", _table(1), it.entry),
        box(b"stts", times),
        box(b"stss", _table(len(it.whole), *it.whole)) if it.whole is not None else b"",
        it.shifts,
        box(b"stsc", _table(2, 1, halves[0], 1, 2, halves[1], 1)),
        box(b"stsz", sizes),
        box(b"co64", _table(2), struct.pack(">QQ", at, second))
        if it.is_wide
        else box(b"stco", _table(2, at, second)),
    )
    told = struct.pack(">II", 0xDEADBEEF, 0xDEADBEEF)
    span = struct.pack(">II", it.scale, len(it.frames) * it.ticks)
    return box(
        b"trak",
        box(b"tkhd", bytes(4), told, bytes(28), it.turn, bytes(24)),
        box(b"edts", box(b"elst", it.edits)) if it.edits else b"",
        box(
            b"mdia",
            box(b"mdhd", bytes(4), told, span, bytes(4)),
            box(b"hdlr", bytes(8), it.kind, bytes(12), MARK, b"\x00"),
            box(b"minf", box(b"vmhd", bytes(12)), tables),
        ),
        it.more,
    )


def edits(*rows: tuple[int, int, int]) -> bytes:
    """Return an edit list of rows of length, first tick and rate."""
    told = b"".join(struct.pack(">IiI", *row) for row in rows)
    return bytes(4) + struct.pack(">I", len(rows)) + told


def keyed(place: bytes = PLACE, moment: bytes = b"2026-05-01T10:04:05+0700") -> bytes:
    """Return when and where, as QuickTime keeps it, with a cover."""
    names = (b"com.apple.quicktime.location.ISO6709", b"com.apple.quicktime.creationdate", MARK)
    keys = b"".join(struct.pack(">I4s", 8 + len(name), b"mdta") + name for name in names)
    items = [
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), value))
        for number, value in enumerate((place, moment, sounds.COVER), 1)
    ]
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(13))
    return box(b"meta", handler, box(b"keys", _table(3), keys), box(b"ilst", *items))


def located() -> bytes:
    """Return a place as 3GPP keeps it."""
    place = struct.pack(">Bii", 0, int(103.8438 * 65_536), int(22.3364 * 65_536))
    return box(b"udta", box(b"loci", bytes(4), b"\x15\xc7", MARK, b"\x00", place, bytes(6)))


def _table(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers) + 1}I", 0, *numbers)
