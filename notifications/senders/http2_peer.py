"""What the peer allows: its settings (RFC 9113, 6.5) and how much we may send (5.2)."""

from collections.abc import Iterator
from struct import iter_unpack
from typing import Final

from notifications.senders.http2_frames import (
    DATA,
    END_STREAM,
    FIRST_WINDOW,
    FRAME_BYTES_AT_MOST,
    WINDOW_AT_MOST,
    ConnectionBroken,
    ErrorCode,
    StreamBroken,
    head,
)

HEADER_TABLE_SIZE: Final = 0x1
ENABLE_PUSH: Final = 0x2
MAX_CONCURRENT_STREAMS: Final = 0x3
INITIAL_WINDOW_SIZE: Final = 0x4
MAX_FRAME_SIZE: Final = 0x5
MAX_HEADER_LIST_SIZE: Final = 0x6

_SETTING_BYTES: Final = 6


class Body:
    """What is still to be sent on a stream, and how much of it the stream's own window lets through."""

    __slots__ = ("rest", "window")

    def __init__(self, rest: bytes, window: int) -> None:
        self.rest = rest
        self.window = window


class Peer:
    """`streams_at_most`: how many may be open at once.

    The window of a stream whose body is out is of no interest, and not kept.
    """

    def __init__(self) -> None:
        self.streams_at_most = WINDOW_AT_MOST  # no limit, before the peer gives one
        self.window = FIRST_WINDOW
        self.waiting: dict[int, Body] = {}
        self._window_of_a_stream = FIRST_WINDOW

    def takes_at_once(self, body_bytes: int) -> bool:
        """Take a whole body from the windows if they and one frame have room; False: `wait` with it."""
        if (
            body_bytes > self.window
            or body_bytes > self._window_of_a_stream
            or body_bytes > FRAME_BYTES_AT_MOST
            or self.waiting
        ):
            return False
        self.window -= body_bytes
        return True

    def wait(self, stream: int, body: bytes) -> None:
        self.waiting[stream] = Body(body, self._window_of_a_stream)

    def forget(self, stream: int) -> bool:
        """Let go of what waits on a stream, and say whether anything did."""
        return self.waiting.pop(stream, None) is not None

    def let_through(self) -> Iterator[bytes]:
        """Yield the frames that the windows have room for now."""
        for stream, body in list(self.waiting.items()):
            while (room := min(self.window, body.window, FRAME_BYTES_AT_MOST)) > 0 or not body.rest:
                piece, body.rest = body.rest[:room], body.rest[room:]
                self.window -= len(piece)
                body.window -= len(piece)
                yield head(DATA, 0 if body.rest else END_STREAM, stream, len(piece))
                yield piece
                if not body.rest:
                    del self.waiting[stream]
                    break

    def widen(self, stream: int, payload: bytes) -> None:
        """Take WINDOW_UPDATE, of the connection when `stream` is 0."""
        if len(payload) != 4:
            raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
        more = int.from_bytes(payload, "big") & WINDOW_AT_MOST
        if not stream:
            self.window = _widened(self.window, more)
            return
        if not more:
            raise StreamBroken(stream)
        if (body := self.waiting.get(stream)) is not None:
            body.window += more
            if body.window > WINDOW_AT_MOST:
                raise StreamBroken(stream, ErrorCode.FLOW_CONTROL_ERROR)

    def set(self, payload: bytes) -> None:
        """Take SETTINGS. Those that we know nothing of, or that ask nothing of us, are passed over."""
        if len(payload) % _SETTING_BYTES:
            raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
        for name, value in iter_unpack(">HI", payload):
            if name == MAX_CONCURRENT_STREAMS:
                self.streams_at_most = value
            elif name == INITIAL_WINDOW_SIZE:
                self._resize(value)
            elif name == MAX_FRAME_SIZE:
                if not FRAME_BYTES_AT_MOST <= value < 2**24:
                    raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
            elif name == ENABLE_PUSH and value:  # a server may only say 0
                raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)

    def _resize(self, window: int) -> None:
        """Change the windows of all streams by the same; they may become negative (RFC 9113, 6.9.2)."""
        if window > WINDOW_AT_MOST:
            raise ConnectionBroken(ErrorCode.FLOW_CONTROL_ERROR)
        more = window - self._window_of_a_stream
        self._window_of_a_stream = window
        for body in self.waiting.values():
            body.window += more
            if body.window > WINDOW_AT_MOST:
                raise ConnectionBroken(ErrorCode.FLOW_CONTROL_ERROR)


def _widened(window: int, more: int) -> int:
    if not more:
        raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
    if window + more > WINDOW_AT_MOST:
        raise ConnectionBroken(ErrorCode.FLOW_CONTROL_ERROR)
    return window + more
