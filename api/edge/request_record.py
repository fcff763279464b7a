"""What is known of a request from its first byte: who follows it, and what it turned out to be."""

import re
import secrets
from dataclasses import dataclass, field

from starlette.types import Scope

_KEY = "laocai.request"
_LENGTH_OF_VERSION_0 = 55
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})(?P<trace>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)


@dataclass(slots=True)
class RequestRecord:
    """One request or connection. `headers` by lower-case name; `operation` is set once known."""

    headers: dict[str, str]
    trace_id: str
    operation: str | None = field(default=None)

    @classmethod
    def of(cls, scope: Scope) -> "RequestRecord":
        """Return the record of this request, made at the first call."""
        if _KEY not in scope:
            headers = {
                name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
            }
            scope[_KEY] = cls(headers, _trace_id(headers.get("traceparent")))
        record: RequestRecord = scope[_KEY]
        return record


def _trace_id(traceparent: str | None) -> str:
    """Return the trace id of a well-formed header (W3C Trace Context), else a new one."""
    found = _TRACEPARENT.fullmatch(traceparent.strip()) if traceparent else None
    if found and (len(found[0]) == _LENGTH_OF_VERSION_0 or not found[0].startswith("00-")):
        return found["trace"]
    return secrets.token_hex(16)
