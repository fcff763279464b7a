"""HTTP/1.1 as uvicorn speaks it, with bounds on what of a request is not its body.

Uvicorn bounds neither the bytes nor the seconds of a head, nor the framing and trailers of a body
in chunks, so a client that never ends them would hold memory and a connection for as long as it
likes. Bodies are bounded later, where they are read.
"""

import asyncio
from typing import cast

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES_AT_MOST = 32_768
HEAD_SECONDS = 10.0
FRAMING_BYTES_AT_MOST = 65_536
FRAMING_BYTES_PER_BODY_BYTE = 8  # a chunk of one byte takes five more
LINGER_SECONDS = 1.0


class HeadBoundedProtocol(HttpToolsProtocol):
    """One connection. The head is the request line and the headers."""

    _head_bytes = 0
    _awaits_head = True
    _head_deadline: asyncio.TimerHandle | None = None
    _bytes_after_head = 0
    _body_bytes = 0
    _lingers = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._start_clock()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self._lingers:
            return
        self._head_bytes += len(data)
        self._bytes_after_head += len(data)
        super().data_received(data)
        if self._awaits_head:
            is_too_large = self._head_bytes > HEAD_BYTES_AT_MOST
        else:
            framing = self._bytes_after_head - self._body_bytes
            allowed = FRAMING_BYTES_AT_MOST + FRAMING_BYTES_PER_BODY_BYTE * self._body_bytes
            is_too_large = framing > allowed
        if is_too_large:
            self._refuse(b"HTTP/1.1 431 Request Header Fields Too Large")

    @override
    def on_message_begin(self) -> None:
        self._awaits_head = True
        self._head_bytes = 0
        self._stop_clock()
        self._start_clock()
        super().on_message_begin()

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        if self._awaits_head:  # else it is a trailer, which nothing here reads
            super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        self._awaits_head = False
        self._bytes_after_head = 0
        self._body_bytes = 0
        self._stop_clock()
        super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    @override
    def on_response_complete(self) -> None:
        is_last = not self.pipeline
        super().on_response_complete()
        if not is_last or self.transport.is_closing():
            return
        if self.cycle.more_body:
            self._linger()
        else:
            self._start_clock()

    def _linger(self) -> None:
        """Close, after a moment in which the rest of the body is thrown away.

        Closing at once with bytes unread would reset the connection, and the answer with it.
        """
        self._lingers = True
        self._stop_clock()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _start_clock(self) -> None:
        if self._head_deadline is None:
            self._head_deadline = self.loop.call_later(
                HEAD_SECONDS, self._refuse, b"HTTP/1.1 408 Request Timeout"
            )

    def _stop_clock(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _refuse(self, status_line: bytes) -> None:
        self._stop_clock()
        if self._lingers or self.transport.is_closing():
            return
        cycle = cast("RequestResponseCycle | None", self.cycle)
        is_amid_response = cycle and cycle.response_started and not cycle.response_complete
        if not is_amid_response:
            self.transport.write(
                status_line + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
        self.transport.close()
