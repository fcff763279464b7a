"""A file over HTTP, whole or in part (RFC 9110, section 14): read in threads, never on the loop."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from io import BufferedReader
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.kit.byte_ranges import span_of
from api.kit.entity_tags import is_known

_PIECE_BYTES = 262_144


class FileGone(Exception):
    """It was removed between its document and its bytes."""


class FileContent(StreamingResponse):
    """Sends from a file that is open already: removed meanwhile, it is still sent whole."""

    @classmethod
    async def of(
        cls, request: Request, path: Path, content_type: str, tag: str, headers: Mapping[str, str]
    ) -> Response:
        """Answer 200, 206, 304 or 416. Raises FileGone, and OSError when it cannot be read."""
        etag = f'"{tag}"'
        known = {**headers, "etag": etag, "accept-ranges": "bytes"}
        if is_known(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=known)
        file, size = await asyncio.to_thread(_opened, path)
        asked = request.headers.get("range", "")
        if request.headers.get("if-range", etag) != etag:
            asked = ""
        span = span_of(asked, size)
        if span is None or request.method == "HEAD":
            await asyncio.to_thread(file.close)
        if span is None:
            return Response(status_code=416, headers={**known, "content-range": f"bytes */{size}"})
        start, end = span
        known["content-length"] = str(end - start)
        is_part = (start, end) != (0, size)
        if is_part:
            known["content-range"] = f"bytes {start}-{end - 1}/{size}"
        status = 206 if is_part else 200
        if request.method == "HEAD":
            return Response(status_code=status, media_type=content_type, headers=known)
        pieces = _pieces(file, start, end)
        return cls(pieces, status_code=status, media_type=content_type, headers=known)


def _opened(path: Path) -> tuple[BufferedReader, int]:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise FileGone from error
    return file, file.seek(0, 2)


async def _pieces(file: BufferedReader, start: int, end: int) -> AsyncGenerator[bytes]:
    try:
        await asyncio.to_thread(file.seek, start)
        while start < end:
            piece = await asyncio.to_thread(file.read, min(_PIECE_BYTES, end - start))
            if not piece:
                return
            start += len(piece)
            yield piece
    finally:
        file.close()
