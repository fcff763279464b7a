"""How the rows of the audit log hang together: what a row's digest covers, and what the head's seal.

A row's digest covers all that the row says, its number and the digest before it; the seal covers
how many rows there are and the last digest. Both are HMAC-SHA-256 (RFC 2104) of canonical JSON
under a key that is not in the store.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.kit.store import Document

HEAD_ID = "head"
RESTARTED = "restarted"
"""Stands for the digest before a row that could follow none, because the head was not ours."""

_KEY_BYTES_AT_LEAST = 32
_DIGITS = 19
_NUMBER = re.compile(rf"[0-9]{{{_DIGITS}}}")
_HEAD = re.compile(r"([0-9]{1,19}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: how many rows it has, and the digest of the last one."""

    count: int
    digest: str

    @classmethod
    def of(cls, text: str) -> "Head":
        """Read `COUNT:DIGEST`; raises ValueError."""
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise ValueError("a head is written COUNT:DIGEST")
        return cls(int(found[1]), found[2])

    def text(self) -> str:
        """Return what `of` reads."""
        return f"{self.count}:{self.digest}"


START = Head(0, "0" * 64)
"""The head of a log without rows."""


def row_id(number: int) -> str:
    """Return the `_id` of a row; ids sort as their numbers do."""
    return f"{number:0{_DIGITS}d}"


def number_of(id: object) -> int | None:
    """Return the number in an `_id`, or None when no row of ours has such an id."""
    return int(id) if isinstance(id, str) and _NUMBER.fullmatch(id) else None


class AuditChain:
    """Makes rows and heads under a key of 32 bytes or more, and knows them again."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _KEY_BYTES_AT_LEAST:
            raise ValueError(f"the key of the audit log has {_KEY_BYTES_AT_LEAST} bytes or more")
        self._key = key

    def row(self, number: int, says: Document, previous: str) -> Document:
        """Return the document of a row that `says` something, after the row of digest `previous`."""
        row = {"_id": row_id(number), "number": number, **says, "previous": previous}
        return {**row, "digest": self._digest(row)}

    def is_ours(self, row: Document) -> bool:
        """Tell whether a row is as it was written, wherever it now lies."""
        return _is_same(row.get("digest"), self._digest(row))

    def is_in_place(self, row: Document) -> bool:
        """Tell whether a row is as it was written, and lies where it was written."""
        return self.is_ours(row) and row["number"] == number_of(row["_id"])

    def sealed(self, head: Head) -> Document:
        """Return the document of a head."""
        document: Document = {"_id": HEAD_ID, "count": head.count, "digest": head.digest}
        return {**document, "seal": self._seal(document)}

    def opened(self, document: Document | None) -> Head | None:
        """Return the head that a document holds, or None when its seal is not ours."""
        if document is None or not _is_same(document.get("seal"), self._seal(document)):
            return None
        return Head(document["count"], document["digest"])

    def _digest(self, row: Document) -> str:
        # The id is left out, so that a row which was moved can be told from one which was edited.
        return self._hmac("row", row, without=("_id", "digest"))

    def _seal(self, head: Document) -> str:
        return self._hmac("head", head, without=("seal",))

    def _hmac(self, kind: str, document: Document, *, without: tuple[str, ...]) -> str:
        covered = {name: value for name, value in document.items() if name not in without}
        text = json.dumps([kind, covered], default=_marked, sort_keys=True, separators=(",", ":"))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _is_same(kept: object, computed: str) -> bool:
    return isinstance(kept, str) and hmac.compare_digest(kept.encode(), computed.encode())


def _marked(value: Any) -> dict[str, str]:  # noqa: ANN401 - whatever somebody put into the store
    """Return what stands for a value that JSON has not. No name in a document begins with "$"."""
    if isinstance(value, datetime):
        return {"$moment": value.astimezone(UTC).isoformat(timespec="milliseconds")}
    return {"$type": type(value).__name__}
