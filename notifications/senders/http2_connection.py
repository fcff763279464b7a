"""One HTTP/2 connection of a client that only posts (RFC 9113)."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, Protocol

from typing_extensions import override

from notifications.senders import http2_frames as frames
from notifications.senders.http2_fields import (
    HEADER_LIST_BYTES_AT_MOST,
    TABLE_SIZE_ZERO,
    HeadReader,
    Malformed,
    RequestBlock,
)
from notifications.senders.http2_frames import (
    ACK,
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    SETTINGS,
    ConnectionBroken,
    ErrorCode,
    StreamBroken,
)
from notifications.senders.http2_peer import (
    ENABLE_PUSH,
    HEADER_TABLE_SIZE,
    MAX_HEADER_LIST_SIZE,
    Peer,
)
from notifications.senders.http2_requests import REFUSED, About, Failed, Reply, Request

STREAMS_AT_MOST: Final = 64
"""Google's front ends allow 100; fewer, so that one connection that hangs holds up fewer messages."""

WINDOW: Final = 2**20
"""Of the connection, for what comes; a stream's is the 65,535 bytes that it begins with."""

ANSWERS_AT_MOST: Final = 1_000
"""Acknowledgements and resets that wait for a peer who does not read."""

_OPENING: Final = (
    frames.PREFACE
    + frames.settings(
        (
            (HEADER_TABLE_SIZE, 0),
            (ENABLE_PUSH, 0),
            (MAX_HEADER_LIST_SIZE, HEADER_LIST_BYTES_AT_MOST),
        )
    )
    + frames.window_update(0, WINDOW - frames.FIRST_WINDOW)
)
Take = Callable[[int, int, bytes], None]
"""Of a frame: its stream, flags and payload."""

_NO_HTTP2: Final = "HTTP2_NOT_SPOKEN"


class Pool(Protocol[About]):
    """Who gives requests to connections, and is told what became of them."""

    def block_of(self, request: Request[About]) -> RequestBlock: ...

    def ended(self, request: Request[About], came: Reply | Failed) -> None: ...

    def refused(self, request: Request[About]) -> None:
        """Take back what was surely not processed, and may be sent again."""
        ...

    def has_room(self) -> None:
        """There may be room for more requests than before."""
        ...

    def lost(self, connection: "Connection[About]") -> None:
        """Go on without it; its requests were told before."""
        ...


