"""What is known of a request from its first byte: who follows it, and what it turned out to be."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.types import Scope

from api.edge.client_address import client_address

_KEY = "laocai.request"
_LENGTH_OF_VERSION_0 = 55
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})(?P<trace>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)


@dataclass(slots=True)
class RequestRecord:
    """One request or connection. `operation` is set once known.

    `headers` by lower-case name; what came in several lines is joined by commas (RFC 9110, 5.3).
    `address` is the client's, also for slices: as `request.state.address`.
    """

    headers: dict[str, str]
    trace_id: str
    address: str
    operation: str | None = field(default=None)

    @classmethod
    def of(cls, scope: Scope) -> "RequestRecord":
        """Return the record of this request, made at the first call."""
        if _KEY not in scope:
            headers = _joined(scope["headers"])
            address = client_address(scope, headers)
            scope.setdefault("state", {})["address"] = address
            scope[_KEY] = cls(headers, _trace_id(headers.get("traceparent")), address)
        record: RequestRecord = scope[_KEY]
        return record


def _joined(lines: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in lines:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _trace_id(traceparent: str | None) -> str:
    """Return the trace id of a well-formed header (W3C Trace Context), else a new one."""
    found = _TRACEPARENT.fullmatch(traceparent.strip()) if traceparent else None
    if found and (len(found[0]) == _LENGTH_OF_VERSION_0 or not found[0].startswith("00-")):
        return found["trace"]
    return secrets.token_hex(16)
