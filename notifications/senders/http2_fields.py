"""Header fields as bytes (HPACK, RFC 7541), without any state on either side.

We put nothing into the peer's dynamic table, and allow it none (SETTINGS_HEADER_TABLE_SIZE 0). So the
same fields are the same bytes each time, the same bytes mean the same fields, and both are kept.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from urllib.parse import SplitResult

from hpack import Decoder
from hpack.exceptions import HPACKError

from notifications.senders.http2_frames import ConnectionBroken, ErrorCode

Fields = Sequence[tuple[str, str]]

HEADER_LIST_BYTES_AT_MOST: Final = 32_768
TABLE_SIZE_ZERO: Final = b"\x20"
"""At the start of the first block of a connection: whatever the peer allows, we use no table (RFC 7541, 4.2)."""

_KEPT_AT_MOST: Final = 256
_CONTENT_LENGTH_NAME: Final = (
    b"\x0f\x0d"  # a literal without indexing, its name from the static table
)
_OF_CONNECTIONS: Final = frozenset(
    {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}
)
_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9a-z]+")
_FORBIDDEN_IN_VALUES: Final = re.compile(r"[\0\r\n]|^[ \t]|[ \t]$")


class Malformed(Exception):
    """Fields that no reply may have (RFC 9113, 8)."""


class Head(NamedTuple):
    """Of a reply, or of its trailers, which have no status."""

    status: int | None
    retry_after: str | None
    content_length: int | None


class RequestBlock:
    """The fields of POSTs to one address; only the length of their bodies differs."""

    def __init__(self, url: SplitResult, fields: Fields) -> None:
        pseudo = (
            (":method", "POST"),
            (":scheme", url.scheme),
            (":authority", url.netloc.rpartition("@")[2]),
            (":path", url.path or "/"),
        )
        self._start = b"".join(_never_indexed(*field) for field in (*pseudo, *fields))

    def of(self, body_bytes: int) -> bytes:
        digits = b"%d" % body_bytes
        return b"%b%b%c%b" % (self._start, _CONTENT_LENGTH_NAME, len(digits), digits)


class HeadReader:
    """Reads the blocks of replies. Keeps the meaning of some, which come again and again."""

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}
        self._decoder = Decoder(HEADER_LIST_BYTES_AT_MOST)
        self._decoder.header_table_size = self._decoder.max_allowed_table_size = 0

    def read(self, block: bytes) -> Head:
        """Return what a block says. Raises Malformed, and ConnectionBroken when it is no HPACK, or uses a table."""
        if (head := self._known.get(block)) is not None:
            return head
        try:
            pairs = self._decoder.decode(block, raw=True)
            fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]
        except HPACKError as error:
            raise ConnectionBroken(ErrorCode.COMPRESSION_ERROR) from error
        head = _head(fields)
        if len(self._known) >= _KEPT_AT_MOST:
            self._known.clear()
        self._known[block] = head
        return head


def _head(fields: Iterable[tuple[str, str]]) -> Head:
    status: int | None = None
    regular: dict[str, str] = {}
    for name, value in fields:
        if name == ":status" and status is None and not regular:
            status = _number(value, digits=3)
        elif not _is_regular(name, value) or (
            name == "content-length" and regular.get(name, value) != value
        ):
            raise Malformed(name)
        else:
            regular[name] = value
    length = regular.get("content-length")
    return Head(status, regular.get("retry-after"), None if length is None else _number(length))


def _is_regular(name: str, value: str) -> bool:
    if _NAME.fullmatch(name) is None or name in _OF_CONNECTIONS:
        return False
    return _FORBIDDEN_IN_VALUES.search(value) is None


def _number(text: str, digits: int | None = None) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18) or len(text) != (
        digits or len(text)
    ):
        raise Malformed(text)
    return int(text)


def _never_indexed(name: str, value: str) -> bytes:
    """Return a literal that nobody on the way may put into a table either: a token is among them."""
    return b"\x10" + _text(name) + _text(value)


def _text(text: str) -> bytes:
    octets = text.encode("ascii")
    return _length(len(octets)) + octets


def _length(number: int) -> bytes:
    """Return an integer with a prefix of seven bits (RFC 7541, 5.1)."""
    if number < 0x7F:
        return bytes((number,))
    octets, number = [0x7F], number - 0x7F
    while number >= 0x80:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*octets, number))
