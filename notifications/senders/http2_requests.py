"""One POST, what has come of its reply, and what may come of it."""

from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from notifications.senders.http2_fields import Fields, Head, Malformed

REPLY_BYTES_KEPT: Final = 16_384
"""Of one body: FCM's errors have a few hundred. What is beyond is read, and let go."""

SENT_AT_MOST: Final = 3
"""So many times a request is sent at most, if each time it surely was not processed."""

About = TypeVar("About")
_AboutIn = TypeVar("_AboutIn", contravariant=True)


class Reply(NamedTuple):
    """What came back. `retry_after`: that header field as it came.

    `headers`: those of the request, the same object. A 200 comes as `OK`, without body or headers.
    """

    status: int
    body: bytes
    retry_after: str | None = None
    headers: Fields = ()


OK: Final = Reply(200, b"")


class Failed(NamedTuple):
    """No reply. `reason`: a stable code, such as OPERATION_TIMEDOUT or RESET_INTERNAL_ERROR."""

    reason: str


TIMED_OUT: Final = Failed("OPERATION_TIMEDOUT")
CLOSED: Final = Failed("CLOSED")
REFUSED: Final = Failed("REFUSED_STREAM")


class Awaiting(Protocol[_AboutIn]):
    """Who is told, once a request, what came of it."""

    def landed(self, about: _AboutIn, came: Reply | Failed) -> None: ...


class Request(Generic[About]):
    """`began`: by the loop's clock. `times_sent`: on how many streams it was put so far."""

    __slots__ = (
        "_head",
        "_kept",
        "_received",
        "about",
        "awaiting",
        "began",
        "body",
        "headers",
        "times_sent",
        "unacknowledged",
    )

    def __init__(
        self, headers: Fields, body: bytes, awaiting: Awaiting[About], about: About, began: float
    ) -> None:
        self.headers = headers
        self.body = body
        self.awaiting = awaiting
        self.about = about
        self.began = began
        self.times_sent = 0
        self.unacknowledged = 0
        """Bytes of the reply for which the stream's window was not yet widened."""
        self._head: Head | None = None
        self._received = 0
        self._kept = b""

    @property
    def may_be_sent_again(self) -> bool:
        """Once it was refused unprocessed."""
        return self._head is None and self.times_sent < SENT_AT_MOST

    def take_head(self, head: Head, is_end: bool) -> None:
        """Take the head of the reply, an interim one (1xx), or trailers. Raises Malformed."""
        if self._head is not None:
            if not is_end or head.status is not None:
                raise Malformed("trailers")
        elif head.status is None or head.status < 100 or head.status == 101:
            raise Malformed("status")
        elif head.status >= 200:
            self._head = head
        elif is_end:
            raise Malformed("no reply after an interim one")

    def take_data(self, data: bytes) -> None:
        """Take a piece of the reply's body. Raises Malformed."""
        if self._head is None:
            raise Malformed("data before the head")
        self._received += len(data)
        if self._head.status != 200 and len(self._kept) < REPLY_BYTES_KEPT:
            self._kept = (self._kept + data)[:REPLY_BYTES_KEPT]

    def reply(self) -> Reply:
        """Return the reply, whose end came. Raises Malformed."""
        head = self._head
        if head is None or head.content_length not in {None, self._received}:
            raise Malformed("length")
        if head.status == 200:
            return OK
        return Reply(head.status or 0, self._kept, head.retry_after, self.headers)
