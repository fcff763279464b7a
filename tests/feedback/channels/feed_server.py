"""A feed on this machine that answers as it is told to, and keeps what it was asked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class FeedServer:
    """`drip_seconds`: between single bytes of the answer; `endless`: a body that does not end."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    drip_seconds: float = 0.0
    endless: bool = False
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    sent: int = 0
    serving: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/rss"

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
            self.asked.append(
                {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head}
            )
            lines = [f"{name}: {value}" for name, value in self.headers.items()]
            start = "\r\n".join([f"HTTP/1.1 {self.status} X", *lines, "connection: close", "", ""])
            await self._write(writer, start.encode())
            await self._write(writer, self.body)
            while self.endless:
                await self._write(writer, b" " * 65_536)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        if not self.drip_seconds:
            writer.write(data)
            await writer.drain()
            self.sent += len(data)
            return
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(self.drip_seconds)


@asynccontextmanager
async def a_feed() -> AsyncGenerator[FeedServer]:
    feed = FeedServer()
    server = await asyncio.start_server(feed.serve, "127.0.0.1", 0)
    feed.port = server.sockets[0].getsockname()[1]
    async with server:
        yield feed
        await asyncio.gather(*feed.serving)


def rss(*items: str) -> bytes:
    """Return a feed of RSS 2.0."""
    joined = "".join(f"<item>{item}</item>" for item in items)
    text = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{joined}</channel></rss>'
    return text.encode()


def an_item(number: int = 1, words: str = "Rác chất đống ở Sa Pa.") -> str:
    return (
        f"<guid>https://paper.example.vn/{number}</guid><title>{words}</title>"
        f"<link>https://paper.example.vn/{number}</link>"
        "<author>canary.author@example.com (Nguyễn Văn Canary)</author>"
        "<pubDate>Fri, 01 May 2026 09:00:00 +0700</pubDate>"
    )
