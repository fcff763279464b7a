"""What a client owes its peer (RFC 9113), and what becomes of requests whatever the peer does."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from urllib.parse import urlsplit

import pytest
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)
from typing_extensions import override

from notifications.senders.http2_connection import ANSWERS_AT_MOST, Connection
from notifications.senders.http2_fields import RequestBlock
from notifications.senders.http2_frames import ErrorCode
from notifications.senders.http2_requests import (
    CLOSED,
    OK,
    REFUSED,
    REPLY_BYTES_KEPT,
    SENT_AT_MOST,
    TIMED_OUT,
    Failed,
    Reply,
    Request,
)
from tests.notifications.http2_peer_by_hand import (
    FIELDS,
    Line,
    Meeting,
    Told,
    last_data,
    meeting,
    unknown_frame,
)


@pytest.fixture
async def met() -> AsyncGenerator[Meeting]:
    async with meeting() as it:
        yield it


async def test_a_request_comes_with_its_fields_and_body(met: Meeting) -> None:
    met.post("one", body=b'{"message":1}')
    line = await met.line()

    stream, fields, body = await line.request()
    line.answer(stream)

    assert await met.told.of("one") == [OK]
    assert body == b'{"message":1}'
    assert fields.pop(":authority").startswith("127.0.0.1:")
    assert fields == {
        ":method": "POST",
        ":scheme": "http",
        ":path": "/v1/send",
        **dict(FIELDS),
        "content-length": "13",
    }


async def test_settings_and_pings_are_acknowledged(met: Meeting) -> None:
    met.post("one")
    line = await met.line(MAX_FRAME_SIZE=20_000)

    line.send(PingFrame(opaque_data=b"12345678"))

    acknowledged: SettingsFrame = await line.next(SettingsFrame)
    while "ACK" not in acknowledged.flags:
        acknowledged = await line.next(SettingsFrame)
    pong: PingFrame = await line.next(PingFrame)
    assert "ACK" in pong.flags
    assert pong.opaque_data == b"12345678"


async def test_the_peer_may_use_no_table_and_send_no_pushes(met: Meeting) -> None:
    met.post("one")
    line = await met.line()

    first: SettingsFrame = await line.next(SettingsFrame)

    assert first.settings[SettingsFrame.HEADER_TABLE_SIZE] == 0
    assert first.settings[SettingsFrame.ENABLE_PUSH] == 0


async def test_a_body_waits_for_the_windows(met: Meeting) -> None:
    met.post("one", body=b"x" * 25)
    line = await met.line(INITIAL_WINDOW_SIZE=10)
    headers: HeadersFrame = await line.next(HeadersFrame)
    first: DataFrame = await line.next(DataFrame)

    line.send(WindowUpdateFrame(headers.stream_id, 15))

    second: DataFrame = await line.next(DataFrame)
    assert (first.data, second.data) == (b"x" * 10, b"x" * 15)
    assert "END_STREAM" not in first.flags
    assert "END_STREAM" in second.flags
    line.answer(headers.stream_id)
    assert await met.told.of("one") == [OK]


async def test_a_window_that_shrinks_below_nothing_is_waited_for(met: Meeting) -> None:
    met.post("one", body=b"x" * 25)
    line = await met.line(INITIAL_WINDOW_SIZE=10)
    headers: HeadersFrame = await line.next(HeadersFrame)
    await line.next(DataFrame)

    line.send(
        SettingsFrame(settings={SettingsFrame.INITIAL_WINDOW_SIZE: 5}),
        WindowUpdateFrame(headers.stream_id, 5),
        WindowUpdateFrame(headers.stream_id, 3),
    )

    second: DataFrame = await line.next(DataFrame)
    assert second.data == b"x" * 3


async def test_no_more_streams_are_open_than_the_peer_allows(met: Meeting) -> None:
    met.post("one", "two")
    line = await met.line(MAX_CONCURRENT_STREAMS=1)
    first, _, _ = await line.request()
    other = await met.line(MAX_CONCURRENT_STREAMS=1)
    second, _, _ = await other.request()

    met.post("three")
    line.answer(first)

    third, _, _ = await line.request()
    assert (first, second, third) == (1, 1, 3)


async def test_what_a_peer_that_leaves_did_not_process_goes_elsewhere(met: Meeting) -> None:
    met.post("one", "two")
    line = await met.line()
    first, _, _ = await line.request()
    second, _, _ = await line.request()

    line.send(GoAwayFrame(last_stream_id=first))
    line.answer(first)

    other = await met.line()
    again, _, _ = await other.request()
    other.answer(again, 404)
    assert second == 3
    assert await met.told.of("one", "two") == [OK, Reply(404, b"{}", None, FIELDS)]


async def test_a_refused_stream_is_sent_again_a_few_times(met: Meeting) -> None:
    met.post("one")
    line = await met.line()

    for _ in range(SENT_AT_MOST):
        stream, _, _ = await line.request()
        line.send(RstStreamFrame(stream, ErrorCode.REFUSED_STREAM))

    assert await met.told.of("one") == [REFUSED]


def reset_with(code: int) -> Callable[[Line], None]:
    return lambda line: line.send(RstStreamFrame(1, code))


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (reset_with(ErrorCode.INTERNAL_ERROR), "RESET_INTERNAL_ERROR"),
        (reset_with(77), "RESET_77"),
        (Line.end, "CONNECTION_LOST"),
    ],
)
async def test_what_may_have_been_processed_is_not_sent_again(
    met: Meeting, end: Callable[[Line], None], reason: str
) -> None:
    met.post("one")
    line = await met.line()
    await line.request()

    end(line)

    assert await met.told.of("one") == [Failed(reason)]
    assert met.is_alone


async def test_a_reply_in_pieces_with_padding_and_what_else_may_stand_around_it(
    met: Meeting,
) -> None:
    met.post("one")
    line = await met.line()
    stream, _, _ = await line.request()
    block = line.block((":status", "503"), ("retry-after", "7"), ("date", "today"))
    begin, rest = HeadersFrame(stream, block[:3]), ContinuationFrame(stream, block[3:])
    begin.flags.add("PRIORITY")
    rest.flags.add("END_HEADERS")
    padded = DataFrame(stream, b"lat", pad_length=9)
    padded.flags.add("PADDED")
    trailers = HeadersFrame(stream, line.block(("x-trailer", "1")))
    trailers.flags |= {"END_HEADERS", "END_STREAM"}

    line.send(line.head(stream, 103), begin, rest, unknown_frame(stream), padded)
    line.send(DataFrame(stream, b"er"), unknown_frame(0), trailers)

    assert await met.told.of("one") == [Reply(503, b"later", "7", FIELDS)]


async def test_a_long_reply_is_let_in_and_only_its_beginning_kept(met: Meeting) -> None:
    met.post("one")
    line = await met.line()
    stream, _, _ = await line.request()
    line.send(line.head(stream, 500))

    for _ in range(20):
        line.send(DataFrame(stream, b"x" * 16_000))
    widened: WindowUpdateFrame = await line.next(WindowUpdateFrame)
    line.send(last_data(stream, b"end"))

    assert widened.stream_id in {0, stream}
    assert await met.told.of("one") == [Reply(500, b"x" * REPLY_BYTES_KEPT, None, FIELDS)]


def of_our_stream(*fields: tuple[str, str]) -> Callable[[Line], list[Frame]]:
    def made(line: Line) -> list[Frame]:
        frame = HeadersFrame(1, line.block(*fields))
        frame.flags |= {"END_HEADERS", "END_STREAM"}
        return [frame]

    return made


def data_before_the_head(_: Line) -> list[Frame]:
    return [last_data(1, b"{}")]


def two_heads(line: Line) -> list[Frame]:
    return [line.head(1, 200), line.head(1, 200)]


def a_window_beyond_the_most(line: Line) -> list[Frame]:
    return [WindowUpdateFrame(1, 2**31 - 1), line.head(1, 99)]


@pytest.mark.parametrize(
    "malformed",
    [
        of_our_stream(("date", "today")),
        of_our_stream((":status", "20x")),
        of_our_stream((":status", "101")),
        of_our_stream((":status", "100")),
        of_our_stream((":status", "200"), (":status", "200")),
        of_our_stream((":status", "200"), ("Date", "today")),
        of_our_stream((":status", "200"), ("connection", "close")),
        of_our_stream((":status", "200"), ("x", "a\r\nb: c")),
        of_our_stream((":status", "200"), ("content-length", "5")),
        of_our_stream((":status", "200"), ("content-length", "0"), ("content-length", "1")),
        data_before_the_head,
        two_heads,
        a_window_beyond_the_most,
    ],
)
async def test_a_reply_that_is_none_fails_its_request_alone(
    met: Meeting, malformed: Callable[[Line], list[Frame]]
) -> None:
    met.post("one", "two")
    line = await met.line()
    await line.request()
    second, _, _ = await line.request()

    line.send(*malformed(line))
    line.answer(second)

    assert await met.told.of("one", "two") == [Failed("BROKEN_PROTOCOL_ERROR"), OK]
    reset: RstStreamFrame = await line.next(RstStreamFrame)
    assert reset.stream_id == 1


def raw(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return (
        len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload
    )


@pytest.mark.parametrize(
    ("bytes_sent", "code"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", ErrorCode.FRAME_SIZE_ERROR),
        (raw(0, 0, 0, b"x"), ErrorCode.PROTOCOL_ERROR),
        (raw(0, 0, 2, b"x"), ErrorCode.PROTOCOL_ERROR),
        (raw(0, 0, 5, b"x"), ErrorCode.PROTOCOL_ERROR),
        (raw(0, 8, 1, b"\x05xx"), ErrorCode.PROTOCOL_ERROR),
        (raw(1, 0x24, 1, b"xx"), ErrorCode.FRAME_SIZE_ERROR),
        (raw(1, 4, 1, b"\xbe"), ErrorCode.COMPRESSION_ERROR),
        (raw(1, 4, 1, b"\x3f\xe1\x1f\x88"), ErrorCode.COMPRESSION_ERROR),
        (raw(1, 0, 1, b"\x88") + raw(0, 0, 1, b""), ErrorCode.PROTOCOL_ERROR),
        (raw(1, 0, 1, b"\x88") + raw(9, 0, 1, b""), ErrorCode.ENHANCE_YOUR_CALM),
        (
            raw(1, 0, 1, b"x" * 16_384) + raw(9, 0, 1, b"x" * 16_384) * 2,
            ErrorCode.ENHANCE_YOUR_CALM,
        ),
        (raw(9, 4, 1, b"\x88"), ErrorCode.PROTOCOL_ERROR),
        (raw(2, 0, 0, bytes(5)), ErrorCode.PROTOCOL_ERROR),
        (raw(2, 0, 1, bytes(4)), ErrorCode.FRAME_SIZE_ERROR),
        (raw(3, 0, 1, bytes(3)), ErrorCode.FRAME_SIZE_ERROR),
        (raw(3, 0, 7, bytes(4)), ErrorCode.PROTOCOL_ERROR),
        (raw(4, 0, 1, b""), ErrorCode.PROTOCOL_ERROR),
        (raw(4, 0, 0, bytes(5)), ErrorCode.FRAME_SIZE_ERROR),
        (raw(4, 1, 0, bytes(6)), ErrorCode.FRAME_SIZE_ERROR),
        (raw(4, 0, 0, b"\0\x02\0\0\0\x01"), ErrorCode.PROTOCOL_ERROR),
        (raw(4, 0, 0, b"\0\x04\xff\xff\xff\xff"), ErrorCode.FLOW_CONTROL_ERROR),
        (raw(4, 0, 0, b"\0\x05\0\0\0\x01"), ErrorCode.PROTOCOL_ERROR),
        (PushPromiseFrame(1, 2).serialize(), ErrorCode.PROTOCOL_ERROR),
        (raw(6, 0, 0, bytes(7)), ErrorCode.FRAME_SIZE_ERROR),
        (raw(6, 0, 1, bytes(8)), ErrorCode.PROTOCOL_ERROR),
        (raw(7, 0, 0, bytes(7)), ErrorCode.FRAME_SIZE_ERROR),
        (raw(7, 0, 1, bytes(8)), ErrorCode.PROTOCOL_ERROR),
        (raw(8, 0, 0, bytes(4)), ErrorCode.PROTOCOL_ERROR),
        (raw(8, 0, 0, b"\x7f\xff\xff\xff"), ErrorCode.FLOW_CONTROL_ERROR),
        (raw(8, 0, 0, bytes(3)), ErrorCode.FRAME_SIZE_ERROR),
        (raw(0xEE, 0, 0, bytes(16_385)), ErrorCode.FRAME_SIZE_ERROR),
    ],
)
async def test_a_peer_that_breaks_the_rules_is_left_and_told_why(
    met: Meeting, bytes_sent: bytes, code: ErrorCode
) -> None:
    met.post("one")
    line = await met.line()
    await line.request()

    line.send_bytes(bytes_sent)

    assert await met.told.of("one") == [Failed(f"BROKEN_{code.name}")]
    assert (await line.until_closed()).endswith(raw(7, 0, 0, bytes(4) + code.to_bytes(4, "big")))


async def test_what_takes_too_long_is_told_and_taken_off_the_connection() -> None:
    async with meeting(seconds_at_most=0.4) as met:
        met.post("one")
        line = await met.line()
        stream, _, _ = await line.request()
        line.send(PingFrame(opaque_data=b"I'm here"))

        came = await met.told.of("one")

        assert came == [TIMED_OUT]
        reset: RstStreamFrame = await line.next(RstStreamFrame)
        assert (reset.stream_id, reset.error_code) == (stream, ErrorCode.CANCEL)


async def test_a_peer_that_says_nothing_at_all_is_waited_for_no_longer() -> None:
    async with meeting(seconds_at_most=0.4) as met:
        met.post("one", "two")

        assert await met.told.of("one", "two") == [TIMED_OUT, TIMED_OUT]


async def test_who_is_dropped_is_told_nothing(met: Meeting) -> None:
    met.post("one")
    line = await met.line()
    stream, _, _ = await line.request()

    met.posts.drop(met.told)

    reset: RstStreamFrame = await line.next(RstStreamFrame)
    assert (reset.stream_id, reset.error_code) == (stream, ErrorCode.CANCEL)
    line.answer(stream)
    met.posts.post(FIELDS, b"{}", met.told, "later")
    later, _, _ = await line.request()
    line.answer(later)
    assert await met.told.of("later") == [OK]
    assert list(met.told.came) == ["later"]


async def test_whoever_waits_at_the_end_is_told(met: Meeting) -> None:
    met.post("one")
    line = await met.line()
    await line.request()
    met.post("two")

    await met.posts.close()

    assert met.told.came == {"one": CLOSED, "two": CLOSED}
    assert (await line.until_closed()).endswith(raw(7, 0, 0, bytes(8)))


async def test_a_reply_before_the_body_is_out_ends_the_body(met: Meeting) -> None:
    met.post("one", body=b"x" * 20)
    line = await met.line(INITIAL_WINDOW_SIZE=10)
    headers: HeadersFrame = await line.next(HeadersFrame)
    await line.next(DataFrame)

    line.answer(headers.stream_id, 413)

    reset: RstStreamFrame = await line.next(RstStreamFrame)
    assert reset.error_code == ErrorCode.NO_ERROR
    assert await met.told.of("one") == [Reply(413, b"{}", None, FIELDS)]


class Unread(asyncio.Transport):
    """A transport whose peer reads nothing: it is told to pause at once."""

    def __init__(self) -> None:
        super().__init__()
        self.is_aborted = False

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep nothing."""

    @override
    def is_closing(self) -> bool:
        return self.is_aborted

    @override
    def abort(self) -> None:
        self.is_aborted = True


