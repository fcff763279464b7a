"""The head of a request on a real socket: bounded in bytes and in seconds."""

import asyncio

import pytest

from api.edge import http_protocol
from tests.edge.conftest import DEADLINE_SECONDS, Address, Serving

ANSWERED = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 25\r\n\r\n"
BODY = b'{"query": "{ language }"}'


async def said(address: Address, *parts: bytes) -> bytes:
    """Send `parts`, and return all that the server says before it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", address.port)
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            try:
                for part in parts:
                    writer.write(part)
                    await writer.drain()
            except ConnectionError:
                pass  # refused before the end: what it said can still be read
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /" + b"a" * 4_000_000,
        b"GET / HTTP/1.1\r\nx: " + b"a" * 4_000_000,
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 700_000,
    ],
)
async def test_an_endless_head_is_cut(server: Address, endless: bytes) -> None:
    try:
        answer = await said(server, endless)
    except ConnectionResetError:
        return  # the answer was lost with the unread rest, which is what the bound is for

    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a_head_of_ordinary_size_passes(server: Address) -> None:
    cookie = b"cookie: " + b"c" * 20_000 + b"\r\n"
    head = ANSWERED.replace(b"host: x\r\n", b"host: x\r\nconnection: close\r\n" + cookie)

    answer = await said(server, head, BODY)

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("begun", [b"", b"POST /graph", ANSWERED[:-2]])
async def test_a_head_that_does_not_come_is_not_awaited(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.2)
    async with serving() as address:
        answer = await said(address, begun)

    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_the_clock_starts_anew_with_each_request(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 2.0)
    async with serving() as address:
        answer = await said(address, ANSWERED + BODY, ANSWERED + BODY, b"GET /")

    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.count(b"HTTP/1.1 408 ") == 1


async def test_endless_trailers_are_cut(server: Address) -> None:
    head = ANSWERED.replace(b"content-length: 25", b"transfer-encoding: chunked")
    try:
        answer = await said(server, head, b"19\r\n" + BODY + b"\r\n0\r\n", b"x: y\r\n" * 5_000_000)
    except ConnectionResetError:
        return

    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a_short_trailer_and_chunks_of_one_byte_pass(server: Address) -> None:
    head = ANSWERED.replace(
        b"content-length: 25", b"connection: close\r\ntransfer-encoding: chunked"
    )
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in BODY + b" " * 20_000)

    answer = await said(server, head, chunks, b"0\r\nx: y\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_an_answer_before_the_end_of_the_body_is_the_last(server: Address) -> None:
    answer = await said(server, ANSWERED.replace(b"length: 25", b"length: 999999"), b" " * 9_999)

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_empty_lines_do_not_keep_a_connection(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.2)
    async with serving() as address:
        answer = await said(address, ANSWERED + BODY, b"\r\n")

    assert answer.count(b"HTTP/1.1 200 ") == 1
    assert answer.count(b"HTTP/1.1 408 ") == 1
