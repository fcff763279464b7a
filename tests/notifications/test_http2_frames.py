"""Frames and header fields as bytes: compared with hyperframe and hpack, and cut anywhere."""

from urllib.parse import urlsplit

import pytest
from hpack import Decoder, Encoder
from hyperframe.frame import Frame as Hyperframe
from hypothesis import given
from hypothesis import strategies as st

from notifications.senders import http2_frames as frames
from notifications.senders.http2_fields import Head, HeadReader, Malformed, RequestBlock
from notifications.senders.http2_frames import ConnectionBroken, FrameReader

SOME = st.lists(
    st.tuples(
        st.integers(0, 255), st.integers(0, 255), st.integers(0, 2**31 - 1), st.binary(max_size=60)
    ),
    max_size=8,
)
URL = urlsplit("https://user@fcm.example:8443/v1/projects/a/messages:send")
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=300)


def written(some: list[frames.Frame]) -> bytes:
    return b"".join(
        frames.head(kind, flags, stream, len(payload)) + payload
        for kind, flags, stream, payload in some
    )


@given(SOME, st.lists(st.integers(1, 40)))
def test_frames_are_read_alike_however_they_are_cut(
    some: list[frames.Frame], cuts: list[int]
) -> None:
    reader, data, read = FrameReader(), written(some), list[frames.Frame]()
    for cut in cuts:
        read += reader.read(data[:cut])
        data = data[cut:]

    read += reader.read(data)

    assert read == some


@given(st.binary(max_size=40_000), st.integers(1, 2**31 - 1))
def test_a_block_is_cut_into_frames_that_others_read(block: bytes, stream: int) -> None:
    data = b"".join(frames.header_frames(stream, block))

    pieces, flags = b"", list[set[str]]()
    while data:
        frame, length = Hyperframe.parse_frame_header(memoryview(data[:9]))
        frame.parse_body(memoryview(data[9 : 9 + length]))
        assert (frame.stream_id, length <= frames.FRAME_BYTES_AT_MOST) == (stream, True)
        pieces += frame.data  # type: ignore[attr-defined]
        flags.append(set(frame.flags))
        data = data[9 + length :]
    assert pieces == block
    assert flags == [set()] * (len(flags) - 1) + [{"END_HEADERS"}]


def test_a_frame_longer_than_we_take_breaks_the_connection() -> None:
    with pytest.raises(ConnectionBroken, match="FRAME_SIZE_ERROR"):
        list(FrameReader().read(frames.head(0, 0, 1, frames.FRAME_BYTES_AT_MOST + 1)))


@given(VALUES, st.integers(0, 10**9))
def test_fields_of_a_request_mean_the_same_to_others(value: str, length: int) -> None:
    block = RequestBlock(URL, (("authorization", value),)).of(length)

    decoder = Decoder()

    for _ in range(2):
        assert [(str(name), str(value)) for name, value in decoder.decode(block)] == [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", "fcm.example:8443"),
            (":path", "/v1/projects/a/messages:send"),
            ("authorization", value),
            ("content-length", str(length)),
        ]


def encoded(*fields: tuple[str, str]) -> bytes:
    encoder = Encoder()
    encoder.header_table_size = 0
    return encoder.encode(fields)


def test_the_head_of_a_reply_is_read_the_same_each_time() -> None:
    reader = HeadReader()
    block = encoded((":status", "429"), ("retry-after", "30"), ("content-length", "12"))

    assert [reader.read(block) for _ in range(3)] == [Head(429, "30", 12)] * 3


def test_a_table_that_we_do_not_allow_breaks_the_connection() -> None:
    reader, encoder = HeadReader(), Encoder()
    reader.read(encoder.encode([(":status", "200"), ("x-new", "1")]))

    with pytest.raises(ConnectionBroken, match="COMPRESSION_ERROR"):
        reader.read(encoder.encode([(":status", "200"), ("x-new", "1")]))


def test_more_fields_than_we_take_break_the_connection() -> None:
    with pytest.raises(ConnectionBroken, match="COMPRESSION_ERROR"):
        HeadReader().read(encoded((":status", "200"), *((f"x-{n}", "y" * 900) for n in range(40))))


@pytest.mark.parametrize("value", ["", "1" * 19, "-1", "1.5", "٣"])
def test_a_length_that_is_no_number_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        HeadReader().read(encoded((":status", "200"), ("content-length", value)))
