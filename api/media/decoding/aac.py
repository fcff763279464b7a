"""The description of AAC in ISO base media and QuickTime files, read strictly and written anew.

Sources: ISO/IEC 14496-14; QuickTime File Format Specification (Apple), sound sample descriptions.
"""

import struct

from api.media.decoding.boxes import Box, box, padded_boxes
from api.media.decoding.refused import Damaged

_CONFIGURATION_BYTES_AT_MOST = 256
_ENTRY_BYTES = 28
_MORE_BYTES = {0: 0, 1: 16}
"""Of a sample description, by its version: QuickTime has one that is longer."""


def aac_entry(description: Box) -> bytes:
    """Return the sample entry anew: AAC, one or two channels, with its configuration only. Raises Damaged."""
    entries = description.children(8)
    if len(entries) != 1 or entries[0].name != b"mp4a":
        raise Damaged
    fixed = entries[0].content[:_ENTRY_BYTES]
    version = int.from_bytes(fixed[8:10], "big")
    if len(fixed) < _ENTRY_BYTES or version not in _MORE_BYTES:
        raise Damaged
    channels, rate = int.from_bytes(fixed[16:18], "big"), int.from_bytes(fixed[24:26], "big")
    if channels not in (1, 2):
        raise Damaged
    stream = _stream(entries[0], _ENTRY_BYTES + _MORE_BYTES[version])
    head = struct.pack(">6xH8xHHIHH", 1, channels, 16, 0, rate, 0)
    return box(b"mp4a", head, box(b"esds", _configured(stream)))


def _stream(entry: Box, skipped: int) -> bytes:
    """Return the descriptor of the stream, which QuickTime may keep in a box of its own."""
    inside = padded_boxes(entry.data, entry.start + skipped, entry.end)
    for one in [one for one in inside if one.name == b"wave"]:
        inside += padded_boxes(one.data, one.start, one.end)
    found = [one for one in inside if one.name == b"esds"]
    if len(found) != 1:
        raise Damaged
    return found[0].content


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
