"""HTTP/1.1 as uvicorn speaks it, with a bound on the head of a request: in bytes and in seconds.

Uvicorn bounds neither, so a client that never ends its headers would hold memory and a connection
for as long as it likes. Bodies are bounded later, where they are read.
"""

import asyncio
from typing import cast

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_AT_MOST = 32_768
HEAD_SECONDS = 10.0


class HeadBoundedProtocol(HttpToolsProtocol):
    """One connection. The head is the request line and the headers."""

    _head_bytes = 0
    _awaits_head = True
    _head_deadline: asyncio.TimerHandle | None = None

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
        self._head_bytes += len(data)
        super().data_received(data)
        if self._awaits_head and self._head_bytes > HEAD_BYTES_AT_MOST:
            self._refuse(b"HTTP/1.1 431 Request Header Fields Too Large")

    @override
    def on_message_begin(self) -> None:
        self._awaits_head = True
        self._head_bytes = 0
        self._start_clock()
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        self._awaits_head = False
        self._stop_clock()
        super().on_headers_complete()

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
        if not self.transport.is_closing():
            self.transport.write(
                status_line + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.close()
