"""Frames of HTTP/2 (RFC 9113, 4 and 6) and their bytes."""

import struct
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FRAME_BYTES_AT_MOST: Final = 16_384
"""Of a payload. What every peer takes, and all that we take."""

STREAM_AT_MOST: Final = 2**31 - 1
WINDOW_AT_MOST: Final = 2**31 - 1
FIRST_WINDOW: Final = 65_535

DATA: Final = 0x0
HEADERS: Final = 0x1
PRIORITY: Final = 0x2
RST_STREAM: Final = 0x3
SETTINGS: Final = 0x4
PUSH_PROMISE: Final = 0x5
PING: Final = 0x6
GOAWAY: Final = 0x7
WINDOW_UPDATE: Final = 0x8
CONTINUATION: Final = 0x9

ACK: Final = 0x1
END_STREAM: Final = 0x1
END_HEADERS: Final = 0x4
PADDED: Final = 0x8
WITH_PRIORITY: Final = 0x20

Frame = tuple[int, int, int, bytes]
"""Type, flags, stream, payload."""

_HEAD = struct.Struct(">IBI")  # length and type in one number
_HEAD_BYTES: Final = _HEAD.size
_PRIORITY_BYTES: Final = 5


class ErrorCode(IntEnum):
    """RFC 9113, 7."""

    NO_ERROR = 0x0
    PROTOCOL_ERROR = 0x1
    INTERNAL_ERROR = 0x2
    FLOW_CONTROL_ERROR = 0x3
    SETTINGS_TIMEOUT = 0x4
    STREAM_CLOSED = 0x5
    FRAME_SIZE_ERROR = 0x6
    REFUSED_STREAM = 0x7
    CANCEL = 0x8
    COMPRESSION_ERROR = 0x9
    CONNECT_ERROR = 0xA
    ENHANCE_YOUR_CALM = 0xB
    INADEQUATE_SECURITY = 0xC
    HTTP_1_1_REQUIRED = 0xD


class ConnectionBroken(Exception):
    """The peer broke a rule, and the connection ends."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code.name)
        self.code = code


class StreamBroken(Exception):
    """The peer broke a rule on one stream; the others go on."""

    def __init__(self, stream: int, code: ErrorCode = ErrorCode.PROTOCOL_ERROR) -> None:
        super().__init__(code.name)
        self.stream = stream
        self.code = code


class FrameReader:
    """Cuts what comes into frames. Holds less than one frame of the size that we take."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames that are complete now. Raises ConnectionBroken at one that is too long."""
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= _HEAD_BYTES:
            length_and_type, flags, stream = _HEAD.unpack_from(data, at)
            length = length_and_type >> 8
            if length > FRAME_BYTES_AT_MOST:
                raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
            payload_at = at + _HEAD_BYTES
            if (after := payload_at + length) > end:
                break
            yield length_and_type & 0xFF, flags, stream & STREAM_AT_MOST, data[payload_at:after]
            at = after
        self._rest = data[at:]


def head(kind: int, flags: int, stream: int, length: int) -> bytes:
    """Return the nine bytes before a payload of that length."""
    return _HEAD.pack(length << 8 | kind, flags, stream)


def header_frames(stream: int, block: bytes) -> Sequence[bytes]:
    """Return the pieces of HEADERS, and of CONTINUATION where the block is long; DATA follows."""
    if len(block) <= FRAME_BYTES_AT_MOST:
        return head(HEADERS, END_HEADERS, stream, len(block)), block
    pieces: list[bytes] = []
    for start in range(0, len(block), FRAME_BYTES_AT_MOST):
        piece = block[start : start + FRAME_BYTES_AT_MOST]
        kind = CONTINUATION if start else HEADERS
        flags = END_HEADERS if start + len(piece) == len(block) else 0
        pieces += (head(kind, flags, stream, len(piece)), piece)
    return pieces


def settings(values: Sequence[tuple[int, int]]) -> bytes:
    payload = b"".join(struct.pack(">HI", *value) for value in values)
    return head(SETTINGS, 0, 0, len(payload)) + payload


def settings_ack() -> bytes:
    return head(SETTINGS, ACK, 0, 0)


def ping_ack(payload: bytes) -> bytes:
    return head(PING, ACK, 0, len(payload)) + payload


def window_update(stream: int, more: int) -> bytes:
    return head(WINDOW_UPDATE, 0, stream, 4) + more.to_bytes(4, "big")


def reset(stream: int, code: ErrorCode) -> bytes:
    return head(RST_STREAM, 0, stream, 4) + code.to_bytes(4, "big")


def go_away(code: ErrorCode) -> bytes:
    """Say that we leave. The peer opened no stream, so that the last one is 0."""
    return head(GOAWAY, 0, 0, 8) + struct.pack(">II", 0, code)


def without_padding(flags: int, payload: bytes) -> bytes:
    """Return the content of DATA or HEADERS. Raises ConnectionBroken when there is more padding than payload."""
    if not flags & PADDED:
        return payload
    if not payload or payload[0] >= len(payload):
        raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
    return payload[1 : len(payload) - payload[0]]


def header_fragment(flags: int, payload: bytes) -> bytes:
    """Return what HEADERS holds of a block, without padding and priority."""
    content = without_padding(flags, payload)
    if not flags & WITH_PRIORITY:
        return content
    if len(content) < _PRIORITY_BYTES:
        raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
    return content[_PRIORITY_BYTES:]
