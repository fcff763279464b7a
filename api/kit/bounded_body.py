"""Reading a request's body within a size and a time, whatever its headers promise."""

import asyncio
from collections.abc import AsyncGenerator

from starlette.types import Message, Receive

from api.kit.request_refusals import BodyTooLarge, BodyTooSlow

CLIENT_CLOSED_REQUEST = 499
"""What is answered to nobody: the status for the log."""


class ClientGone(Exception):
    """The client closed the connection before its request was whole; nobody awaits an answer."""


async def read_body(receive: Receive, *, bytes_at_most: int, seconds: float) -> bytes:
    """Return the whole body of an ASGI request.

    Stops reading at the first byte too many, or after `seconds`. Raises BodyTooLarge, BodyTooSlow
    or ClientGone.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, bytes_at_most)
    except TimeoutError as error:
        raise BodyTooSlow from error


async def _read(receive: Receive, bytes_at_most: int) -> bytes:
    body = b""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body = message.get("body", b"")
        size += len(body)
        if size > bytes_at_most:
            raise BodyTooLarge(most=bytes_at_most)
        parts.append(body)
        if not message.get("more_body", False):
            return body if len(parts) == 1 else b"".join(parts)


async def pieces_of(
    receive: Receive, *, bytes_at_most: int, seconds: float
) -> AsyncGenerator[bytes]:
    """Yield the body of an ASGI request as it comes, for what is too large to be held.

    Raises BodyTooLarge, BodyTooSlow or ClientGone.
    """
    size = 0
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        message = await _next(receive, deadline)
        if message["type"] == "http.disconnect":
            raise ClientGone
        body: bytes = message.get("body", b"")
        size += len(body)
        if size > bytes_at_most:
            raise BodyTooLarge(most=bytes_at_most)
        yield body
        if not message.get("more_body", False):
            return


async def _next(receive: Receive, deadline: float) -> Message:
    try:
        async with asyncio.timeout_at(deadline):
            return await receive()
    except TimeoutError as error:
        raise BodyTooSlow from error
