"""A small HTTP/2 server over TLS, to stand in for Google's front end."""

import asyncio
import logging
import ssl
from asyncio import Task
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError
from typing_extensions import override


@dataclass(slots=True)
class Http2Request:
    headers: Mapping[str, str]
    body: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class Http2Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


logging.getLogger("hpack").setLevel(logging.WARNING)  # it would tell all that it decodes

Answer = Callable[[Http2Request], Awaitable[Http2Reply | None]]
"""What to reply; None: end the stream with an error."""


class Http2Connection(asyncio.Protocol):
    """One connection of a client."""

    def __init__(
        self,
        answer: Answer,
        connections: list["Http2Connection"],
        is_away: Callable[[], bool],
    ) -> None:
        self._answer = answer
        self._connections = connections
        self._is_away = is_away
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._transport: asyncio.Transport | None = None
        self._requests: dict[int, Http2Request] = {}
        self._tasks: set[Task[None]] = set()

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def cut(self) -> None:
        """Cut the connection, and whatever is under way on it."""
        if self._transport is not None:
            self._transport.abort()

    def fall_silent(self) -> None:
        """Read no more, and leave the connection as it is."""
        if self._transport is not None:
            self._transport.pause_reading()

    def go_away(self) -> None:
        """Say that no new stream is served here."""
        self._h2.close_connection(ErrorCodes.NO_ERROR)
        self._flush()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._is_away():
            transport.abort()
            return
        self._connections.append(self)
        self._h2.initiate_connection()
        self._flush()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self in self._connections:
            self._connections.remove(self)
        for task in self._tasks:
            task.cancel()

    @override
    def data_received(self, data: bytes) -> None:
        for event in self._h2.receive_data(data):
            match event:
                case RequestReceived(stream_id=stream, headers=headers):
                    self._requests[stream] = Http2Request({str(k): str(v) for k, v in headers})
                case DataReceived(stream_id=stream, data=piece):
                    self._requests[stream].body += piece
                    self._h2.acknowledge_received_data(event.flow_controlled_length, stream)
                case StreamEnded(stream_id=stream):
                    task = asyncio.create_task(self._serve(stream))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                case StreamReset(stream_id=stream):
                    self._requests.pop(stream, None)
                case _:
                    pass
        self._flush()

    async def _serve(self, stream: int) -> None:
        if (request := self._requests.get(stream)) is None:
            return  # dropped by the client before its turn came
        reply = await self._answer(request)
        with suppress(ProtocolError):  # the client has dropped the stream
            self._send(stream, reply)
        self._flush()

    def _send(self, stream: int, reply: Http2Reply | None) -> None:
        if reply is None:
            self._h2.reset_stream(stream, ErrorCodes.INTERNAL_ERROR)
            return
        fields = {"content-type": "application/json", **reply.headers}
        lines = [(":status", str(reply.status)), *((k.lower(), v) for k, v in fields.items())]
        self._h2.send_headers(stream, lines)
        self._h2.send_data(stream, reply.body, end_stream=True)

    def _flush(self) -> None:
        if self.is_open and self._transport is not None:
            self._transport.write(self._h2.data_to_send())


def server_context(folder: Path) -> tuple[ssl.SSLContext, str]:
    """Make a certificate for the loopback address; return what serves with it and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "http2.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.set_alpn_protocols(["h2"])
    return context, str(file)
