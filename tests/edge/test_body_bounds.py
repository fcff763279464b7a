"""Bodies on a real socket: bounded while they arrive, in bytes and in seconds, whatever they announce."""

import asyncio
import json
from typing import Any

from tests.edge.conftest import DEADLINE_SECONDS, Address, Serving

HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
SMALL = b'{"query": "{ language }"}'


async def exchange(address: Address, *parts: bytes, pause: float = 0) -> tuple[int, list[str]]:
    """Send `parts`, and return the status and the error codes of the reply."""
    reader, writer = await asyncio.open_connection("127.0.0.1", address.port)
    try:
        async with asyncio.timeout(DEADLINE_SECONDS), asyncio.TaskGroup() as tasks:
            reply = tasks.create_task(_reply(reader))
            for part in parts:
                if reply.done():
                    break  # to go on might cost it
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
            head, body = await reply
    finally:
        writer.close()
        await writer.wait_closed()
    is_json = "content-type: application/json" in head
    members: dict[str, Any] = json.loads(body) if is_json else {}
    codes = [error["extensions"]["code"] for error in members.get("errors", [])]
    return int(head.split()[1]), codes


async def _reply(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length: ")[1].split("\r\n")[0])
    return head, await reader.readexactly(length)


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def test_a_body_in_chunks_is_read(server: Address) -> None:
    chunks = chunk(SMALL[:5]) + chunk(SMALL[5:]) + chunk(b"")

    assert await exchange(server, HEAD + b"transfer-encoding: chunked\r\n\r\n", chunks) == (200, [])


async def test_an_announced_size_is_refused_before_the_body_is_sent(server: Address) -> None:
    reply = await exchange(server, HEAD + b"content-length: 65537\r\n\r\n")

    assert reply == (413, ["BODY_TOO_LARGE"])


async def test_a_body_of_the_largest_size_is_read(server: Address) -> None:
    body = SMALL + b" " * (65_536 - len(SMALL))

    reply = await exchange(server, HEAD + b"content-length: 65536\r\n\r\n", body)

    assert reply == (200, [])


async def test_chunks_are_refused_at_the_first_byte_too_many(server: Address) -> None:
    first = chunk(b" " * 65_536)
    endless_after_that = chunk(b" ")

    reply = await exchange(
        server, HEAD + b"transfer-encoding: chunked\r\n\r\n", first, endless_after_that
    )

    assert reply == (413, ["BODY_TOO_LARGE"])


async def test_a_slow_body_is_refused_in_time(serving: Serving) -> None:
    async with serving(request_body_seconds=0.2) as address:
        reply = await exchange(address, HEAD + b"content-length: 100\r\n\r\n", b"{", pause=0.01)

    assert reply == (408, ["BODY_TOO_SLOW"])


async def test_a_body_that_drips_is_refused_in_time(serving: Serving) -> None:
    async with serving(request_body_seconds=0.2) as address:
        drops = [SMALL[:1]] * 30

        reply = await exchange(address, HEAD + b"content-length: 100\r\n\r\n", *drops, pause=0.01)

    assert reply == (408, ["BODY_TOO_SLOW"])


async def test_a_body_shorter_than_announced_leaves_no_trace_when_the_client_goes(
    server: Address,
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(HEAD + b"content-length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    assert await exchange(server, HEAD + b"content-length: 25\r\n\r\n" + SMALL) == (200, [])


async def test_a_body_longer_than_announced_is_cut(server: Address) -> None:
    status, _ = await exchange(server, HEAD + b"content-length: 10\r\n\r\n", SMALL)

    assert status == 400