class Telling:
    """Implements Pool: keeps what became of requests."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Reply | Failed]] = []
        self.losses = 0

    def block_of(self, request: Request[str]) -> RequestBlock:
        return RequestBlock(urlsplit("http://a/b"), request.headers)

    def ended(self, request: Request[str], came: Reply | Failed) -> None:
        self.told.append((request.about, came))

    def refused(self, request: Request[str]) -> None:
        raise AssertionError(request.about)

    def has_room(self) -> None:
        """Have nothing to send."""

    def lost(self, connection: Connection[str]) -> None:
        self.losses += 1


async def test_a_peer_who_reads_no_answers_is_left_and_who_waits_is_told() -> None:
    pool, transport = Telling(), Unread()
    connection = Connection[str](pool)
    connection.connection_made(transport)
    connection.data_received(raw(4, 0, 0, b""))
    requests = [Request(FIELDS, b"{}", Told(), name, 0.0) for name in ("one", "two")]
    connection.post(requests)
    connection.pause_writing()
    connection.data_received(raw(6, 0, 0, bytes(8)) * (ANSWERS_AT_MOST - 1))
    assert not transport.is_aborted

    connection.give_up(requests[0])
    await asyncio.sleep(0)

    assert transport.is_aborted
    assert pool.told == [("two", Failed("BROKEN_ENHANCE_YOUR_CALM"))]
    assert pool.losses == 1
