"""Many small POSTs to one address, over a few HTTP/2 connections: libcurl's multi interface on the event loop.

A request costs no task, no future and no socket of its own. Where HTTP/2 is not spoken (a trial without
TLS) it is HTTP/1.1, one request a connection at a time.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol

import pycurl

CONNECTIONS_AT_MOST: Final = 16
STREAMS_OF_A_CONNECTION: Final = 64
"""Google's front ends allow 100; fewer, so that one connection that hangs holds up fewer messages."""
REQUESTS_AT_ONCE: Final = 1_000
_ERRORS: Final = {
    number: name.removeprefix("E_")
    for name, number in vars(pycurl).items()
    if name.startswith("E_") and not name.startswith("E_MULTI_") and isinstance(number, int)
}


class Reply(NamedTuple):
    """What came back. `retry_after_seconds`: of that header field, a date reckoned from now; 0 without."""

    status: int
    body: bytes
    retry_after_seconds: int


class Failed(NamedTuple):
    """No reply. `reason`: libcurl's name of it, such as OPERATION_TIMEDOUT, or CURL_ and its number."""

    reason: str


class Awaiting(Protocol):
    """Who is told, once, what came of a request."""

    def landed(self, came: Reply | Failed) -> None: ...


class Request:
    """One easy handle of libcurl, used for one request after the other. `began`: by the loop's clock."""

    __slots__ = ("_body", "_headers", "awaiting", "began", "handle")

    def __init__(self, url: str, certificates: str) -> None:
        self.awaiting: Awaiting | None = None
        self.began = 0.0
        self._body: list[bytes] = []
        self._headers: Sequence[str] = ()
        self.handle = handle = pycurl.Curl()
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.PROXY, "")  # none, whatever the environment says
        handle.setopt(pycurl.CAINFO, certificates)
        handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        # Small frames that wait for an acknowledgement go out together: a fifth less CPU.
        handle.setopt(pycurl.TCP_NODELAY, 0)
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.WRITEFUNCTION, self._body.append)

    def prepare(
        self, headers: Sequence[str], body: bytes, awaiting: Awaiting, began: float
    ) -> None:
        """Make ready to be sent. `headers` must be the same object as long as they say the same."""
        self.awaiting = awaiting
        self.began = began
        if headers is not self._headers:
            self._headers = headers
            self.handle.setopt(pycurl.HTTPHEADER, list(headers))
        self.handle.setopt(pycurl.POSTFIELDS, body)

    def reply(self) -> Reply:
        status: int = self.handle.getinfo(pycurl.RESPONSE_CODE)
        if status == 200:
            return Reply(200, b"".join(self._body), 0)
        return Reply(status, b"".join(self._body), self.handle.getinfo(pycurl.RETRY_AFTER))

    def forget(self) -> None:
        self.awaiting = None
        self._body.clear()


class Http2Posts:
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
        self._idle: list[Request] = []
        self._under_way: dict[Any, Request] = {}
        self._watched: dict[int, int] = {}
        self._timer: asyncio.Handle | None = None
        self._is_soon = False
        self._room = asyncio.Event()
        self._multi = _multi(self._watch, self._schedule)
        self._sweeping = self._loop.call_later(self._interval, self._end_late)

    @property
    def is_full(self) -> bool:
        return len(self._under_way) >= REQUESTS_AT_ONCE

    async def room(self) -> None:
        """Wait until one more request may be sent."""
        while self.is_full:
            self._room.clear()
            await self._room.wait()

    def post(self, headers: Sequence[str], body: bytes, awaiting: Awaiting) -> Request:
        """Send; `awaiting` is told what came of it, unless it is dropped before."""
        request = self._idle.pop() if self._idle else self._made()
        request.prepare(headers, body, awaiting, self._loop.time())
        self._under_way[request.handle] = request
        self._multi.add_handle(request.handle)
        return request

    def drop(self, request: Request, awaiting: Awaiting) -> None:
        """Let go of a request that is still under way for `awaiting`, who is told nothing."""
        if request.awaiting is awaiting:
            self._freed(request)

    async def close(self) -> None:
        """Drop what is under way, and every connection."""
        for request in list(self._under_way.values()):
            self._freed(request)
        self._sweeping.cancel()
        if self._timer is not None:
            self._timer.cancel()
        self._multi.close()
        for descriptor in list(self._watched):
            self._unwatch(descriptor)
        for request in self._idle:
            request.handle.close()

    def _made(self) -> Request:
        return Request(self._url, self._certificates)

    def _freed(self, request: Request) -> None:
        self._multi.remove_handle(request.handle)
        del self._under_way[request.handle]
        request.forget()
        self._idle.append(request)
        self._room.set()

    def _act(self, descriptor: int, events: int) -> None:
        self._multi.socket_action(descriptor, events)
        waiting = 1
        while waiting:
            waiting, succeeded, failed = self._multi.info_read()
            for handle in succeeded:
                self._finish(handle, None)
            for handle, number, _ in failed:
                self._finish(handle, Failed(_ERRORS.get(number, f"CURL_{number}")))

    def _finish(self, handle: Any, failed: Failed | None) -> None:  # noqa: ANN401 - libcurl's own
        request = self._under_way[handle]
        awaiting, came = request.awaiting, failed or request.reply()
        self._freed(request)
        if awaiting is not None:
            awaiting.landed(came)

    def _end_late(self) -> None:
        """End what takes too long; those under way stand in the order in which they began."""
        began_before = self._loop.time() - self._seconds_at_most
        while self._under_way:
            handle, request = next(iter(self._under_way.items()))
            if request.began > began_before:
                break
            self._finish(handle, Failed("OPERATION_TIMEDOUT"))
        self._sweeping = self._loop.call_later(self._interval, self._end_late)

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

    def _watch(self, events: int, descriptor: int, *_: object) -> None:
        """Watch a socket for what libcurl wants of it (CURLMOPT_SOCKETFUNCTION)."""
        watched = self._watched.get(descriptor, 0)
        if events == pycurl.POLL_REMOVE:
            self._unwatch(descriptor)
            return
        if events & pycurl.POLL_IN and not watched & pycurl.POLL_IN:
            self._loop.add_reader(descriptor, self._act, descriptor, pycurl.CSELECT_IN)
        if events & pycurl.POLL_OUT and not watched & pycurl.POLL_OUT:
            self._loop.add_writer(descriptor, self._act, descriptor, pycurl.CSELECT_OUT)
        self._unwatch(descriptor, but=events)
        self._watched[descriptor] = events

    def _unwatch(self, descriptor: int, but: int = 0) -> None:
        gone = self._watched.pop(descriptor, 0) & ~but
        if gone & pycurl.POLL_IN:
            self._loop.remove_reader(descriptor)
        if gone & pycurl.POLL_OUT:
            self._loop.remove_writer(descriptor)


def _multi(watch: Callable[..., None], schedule: Callable[[int], None]) -> Any:  # noqa: ANN401
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
    multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS_AT_MOST)
    multi.setopt(pycurl.M_MAXCONNECTS, CONNECTIONS_AT_MOST)
    multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, STREAMS_OF_A_CONNECTION)
    multi.setopt(pycurl.M_SOCKETFUNCTION, watch)
    multi.setopt(pycurl.M_TIMERFUNCTION, schedule)
    return multi
