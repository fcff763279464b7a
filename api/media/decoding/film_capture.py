"""When and where a film was taken, as telephones write it; whatever cannot be read is nothing.

Sources: ISO/IEC 14496-12, 8.2.2; QuickTime File Format Specification (Apple), user data and metadata
keys; ISO 6709, annex H; 3GPP TS 26.244, 8.10.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from api.media.decoding.boxes import Box, padded_boxes
from api.media.decoding.camera_note import CameraNote, note
from api.media.decoding.refused import Damaged

_SINCE = datetime(1904, 1, 1, tzinfo=UTC)
_PLACE_KEY = b"com.apple.quicktime.location.ISO6709"
_MOMENT_KEY = b"com.apple.quicktime.creationdate"
_PLACE = re.compile(r"([+-]\d{2}(?:\.\d{1,9})?)([+-]\d{3}(?:\.\d{1,9})?)")
_TEXT_BYTES_AT_MOST = 200


def capture_of_film(movie: Box) -> CameraNote:
    """Return what the film's index says of it."""
    keyed, place = dict[bytes, str](), None
    with suppress(Damaged):
        place = next(filter(None, _user_places(movie)), None)
    with suppress(Damaged):
        keyed = dict(_keyed(movie))
    moment = _moment(keyed.get(_MOMENT_KEY, "")) or _created(movie)
    return note(moment, _position(keyed.get(_PLACE_KEY, "")) or place)


def _created(movie: Box) -> datetime | None:
    content = movie.one(b"mvhd").content
    width = 8 if content[:1] == b"\x01" else 4
    seconds = int.from_bytes(content[4 : 4 + width], "big")
    with suppress(OverflowError):
        return _SINCE + timedelta(seconds=seconds) if seconds else None
    return None


def _user_places(movie: Box) -> Iterator[tuple[float, float] | None]:
    for data in movie.all(b"udta"):
        for one in padded_boxes(data.data, data.start, data.end):
            if one.name == b"\xa9xyz":  # behind its length and its language
                yield _position(_text(one.content[4:]))
            if one.name == b"loci":
                yield _located(one.content)


def _keyed(movie: Box) -> Iterator[tuple[bytes, str]]:
    """Yield the values that have names, as QuickTime keeps them: names in a list, values by number."""
    for meta in movie.all(b"meta"):
        inside = _inside(meta)
        names = [name for one in inside if one.name == b"keys" for name in _names(one.content)]
        items = [item for one in inside if one.name == b"ilst" for item in one.children()]
        for item in items:
            number = int.from_bytes(item.name, "big")
            if 1 <= number <= len(names):
                yield names[number - 1], _text(item.one(b"data").content[8:])


def _inside(meta: Box) -> list[Box]:
    """Return the boxes of metadata, which begin at once in QuickTime, behind four bytes elsewhere."""
    is_bare = meta.data[meta.start + 4 : meta.start + 8] == b"hdlr"
    return meta.children(0 if is_bare else 4)


def _names(content: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        if length < 8:
            raise Damaged
        yield content[at + 8 : at + length]
        at += length


def _text(data: bytes) -> str:
    return data[:_TEXT_BYTES_AT_MOST].decode("ascii", "replace")


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else None
    return None


def _located(content: bytes) -> tuple[float, float] | None:
    """Read a place behind its language, its name and its part in the film."""
    at = content.find(b"\x00", 6) + 2
    if at < 8 or at + 8 > len(content):
        return None
    longitude, latitude = struct.unpack_from(">2i", content, at)
    return latitude / 0x10000, longitude / 0x10000


def _position(text: str) -> tuple[float, float] | None:
    found = _PLACE.match(text)
    return (float(found[1]), float(found[2])) if found else None