class Connection(asyncio.Protocol, Generic[About]):
    """`is_ready`: the peer's settings came. `reason`: why it ended, once it did."""

    def __init__(self, pool: Pool[About]) -> None:
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._frames = frames.FrameReader()
        self._heads = HeadReader()
        self._peer = Peer()
        self._streams: dict[int, Request[About]] = {}
        self._next = 1
        self._out: list[bytes] = []
        self._answers_waiting = 0
        self._unacknowledged = 0
        self._block: tuple[int, int, bytes] | None = None
        self._is_retired = False
        self._is_paused = False
        self._is_gone = asyncio.Event()
        self._others: dict[int, Take] = {
            SETTINGS: self._take_settings,
            frames.WINDOW_UPDATE: self._take_window_update,
            frames.RST_STREAM: self._take_reset,
            frames.PING: self._take_ping,
            frames.GOAWAY: self._take_go_away,
            frames.PUSH_PROMISE: self._take_push,
            frames.PRIORITY: self._take_priority,
        }
        self.is_ready = False
        self.is_over = False
        self.reason = "CONNECTION_LOST"
        self.began = self.heard = self._loop.time()

    @property
    def requests(self) -> Sequence[Request[About]]:
        """Return those under way, in the order in which they were put on it."""
        return tuple(self._streams.values())

    @property
    def room(self) -> int:
        """Return how many requests more it may take now."""
        if (
            not self.is_ready
            or self._is_retired
            or self._is_paused
            or self._peer.waiting
            or self._peer.window <= 0
            or self._transport is None
            or self._transport.is_closing()
        ):
            return 0
        left = (frames.STREAM_AT_MOST - self._next) // 2 + 1  # ids are used once
        return min(STREAMS_AT_MOST, self._peer.streams_at_most, left + len(self._streams)) - len(
            self._streams
        )

    def post(self, requests: Sequence[Request[About]]) -> None:
        """Send as many as there is room for, in one write."""
        out, takes_at_once, block_of = self._out, self._peer.takes_at_once, self._pool.block_of
        for request in requests:
            stream, body = self._next, request.body
            block = block_of(request).of(len(body))
            if stream == 1:
                block = TABLE_SIZE_ZERO + block
            self._next = stream + 2
            self._streams[stream] = request
            request.times_sent += 1
            out += frames.header_frames(stream, block)
            if takes_at_once(len(body)):
                out += (frames.head(DATA, END_STREAM, stream, len(body)), body)
            else:
                self._peer.wait(stream, body)
        out += self._peer.let_through()
        self._flush()

    def give_up(self, request: Request[About]) -> None:
        """Take a request off, and tell the peer alone."""
        for stream in [it for it, own in self._streams.items() if own is request]:
            self._end_stream(stream, ErrorCode.CANCEL)
        self._flush()

    def retire(self) -> None:
        """Take no more requests, and end when the last one has ended."""
        self._is_retired = True
        if not self._streams:
            self.end(Failed(self.reason))

    def end(self, came: Failed, code: ErrorCode = ErrorCode.NO_ERROR) -> None:
        """End now; who still waits is told `came`."""
        if self.is_over:
            return
        self.is_over = True
        self.reason = came.reason
        if self._transport is not None:
            self._out.append(frames.go_away(code))
            self._flush()
            self._transport.abort()
        left, self._streams = self._streams, {}
        for request in left.values():
            self._pool.ended(request, came)
        self._pool.lost(self)

    @override
    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        secured: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        if secured is not None and secured.selected_alpn_protocol() != "h2":
            self.end(Failed(_NO_HTTP2))
            return
        transport.write(_OPENING)

    async def gone(self) -> None:
        """Wait until its socket is closed, after `end`."""
        await self._is_gone.wait()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._is_gone.set()
        self.end(Failed(self.reason))

    @override
    def pause_writing(self) -> None:
        self._is_paused = True

    @override
    def resume_writing(self) -> None:
        self._is_paused = False
        self._answers_waiting = 0
        self._pool.has_room()

    @override
    def data_received(self, data: bytes) -> None:
        self.heard = self._loop.time()
        try:
            for kind, flags, stream, payload in self._frames.read(data):
                try:
                    self._take(kind, flags, stream, payload)
                except StreamBroken as broken:
                    self._break_stream(broken)
                if self.is_over:
                    return
        except ConnectionBroken as broken:
            self.end(_broken(broken.code), broken.code)
            return
        self._flush()
        if self._is_retired:
            self.retire()
        self._pool.has_room()

    def _take(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        if self._block is not None and kind != CONTINUATION:
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
        if not self.is_ready and (kind != SETTINGS or flags & ACK):
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
        if kind == DATA:
            self._take_data(stream, flags, payload)
        elif kind == HEADERS:
            self._check_opened(stream)
            self._take_fragment(stream, flags, frames.header_fragment(flags, payload))
        elif kind == CONTINUATION:
            self._take_continuation(stream, flags, payload)
        elif (take := self._others.get(kind)) is not None:
            take(stream, flags, payload)

    def _take_data(self, stream: int, flags: int, payload: bytes) -> None:
        self._check_opened(stream)
        self._unacknowledged += len(payload)
        if self._unacknowledged > WINDOW // 2:
            self._out.append(frames.window_update(0, self._unacknowledged))
            self._unacknowledged = 0
        if (request := self._streams.get(stream)) is None:
            return  # of a request that was given up
        data = frames.without_padding(flags, payload)
        try:
            request.take_data(data)
            if flags & END_STREAM:
                self._complete(stream, request)
                return
        except Malformed:
            raise StreamBroken(stream) from None
        self._widen(stream, request, len(payload))

    def _widen(self, stream: int, request: Request[About], received: int) -> None:
        request.unacknowledged += received
        if request.unacknowledged > frames.FIRST_WINDOW:
            raise StreamBroken(stream, ErrorCode.FLOW_CONTROL_ERROR)
        if request.unacknowledged > frames.FIRST_WINDOW // 2:
            self._out.append(frames.window_update(stream, request.unacknowledged))
            request.unacknowledged = 0

    def _take_continuation(self, stream: int, flags: int, payload: bytes) -> None:
        if self._block is None or self._block[0] != stream:
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
        _, first_flags, begun = self._block
        if not payload and not flags & END_HEADERS:
            raise ConnectionBroken(
                ErrorCode.ENHANCE_YOUR_CALM
            )  # without end, it costs and adds nothing
        end_of_stream = first_flags & END_STREAM
        self._block = None
        self._take_fragment(stream, end_of_stream | flags & END_HEADERS, begun + payload)

    def _take_fragment(self, stream: int, flags: int, block: bytes) -> None:
        if len(block) > HEADER_LIST_BYTES_AT_MOST:
            raise ConnectionBroken(ErrorCode.ENHANCE_YOUR_CALM)
        if not flags & END_HEADERS:
            self._block = stream, flags, block
            return
        try:
            head = self._heads.read(block)
            if (request := self._streams.get(stream)) is None:
                return  # of a request that was given up
            request.take_head(head, bool(flags & END_STREAM))
            if flags & END_STREAM:
                self._complete(stream, request)
        except Malformed:
            raise StreamBroken(stream) from None

    def _complete(self, stream: int, request: Request[About]) -> None:
        reply = request.reply()
        del self._streams[stream]
        if self._peer.forget(stream):  # it was answered before all of it was sent
            self._answer(frames.reset(stream, ErrorCode.NO_ERROR))
        self._pool.ended(request, reply)

    def _take_settings(self, stream: int, flags: int, payload: bytes) -> None:
        if stream:
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
        if flags & ACK:
            if payload:
                raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
            return
        self._peer.set(payload)
        self.is_ready = True
        self._answer(frames.settings_ack())
        self._out += self._peer.let_through()

    def _take_window_update(self, stream: int, _: int, payload: bytes) -> None:
        if stream:
            self._check_opened(stream)
        self._peer.widen(stream, payload)
        if self._peer.waiting:
            self._out += self._peer.let_through()

    def _take_reset(self, stream: int, _: int, payload: bytes) -> None:
        self._check_opened(stream)
        if len(payload) != 4:
            raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
        self._peer.forget(stream)
        if (request := self._streams.pop(stream, None)) is None:
            return
        code = int.from_bytes(payload, "big")
        if code == ErrorCode.REFUSED_STREAM:
            self._refuse(request)
        else:
            self._pool.ended(request, Failed(f"RESET_{_name(code)}"))

    def _take_ping(self, stream: int, flags: int, payload: bytes) -> None:
        if stream:
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
        if len(payload) != 8:
            raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
        if not flags & ACK:
            self._answer(frames.ping_ack(payload))

    def _take_go_away(self, stream: int, _: int, payload: bytes) -> None:
        if stream:
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
        if len(payload) < 8:
            raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)
        self._is_retired = True
        last = int.from_bytes(payload[:4], "big") & frames.STREAM_AT_MOST
        for above in [it for it in self._streams if it > last]:
            self._peer.forget(above)
            self._refuse(self._streams.pop(above))

    def _take_push(self, *_: object) -> None:
        raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)  # we do not allow it

    def _take_priority(self, stream: int, _: int, payload: bytes) -> None:
        if not stream:
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)
        if len(payload) != 5:
            raise ConnectionBroken(ErrorCode.FRAME_SIZE_ERROR)

    def _refuse(self, request: Request[About]) -> None:
        if request.may_be_sent_again:
            self._pool.refused(request)
        else:
            self._pool.ended(request, REFUSED)

    def _check_opened(self, stream: int) -> None:
        """Raise ConnectionBroken for what no request of ours opened."""
        if not stream & 1 or stream >= self._next:
            raise ConnectionBroken(ErrorCode.PROTOCOL_ERROR)

    def _break_stream(self, broken: StreamBroken) -> None:
        if (request := self._streams.get(broken.stream)) is None:
            return
        self._end_stream(broken.stream, broken.code)
        self._pool.ended(request, _broken(broken.code))

    def _end_stream(self, stream: int, code: ErrorCode) -> None:
        del self._streams[stream]
        self._peer.forget(stream)
        self._answer(frames.reset(stream, code))

    def _answer(self, frame: bytes) -> None:
        """Send a frame that the peer made us send. A peer who reads none of them is left."""
        self._out.append(frame)
        self._answers_waiting += self._is_paused
        if self._answers_waiting == ANSWERS_AT_MOST:
            # Later, because whoever asked for this frame is in the midst of something.
            code = ErrorCode.ENHANCE_YOUR_CALM
            self._loop.call_soon(self.end, _broken(code), code)

    def _flush(self) -> None:
        if self._out and self._transport is not None:
            data = b"".join(self._out)
            self._out.clear()
            if not self._transport.is_closing():
                self._transport.write(data)


def _broken(code: ErrorCode) -> Failed:
    """Return what is told of requests that end because the peer broke a rule."""
    return Failed(f"BROKEN_{code.name}")


def _name(code: int) -> str:
    return ErrorCode(code).name if code in _CODES else str(code)


_CODES: Final = frozenset(ErrorCode)
