"""Which bytes of a file are asked for: whoever goes on with a download, or plays on (RFC 9110, section 14)."""

import re

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def span_of(asked: str, size: int) -> tuple[int, int] | None:
    """Return from where until before where to send; None when there is nothing of what is asked for.

    What is not one range of bytes is not understood, and the whole is sent.
    """
    found = _RANGE.fullmatch(asked)
    if found is None or asked == "bytes=-":
        return 0, size
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    elif last and int(last) < int(first):
        return 0, size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None
