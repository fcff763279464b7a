"""WebSocket as uvicorn speaks it, with bounds on what many small frames and a failed handshake cost.

Uvicorn parses all that it read in one turn of the event loop and counts only the bytes of payload,
so frames without any would stop every other client; and it leaves a connection whose handshake
could not be parsed open for ever.
"""

import asyncio

from typing_extensions import override
from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

BYTES_PER_TURN = 16_384
FRAGMENTS_AT_MOST = 1_000
CONTROL_FRAMES_AT_MOST = 1_000
CONTROL_FRAMES_SECONDS = 60.0
HANDSHAKE_SECONDS = 10.0


class FrameBoundedProtocol(WebSocketsSansIOProtocol):
    """One connection. What was read and not yet parsed waits here, and reading waits with it."""

    _handshake_deadline: asyncio.TimerHandle | None = None
    _turn: asyncio.Handle | None = None
    _control_frames = 0
    _control_frames_since = 0.0
    _unparsed = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._handshake_deadline = self.loop.call_later(HANDSHAKE_SECONDS, self._end_handshake)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._handshake_deadline is not None:
            self._handshake_deadline.cancel()
        if self._turn is not None:
            self._turn.cancel()
        self._unparsed = b""
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        is_first = not self._unparsed
        self._unparsed += data
        if is_first and not self.read_paused:
            self._parse_some()
        else:
            self._go_on()

    @override
    async def receive(self) -> ASGIReceiveEvent:
        message = await super().receive()
        self._go_on()
        return message

    @override
    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        self._go_on()

    @override
    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= FRAGMENTS_AT_MOST:
            self._fail("too many fragments")
        else:
            super().handle_cont(event)

    @override
    def handle_ping(self) -> None:
        if self._may_take_control_frame():
            super().handle_ping()

    @override
    def handle_pong(self, event: Frame) -> None:
        if self._may_take_control_frame():
            super().handle_pong(event)

    def _go_on(self) -> None:
        """Parse the rest in a later turn, once the app has taken what it was given; then read on."""
        if self.transport.is_closing():
            return
        if self._unparsed:
            self.transport.pause_reading()  # uvicorn resumes it without knowing of the rest
            if self._turn is None and not self.read_paused:
                self._turn = self.loop.call_soon(self._parse_some)
        elif not self.read_paused:
            self.transport.resume_reading()

    def _parse_some(self) -> None:
        self._turn = None
        if self.transport.is_closing():
            self._unparsed = b""
            return
        if self.read_paused:
            return
        some, self._unparsed = (
            self._unparsed[:BYTES_PER_TURN],
            self._unparsed[BYTES_PER_TURN:],
        )
        super().data_received(some)
        if self.conn.handshake_exc is not None:
            self._end_handshake()
        self._go_on()

    def _end_handshake(self) -> None:
        """Close a connection that has not become a WebSocket, with what is to be said about it."""
        if not self.handshake_initiated and not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def _may_take_control_frame(self) -> bool:
        """Count per minute: over the hours, a silent subscriber's pongs are many and are right."""
        now = self.loop.time()
        if now - self._control_frames_since > CONTROL_FRAMES_SECONDS:
            self._control_frames, self._control_frames_since = 0, now
        self._control_frames += 1
        if self._control_frames > CONTROL_FRAMES_AT_MOST:
            self._fail("too many control frames")
            return False
        return True

    def _fail(self, reason: str) -> None:
        if not self.transport.is_closing():
            self.conn.fail(CloseCode.POLICY_VIOLATION, reason)
            self.handle_parser_exception()
