"""One POST at a time on an easy handle of libcurl, and what may come of it."""

from collections.abc import Sequence
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import pycurl

CONNECTION_SECONDS_AT_MOST: Final = 60
"""An idle connection older than this is not used again: front ends move, and firewalls forget."""

_ERRORS: Final = {
    number: name.removeprefix("E_")
    for name, number in vars(pycurl).items()
    if name.startswith("E_") and not name.startswith("E_MULTI_") and isinstance(number, int)
}

About = TypeVar("About")
_AboutIn = TypeVar("_AboutIn", contravariant=True)


class Reply(NamedTuple):
    """What came back. `retry_after_seconds`: of that header field, a date reckoned from now; 0 without.

    `headers`: those of the request, the same object. A 200 comes as `OK`, without body or headers.
    """

    status: int
    body: bytes
    retry_after_seconds: int
    headers: Sequence[str] = ()


OK: Final = Reply(200, b"", 0)


class Failed(NamedTuple):
    """No reply. `reason`: libcurl's name of it, such as OPERATION_TIMEDOUT, or CURL_ and its number."""

    reason: str


TIMED_OUT: Final = Failed("OPERATION_TIMEDOUT")
CLOSED: Final = Failed("CLOSED")


class Awaiting(Protocol[_AboutIn]):
    """Who is told, once a request, what came of it."""

    def landed(self, about: _AboutIn, came: Reply | Failed) -> None: ...


class Request(Generic[About]):
    """One easy handle, used for one request after the other. `began`: by the loop's clock."""

    __slots__ = ("about", "awaiting", "began", "body", "handle", "headers")

    def __init__(self, url: str, certificates: str) -> None:
        self.awaiting: Awaiting[About] | None = None
        self.about: About | None = None
        self.began = 0.0
        self.body: list[bytes] = []
        self.headers: Sequence[str] = ()
        self.handle = handle = pycurl.Curl()
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.PROXY, "")  # none, whatever the environment says
        handle.setopt(pycurl.CAINFO, certificates)
        handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        handle.setopt(pycurl.MAXLIFETIME_CONN, CONNECTION_SECONDS_AT_MOST)
        # Small frames that wait for an acknowledgement go out together: a fifth less CPU.
        handle.setopt(pycurl.TCP_NODELAY, 0)
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.WRITEFUNCTION, self.body.append)

    def use(self, headers: Sequence[str]) -> None:
        """Send these lines from now on."""
        self.headers = headers
        self.handle.setopt(pycurl.HTTPHEADER, list(headers))

    def reply(self) -> Reply:
        handle: Any = self.handle
        status: int = handle.getinfo(pycurl.RESPONSE_CODE)
        if status == 200:
            return OK
        seconds: int = handle.getinfo(pycurl.RETRY_AFTER)
        return Reply(status, b"".join(self.body), seconds, self.headers)


def failure(number: int) -> Failed:
    """Name a CURLcode."""
    return Failed(_ERRORS.get(number, f"CURL_{number}"))
