"""Many small WebSocket frames, and handshakes that fail, on a real socket."""

import asyncio
import time

import pytest

from tests.edge.conftest import DEADLINE_SECONDS, Address
from tests.edge.test_head_bounds import said
from tests.edge.test_websocket import PROTOCOL, closed_with, connected, heard, opened, tell

UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    b"sec-websocket-protocol: " + PROTOCOL.encode() + b"\r\n"
)
MASK = b"\0\0\0\0"
TEXT_BEGUN, CONTINUED, PING = b"\x01\x80" + MASK, b"\x00\x80" + MASK, b"\x89\x80" + MASK


@pytest.mark.parametrize(
    "frames",
    [TEXT_BEGUN + CONTINUED * 700_000, PING * 700_000],
    ids=["fragments", "pings"],
)
async def test_a_flood_of_empty_frames_stops_no_other_client(
    server: Address, frames: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(UPGRADE + b"\r\n")
    await reader.readuntil(b"\r\n\r\n")
    longest, last = 0.0, time.process_time()
    writer.write(frames)
    flood = asyncio.create_task(reader.read())
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not flood.done():
            await asyncio.sleep(0)
            now = time.process_time()
            longest, last = max(longest, now - last), now
    writer.close()

    assert longest < 0.5
    assert isinstance(flood.exception(), ConnectionError) or b"too many" in flood.result()


async def test_more_fragments_than_allowed_are_refused(server: Address) -> None:
    async with connected(server) as socket:
        await socket.send("" for _ in range(1_200))

        assert await closed_with(socket) == 1008


async def test_many_messages_at_once_are_all_answered(server: Address) -> None:
    async with opened(server) as socket:
        await tell(socket, {"type": "connection_init"})
        await asyncio.gather(
            *(tell(socket, {"type": "ping", "payload": {"x": "y" * 1_000}}) for _ in range(500))
        )

        assert await heard(socket) == {"type": "connection_ack"}
        assert [(await heard(socket))["type"] for _ in range(500)] == ["pong"] * 500


async def test_a_handshake_that_cannot_be_parsed_is_closed(server: Address) -> None:
    answer = await said(server, UPGRADE + b"x: y\r\n" * 300 + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 431 ")
