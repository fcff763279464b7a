"""Reading what is to be imported: files and addresses, within a size, a time and a network."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from api.alerts import source
from api.alerts.cap_xml import BYTES_AT_MOST
from api.alerts.errors import AlertErrorCode, AlertProblem
from api.alerts.source import read_source
from tests.alerts.messages import alert

Answer = Callable[[str], bytes]


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def serving(answer: Answer) -> AsyncGenerator[str]:
    """Serve what `answer` makes of a path, on loopback; give the address."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            writer.write(answer(request.split()[1].decode()))
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def refusal(address: str) -> AlertErrorCode:
    with pytest.raises(AlertProblem) as refused:
        await read_source(address)
    return AlertErrorCode(refused.value.code)


async def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "message.cap"
    file.write_bytes(alert())

    assert await read_source(str(file)) == alert()


async def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for name in ("missing", "pipe", ".", "a\x00b"):
        assert await refusal(str(tmp_path / name)) is AlertErrorCode.SOURCE_NOT_READABLE


async def test_a_large_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.cap"
    file.write_bytes(b" " * (BYTES_AT_MOST + 1))

    assert await refusal(str(file)) is AlertErrorCode.TOO_LARGE


async def test_an_address_is_read() -> None:
    async with serving(lambda _: reply(alert())) as address:
        assert await read_source(f"{address}/message.cap") == alert()


async def test_a_redirect_within_the_host_is_followed() -> None:
    def answer(path: str) -> bytes:
        return reply(alert()) if path == "/new" else reply(b"", "302 Found", location="/new")

    async with serving(answer) as address:
        assert await read_source(f"{address}/old") == alert()


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost:9/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "file:///etc/hostname",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
    ],
)
async def test_a_redirect_into_a_private_network_is_not_followed(location: str) -> None:
    async with serving(lambda _: reply(b"", "302 Found", location=location)) as address:
        assert await refusal(address) is AlertErrorCode.SOURCE_NOT_READABLE


async def test_redirects_do_not_go_on_for_ever() -> None:
    asked = 0

    def answer(path: str) -> bytes:
        nonlocal asked
        asked += 1
        return reply(b"", "302 Found", location=f"{path}x")

    async with serving(answer) as address:
        assert await refusal(f"{address}/x") is AlertErrorCode.SOURCE_NOT_READABLE

    assert asked == source.REDIRECTS_AT_MOST + 1


@pytest.mark.parametrize(
    "address",
    ["ftp://127.0.0.1/a", "file:///etc/hostname", "http://", "http://[", "://", "http://a b/"],
)
async def test_other_addresses_are_refused(address: str) -> None:
    assert await refusal(address) is AlertErrorCode.SOURCE_NOT_READABLE


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "204 No Content"])
async def test_an_answer_without_a_document_is_refused(status: str) -> None:
    async with serving(lambda _: reply(b"", status)) as address:
        assert await refusal(address) is AlertErrorCode.SOURCE_NOT_READABLE


async def test_a_packed_answer_is_refused() -> None:
    async with serving(lambda _: reply(b"x", content_encoding="gzip")) as address:
        assert await refusal(address) is AlertErrorCode.SOURCE_NOT_READABLE


async def test_a_large_answer_is_not_read_to_its_end() -> None:
    async with serving(lambda _: reply(b" " * (4 * BYTES_AT_MOST))) as address:
        assert await refusal(address) is AlertErrorCode.TOO_LARGE


async def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SECONDS_AT_MOST", 0.1)
    hold, ended = asyncio.Event(), asyncio.Event()

    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hold.wait()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await refusal(f"http://127.0.0.1:{port}/") is AlertErrorCode.SOURCE_NOT_READABLE
        hold.set()
        await ended.wait()


async def test_nobody_listening_is_a_refusal() -> None:
    assert await refusal("http://127.0.0.1:9/") is AlertErrorCode.SOURCE_NOT_READABLE
