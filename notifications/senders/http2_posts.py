"""Many small POSTs to one address, over a few HTTP/2 connections on the event loop.

A request costs no task and no future; those that begin in one turn of the loop go out in one write.
Where the address has no TLS (a trial), HTTP/2 is spoken at once, without asking for it.
"""

import asyncio
import random
import ssl
from collections import deque
from typing import Final, Generic
from urllib.parse import urlsplit

import structlog

from notifications.senders.http2_connection import STREAMS_AT_MOST, Connection
from notifications.senders.http2_fields import Fields, RequestBlock
from notifications.senders.http2_requests import (
    CLOSED,
    TIMED_OUT,
    About,
    Awaiting,
    Failed,
    Reply,
    Request,
)

log = structlog.get_logger()

CONNECTIONS_AT_MOST: Final = 16
IDLE_SECONDS_AT_MOST: Final = 60.0
"""An idle connection older than this is not used again: front ends move, and firewalls forget."""

FIRST_PAUSE_SECONDS: Final = 0.1
PAUSE_SECONDS_AT_MOST: Final = 2.0
"""Between attempts to connect, while none succeeds."""

ATTEMPT_SECONDS_AT_THE_END: Final = 1.0
"""So long an attempt to connect is waited for by `close`."""

SILENT: Final = Failed("CONNECTION_SILENT")
OUTLIVED: Final = Failed("CONNECTION_OUTLIVED")
_PORTS: Final = {"https": 443, "http": 80}


