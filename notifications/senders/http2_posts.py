"""Many small POSTs to one address, over a few HTTP/2 connections: libcurl's multi interface on the event loop.

A request costs no task, no future and no socket of its own. Where HTTP/2 is not spoken (a trial without
TLS) it is HTTP/1.1, one request a connection at a time.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any, Final, Generic

import pycurl
import structlog

from notifications.senders.http2_requests import (
    CLOSED,
    TIMED_OUT,
    About,
    Awaiting,
    Failed,
    Request,
    failure,
)
from notifications.senders.watched_sockets import WatchedSockets

log = structlog.get_logger()

CONNECTIONS_AT_MOST: Final = 16
STREAMS_OF_A_CONNECTION: Final = 64
"""Google's front ends allow 100; fewer, so that one connection that hangs holds up fewer messages."""


class Http2Posts(Generic[About]):
    """A pool of requests under way. Belongs to the event loop in which it is built."""

    def __init__(self, url: str, *, certificates: str, seconds_at_most: float) -> None:
        """`certificates`: the file of those trusted; `seconds_at_most`: for one request, waiting included.

        Deadlines are kept by one look at intervals: a timer of libcurl's for each costs more than its frames.
        """
        self._url = url
        self._certificates = certificates
        self._seconds_at_most = seconds_at_most
        self._interval = min(seconds_at_most / 10, 0.5)
        self._loop = asyncio.get_running_loop()
        self._idle: list[Request[About]] = []
        self._under_way: dict[Any, Request[About]] = {}
        self._timer: asyncio.Handle | None = None
        self._is_soon = False
        self._sockets = WatchedSockets(self._act)
        self._multi = _multi(self._sockets.watch, self._schedule)
        self._sweeping = self._loop.call_later(self._interval, self._end_late)
        self.is_closed = False

    def post(
        self, headers: Sequence[str], body: bytes, awaiting: Awaiting[About], about: About
    ) -> None:
        """Send; `awaiting` is told what came of it, unless it is dropped before.

        `headers` must be the same object as long as they say the same.
        """
        request = self._idle.pop() if self._idle else self._made()
        request.awaiting = awaiting
        request.about = about
        request.began = self._loop.time()
        if headers is not request.headers:
            request.use(headers)
        handle = request.handle
        handle.setopt(pycurl.POSTFIELDS, body)
        self._under_way[handle] = request
        self._multi.add_handle(handle)

    def drop(self, awaiting: Awaiting[About]) -> None:
        """Let go of all that is still under way for `awaiting`, who is told nothing."""
        for handle in [it for it, own in self._under_way.items() if own.awaiting is awaiting]:
            self._free(handle)

    async def close(self) -> None:
        """End every connection, and what is under way: who waits for it is told CLOSED."""
        if self.is_closed:
            return
        self.is_closed = True
        for handle in list(self._under_way):
            self._finish(handle, CLOSED)
        self._sweeping.cancel()
        if self._timer is not None:
            self._timer.cancel()
        self._multi.close()
        self._sockets.close()
        for request in self._idle:
            request.handle.close()

    def _made(self) -> Request[About]:
        return Request(self._url, self._certificates)

    def _free(self, handle: Any) -> None:  # noqa: ANN401 - libcurl's own
        """Take a request off its connection; it is used again by the next `post`."""
        request = self._under_way.pop(handle)
        self._multi.remove_handle(handle)
        request.awaiting = request.about = None
        request.body.clear()
        self._idle.append(request)

    def _act(self, descriptor: int, events: int) -> None:
        self._multi.socket_action(descriptor, events)
        waiting = 1
        while waiting:
            waiting, succeeded, failed = self._multi.info_read()
            for handle in succeeded:
                self._finish(handle, None)
            for handle, number, _ in failed:
                self._finish(handle, failure(number))

    def _finish(self, handle: Any, failed: Failed | None) -> None:  # noqa: ANN401 - libcurl's own
        request = self._under_way[handle]
        awaiting, about, came = request.awaiting, request.about, failed or request.reply()
        self._free(handle)
        if awaiting is None or about is None:
            return
        try:
            awaiting.landed(about, came)
        except Exception as error:
            # Those who wait for others of the same moment must still be told.
            log.error("a listener broke", exc_info=error)

    def _end_late(self) -> None:
        """End what takes too long; those under way stand in the order in which they began."""
        self._sweeping = self._loop.call_later(self._interval, self._end_late)
        now = self._loop.time()
        began_before = now - self._seconds_at_most
        begun = self._under_way.items()
        late = [it for it, _ in takewhile(lambda it: it[1].began <= began_before, begun)]
        if late:
            # First this: libcurl stops watching a connection on which nobody waits.
            self._sockets.shut_silent(now - self._seconds_at_most / 2)
        for handle in late:
            self._finish(handle, TIMED_OUT)

    def _on_time(self) -> None:
        self._timer = None
        self._act(pycurl.SOCKET_TIMEOUT, 0)

    def _schedule(self, milliseconds: int) -> None:
        """Let libcurl look at its clocks then; -1: not at all (CURLMOPT_TIMERFUNCTION)."""
        if milliseconds == 0 and self._timer is not None and self._is_soon:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._is_soon = milliseconds == 0
        if milliseconds < 0:
            self._timer = None
        elif milliseconds == 0:
            self._timer = self._loop.call_soon(self._on_time)
        else:
            self._timer = self._loop.call_later(milliseconds / 1_000, self._on_time)


def _multi(watch: Callable[..., None], schedule: Callable[[int], None]) -> Any:  # noqa: ANN401
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
    multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS_AT_MOST)
    multi.setopt(pycurl.M_MAXCONNECTS, CONNECTIONS_AT_MOST)
    multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, STREAMS_OF_A_CONNECTION)
    multi.setopt(pycurl.M_SOCKETFUNCTION, watch)
    multi.setopt(pycurl.M_TIMERFUNCTION, schedule)
    return multi
