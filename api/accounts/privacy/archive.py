"""A ZIP of JSON files for people to read, written from front to end and handed on in pieces."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from api.kit.formats import VIETNAM_TIME

PIECE_BYTES = 512 * 1024
_FOR_ITS_OWNER_ONLY = 0o600 << 16


class Archive:
    """Holds no more than one file and one piece at a time. `made_at`: what its files are dated."""

    def __init__(self, made_at: datetime) -> None:
        self._made_at = made_at.astimezone(VIETNAM_TIME)
        self._out = _Pieces()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)

    def add_text(self, name: str, text: str) -> None:
        # Notepad of older Windows takes UTF-8 for such only when a mark says so.
        self._add(name, text.encode("utf-8-sig"))

    def add_json(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        self._add(name, json.dumps(value, ensure_ascii=False, indent=2).encode())

    def pieces(self) -> Iterator[bytes]:
        """Yield what is complete, PIECE_BYTES each."""
        return self._out.taken(PIECE_BYTES)

    def last_pieces(self) -> Iterator[bytes]:
        """End the archive and yield the rest."""
        self._zip.close()
        yield from self._out.taken(PIECE_BYTES)
        yield from self._out.taken(1)

    def _add(self, name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name, self._made_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = _FOR_ITS_OWNER_ONLY
        self._zip.writestr(entry, content)


class _Pieces:
    """A file that can only be written to; zipfile needs nothing else."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Keep what was written: it is still to be taken."""

    def taken(self, bytes_at_least: int) -> Iterator[bytes]:
        while len(self._held) >= bytes_at_least:
            piece = bytes(self._held[:PIECE_BYTES])
            del self._held[:PIECE_BYTES]
            yield piece
