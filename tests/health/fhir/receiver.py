"""An endpoint on this machine that takes notifications as it is told to, and keeps what came."""

import asyncio
import hashlib
import hmac
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from api.health.fhir.subscriptions.signatures import EVENT_NUMBER, SIGNATURE, SUBSCRIPTION


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def number(self) -> int:
        return int(self.headers[EVENT_NUMBER])

    def is_signed_with(self, secret: str) -> bool:
        """Tell whether the signature is that of the secret, as docs/fhir.md says how."""
        stamp, digest = (part.partition("=")[2] for part in self.headers[SIGNATURE].split(","))
        prefix = f"{stamp}.{self.headers[SUBSCRIPTION]}.{self.number}.".encode()
        due = hmac.new(secret.encode(), prefix + self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(due, digest)


@dataclass
class Receiver:
    """`status`: of every answer. `received`: whatever came, refused or not."""

    port: int = 0
    status: int = 204
    received: list[Received] = field(default_factory=list[Received])
    serving: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.received]

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Whoever speaks TLS here sends no end of a head.
        with suppress(asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.received.append(Received(headers, body))
        location = "location: http://127.0.0.1:1/\r\n" if 300 <= self.status < 400 else ""
        writer.write(
            f"HTTP/1.1 {self.status} X\r\n{location}content-length: 0\r\n"
            "connection: close\r\n\r\n".encode()
        )
        await writer.drain()


@asynccontextmanager
async def a_receiver(tls: ssl.SSLContext | None = None) -> AsyncGenerator[Receiver]:
    receiver = Receiver()
    seconds = None if tls is None else 2.0
    server = await asyncio.start_server(
        receiver.serve, "127.0.0.1", 0, ssl=tls, ssl_shutdown_timeout=seconds
    )
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
        await asyncio.gather(*receiver.serving)