class Http2Posts(Generic[About]):
    """A pool of requests under way. Belongs to the event loop in which it is built."""

    def __init__(self, url: str, *, certificates: str, seconds_at_most: float) -> None:
        """`certificates`: the file of those trusted; `seconds_at_most`: for one request, waiting included."""
        self._url = urlsplit(url)
        self._tls = _tls(certificates) if self._url.scheme == "https" else None
        self._seconds_at_most = seconds_at_most
        self._interval = min(seconds_at_most / 10, 0.5)
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Request[About]] = deque()
        self._connections: list[Connection[About]] = []
        self._connecting: set[asyncio.Task[None]] = set()
        self._headers: Fields = ()
        self._block = RequestBlock(self._url, ())
        self._failures = 0
        self._connect_from = 0.0
        self._giving: asyncio.Handle | None = None
        self._retrying: asyncio.Handle | None = None
        self._sweeping = self._loop.call_later(self._interval, self._sweep)
        self.is_closed = False

    def post(self, headers: Fields, body: bytes, awaiting: Awaiting[About], about: About) -> None:
        """Send; `awaiting` is told what came of it, unless it is dropped before.

        `headers` must be the same object as long as they say the same.
        """
        self._queue.append(Request(headers, body, awaiting, about, self._loop.time()))
        if self._giving is None:
            self._giving = self._loop.call_soon(self._give)

    def drop(self, awaiting: Awaiting[About]) -> None:
        """Let go of all that is still under way for `awaiting`, who is told nothing."""
        if any(it.awaiting is awaiting for it in self._queue):
            self._queue = deque(it for it in self._queue if it.awaiting is not awaiting)
        for connection in self._connections:
            for request in connection.requests:
                if request.awaiting is awaiting:
                    connection.give_up(request)

    async def close(self) -> None:
        """End every connection, and what is under way: who waits for it is told CLOSED."""
        if self.is_closed:
            return
        self.is_closed = True
        for handle in (self._sweeping, self._giving, self._retrying):
            if handle is not None:
                handle.cancel()
        connections = list(self._connections)
        for connection in connections:
            connection.end(CLOSED)
        self._fail_waiting(CLOSED)
        await self._end_attempts()
        await asyncio.gather(*(it.gone() for it in connections))

    async def _end_attempts(self) -> None:
        """Let attempts to connect end by themselves if they are quick.

        One that is cancelled just when it succeeds would leave its socket open (asyncio's race of addresses).
        """
        if attempts := list(self._connecting):
            await asyncio.wait(attempts, timeout=ATTEMPT_SECONDS_AT_THE_END)
            for task in attempts:
                task.cancel()
            await asyncio.gather(*attempts, return_exceptions=True)

    def block_of(self, request: Request[About]) -> RequestBlock:
        if request.headers is not self._headers:
            self._headers, self._block = request.headers, RequestBlock(self._url, request.headers)
        return self._block

    def ended(self, request: Request[About], came: Reply | Failed) -> None:
        try:
            request.awaiting.landed(request.about, came)
        except Exception as error:
            # Those who wait for others of the same moment must still be told.
            log.error("a listener broke", exc_info=error)

    def refused(self, request: Request[About]) -> None:
        self._queue.appendleft(request)

    def has_room(self) -> None:
        if self._queue and self._giving is None and not self.is_closed:
            self._giving = self._loop.call_soon(self._give)

    def lost(self, connection: Connection[About]) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        if connection.is_ready:
            self.has_room()
        else:
            self._not_connected(connection.reason)

    def _give(self) -> None:
        """Put what waits on connections, and open more of them when they are full."""
        self._giving = None
        queue = self._queue
        for connection in self._connections:
            if not queue:
                return
            if (count := min(connection.room, len(queue))) > 0:
                connection.post([queue.popleft() for _ in range(count)])
                self._failures = 0
        if queue:
            self._connect_more()

    def _connect_more(self) -> None:
        coming = len(self._connecting) + sum(not it.is_ready for it in self._connections)
        wanted = -(-len(self._queue) // STREAMS_AT_MOST) - coming
        free = CONNECTIONS_AT_MOST - len(self._connecting) - len(self._connections)
        if (wait := self._connect_from - self._loop.time()) > 0:
            if self._retrying is None:
                self._retrying = self._loop.call_later(wait, self._retry)
            return
        for _ in range(min(wanted, free)):
            task = self._loop.create_task(self._connect())
            self._connecting.add(task)
            task.add_done_callback(self._connecting.discard)

    def _retry(self) -> None:
        self._retrying = None
        self.has_room()

    async def _connect(self) -> None:
        host, port = self._url.hostname or "", self._url.port or _PORTS[self._url.scheme]
        try:
            async with asyncio.timeout(self._seconds_at_most):
                _, connection = await self._loop.create_connection(
                    lambda: Connection(self), host, port, ssl=self._tls, happy_eyeballs_delay=0.25
                )
        except ssl.SSLCertVerificationError:
            self._not_connected("PEER_FAILED_VERIFICATION")
        except ssl.SSLError:
            self._not_connected("SSL_CONNECT_ERROR")
        except TimeoutError:
            self._not_connected(TIMED_OUT.reason)
        except OSError:
            self._not_connected("COULDNT_CONNECT")
        else:
            if self.is_closed:
                connection.end(CLOSED)
                await connection.gone()
            elif not connection.is_over:
                self._connections.append(connection)
                self.has_room()  # the peer's settings may have come already

    def _not_connected(self, reason: str) -> None:
        """Wait before the next attempt, and tell those who wait for one, unless others are served."""
        if (now := self._loop.time()) >= self._connect_from:  # attempts of one moment fail as one
            self._failures += 1
            pause = min(FIRST_PAUSE_SECONDS * 2 ** min(self._failures, 10), PAUSE_SECONDS_AT_MOST)
            self._connect_from = now + pause * random.uniform(0.5, 1.0)  # noqa: S311
        if not any(it.is_ready for it in self._connections):
            self._fail_waiting(Failed(reason))
        self.has_room()

    def _fail_waiting(self, came: Failed) -> None:
        waiting, self._queue = self._queue, deque()
        for request in waiting:
            self.ended(request, came)

    def _sweep(self) -> None:
        """End what takes too long, and connections that are silent or old."""
        self._sweeping = self._loop.call_later(self._interval, self._sweep)
        now = self._loop.time()
        began_before = now - self._seconds_at_most
        late = [it for it in self._queue if it.began <= began_before]
        if late:
            self._queue = deque(it for it in self._queue if it.began > began_before)
        for connection in self._connections:
            for request in connection.requests:
                if request.began <= began_before:
                    connection.give_up(request)
                    late.append(request)
        self._end_connections(now, heard_before=now - self._seconds_at_most / 2 if late else 0.0)
        for request in late:
            self.ended(request, TIMED_OUT)

    def _end_connections(self, now: float, heard_before: float) -> None:
        """End those that are silent, busy or not, and retire the old ones.

        A dead one would hold up whatever is put on it next.
        """
        for connection in list(self._connections):
            if connection.heard <= heard_before:
                connection.end(SILENT)
            elif not connection.requests and connection.began <= now - IDLE_SECONDS_AT_MOST:
                connection.end(OUTLIVED)
            elif not connection.is_ready and connection.began <= now - self._seconds_at_most:
                connection.end(TIMED_OUT)


def _tls(certificates: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certificates)
    context.set_alpn_protocols(["h2"])
    return context
