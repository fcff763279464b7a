"""WAV: the format and the samples are kept, every other chunk is dropped.

Source: Multiple Channel Audio Data and WAVE Files (Microsoft, 2007).
"""

import struct
from collections.abc import Iterator

from api.media.decoding.refused import Damaged
from api.media.decoding.sound import Sound

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SUBFORMAT_TAIL = b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
_BITS = {_PCM: (8, 16, 24, 32), _FLOAT: (32,)}
_RATES = range(8_000, 96_001)
_CHUNKS_AT_MOST = 1_000


def rewritten(data: bytes) -> Sound:
    """Return the recording anew. Raises Damaged."""
    chunks = dict(_chunks(data))
    if b"fmt " not in chunks or b"data" not in chunks:
        raise Damaged
    tag, channels, rate, bits = _format(chunks[b"fmt "])
    block = channels * bits // 8
    samples = chunks[b"data"]
    samples = samples[: len(samples) // block * block]
    if not samples:
        raise Damaged
    described = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)
    parts = (b"WAVE", _chunk(b"fmt ", described), _chunk(b"data", samples))
    return Sound(_chunk(b"RIFF", b"".join(parts)), len(samples) // block * 1000 // rate)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the first chunk of each name; what says that it is longer than it is, is damaged."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Damaged
    seen: set[bytes] = set()
    at = 12
    for _ in range(_CHUNKS_AT_MOST):
        if at + 8 > end:
            return
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > end or (name in seen and name in (b"fmt ", b"data")):
            raise Damaged
        if name not in seen:
            yield name, data[at + 8 : at + 8 + length]
        seen.add(name)
        at += 8 + length + length % 2
    raise Damaged


def _format(body: bytes) -> tuple[int, int, int, int]:
    """Return format tag, channels, samples a second and bits of a sample."""
    if len(body) < 16:
        raise Damaged
    tag, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", body)
    if tag == _EXTENSIBLE:
        if len(body) < 40 or body[26:40] != _SUBFORMAT_TAIL:
            raise Damaged
        tag = int.from_bytes(body[24:26], "little")
    is_sound = bits in _BITS.get(tag, ()) and channels in (1, 2) and rate in _RATES
    if not is_sound or block != channels * bits // 8:
        raise Damaged
    return tag, channels, rate, bits


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)
