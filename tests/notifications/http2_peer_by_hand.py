"""An HTTP/2 peer that sends whatever a test tells it, and keeps what it is sent: frames by hyperframe, fields by hpack."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from hpack import Decoder, Encoder
from hyperframe.frame import (
    DataFrame,
    ExtensionFrame,
    Frame,
    HeadersFrame,
    SettingsFrame,
)

from notifications.senders.http2_posts import Http2Posts
from notifications.senders.http2_requests import Failed, Reply

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SECONDS_AT_MOST: Final = 60.0
FIELDS: Final = (("authorization", "Bearer a-token"), ("content-type", "application/json"))


class Line:
    """One connection, from the peer's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._decoder = Decoder()
        self._encoder = Encoder()
        self._encoder.header_table_size = 0

    async def opened(self, **settings: int) -> None:
        """Take the client's opening, and send ours; `settings` by their names in SettingsFrame."""
        assert await self._reader.readexactly(len(PREFACE)) == PREFACE
        values = {getattr(SettingsFrame, name): value for name, value in settings.items()}
        self.send(SettingsFrame(settings=values))

    def send(self, *frames: Frame) -> None:
        self.send_bytes(b"".join(frame.serialize() for frame in frames))

    def send_bytes(self, data: bytes) -> None:
        self._writer.write(data)

    def end(self) -> None:
        self._writer.close()

    async def frame(self) -> Frame:
        async with asyncio.timeout(SECONDS_AT_MOST):
            head = await self._reader.readexactly(9)
            frame, length = Frame.parse_frame_header(memoryview(head))
            frame.parse_body(memoryview(await self._reader.readexactly(length)))
        return frame

    async def next(self, kind: type[Any]) -> Any:  # noqa: ANN401 - a frame of that kind
        """Return the next frame of a kind, and pass over others before it."""
        while not isinstance(frame := await self.frame(), kind):
            pass
        return frame

    async def request(self) -> tuple[int, dict[str, str], bytes]:
        """Return stream, fields and body of the next request, which must come in one piece."""
        headers: HeadersFrame = await self.next(HeadersFrame)
        data: DataFrame = await self.next(DataFrame)
        assert "END_HEADERS" in headers.flags
        assert "END_STREAM" in data.flags
        assert data.stream_id == headers.stream_id
        return headers.stream_id, self.fields(headers.data), data.data

    def fields(self, block: bytes) -> dict[str, str]:
        return {str(name): str(value) for name, value in self._decoder.decode(block)}

    def block(self, *fields: tuple[str, str]) -> bytes:
        return self._encoder.encode(fields)

    def head(self, stream: int, status: int, *fields: tuple[str, str]) -> HeadersFrame:
        frame = HeadersFrame(stream, self.block((":status", str(status)), *fields))
        frame.flags.add("END_HEADERS")
        return frame

    def answer(self, stream: int, status: int = 200, body: bytes = b"{}") -> None:
        self.send(self.head(stream, status), last_data(stream, body))

    async def until_closed(self) -> bytes:
        """Return all that came until the client went."""
        async with asyncio.timeout(SECONDS_AT_MOST):
            with suppress(ConnectionError):
                return await self._reader.read()
        return b""


def last_data(stream: int, body: bytes) -> DataFrame:
    frame = DataFrame(stream, body)
    frame.flags.add("END_STREAM")
    return frame


def unknown_frame(stream: int) -> Frame:
    frame = ExtensionFrame(type=0xEE, stream_id=stream, flag_byte=0xFF, body=b"whatever")
    frame.body_len = len(frame.body)  # else it serializes without a length
    return frame


@dataclass(slots=True)
class Told:
    """Implements Awaiting: keeps what came, and wakes whoever waits for it."""

    came: dict[str, Reply | Failed] = field(default_factory=dict[str, Reply | Failed])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def landed(self, about: str, came: Reply | Failed) -> None:
        assert about not in self.came, "told twice"
        self.came[about] = came
        self._changed.set()

    async def of(self, *abouts: str) -> list[Reply | Failed]:
        async with asyncio.timeout(SECONDS_AT_MOST):
            while not set(abouts) <= set(self.came):
                self._changed.clear()
                await self._changed.wait()
        return [self.came[about] for about in abouts]


@dataclass(slots=True)
class Meeting:
    """A client, and the peer that it talks to."""

    posts: Http2Posts[str]
    told: Told
    _lines: asyncio.Queue[Line]

    async def line(self, **settings: int) -> Line:
        """Return the next connection that the client opens, opened on our side too."""
        async with asyncio.timeout(SECONDS_AT_MOST):
            line = await self._lines.get()
        await line.opened(**settings)
        return line

    @property
    def is_alone(self) -> bool:
        """Whether no other connection was opened."""
        return self._lines.empty()

    def post(self, *abouts: str, body: bytes = b"{}") -> None:
        for about in abouts:
            self.posts.post(FIELDS, body, self.told, about)


@asynccontextmanager
async def meeting(seconds_at_most: float = SECONDS_AT_MOST) -> AsyncGenerator[Meeting]:
    lines: asyncio.Queue[Line] = asyncio.Queue()
    open_lines: list[asyncio.StreamWriter] = []

    def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_lines.append(writer)
        lines.put_nowait(Line(reader, writer))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    posts: Http2Posts[str] = Http2Posts(
        f"http://127.0.0.1:{port}/v1/send", certificates="", seconds_at_most=seconds_at_most
    )
    try:
        yield Meeting(posts, Told(), lines)
    finally:
        await posts.close()
        for writer in open_lines:
            writer.transport.abort()
        await asyncio.gather(*(it.wait_closed() for it in open_lines), return_exceptions=True)
        server.close()
        await server.wait_closed()
