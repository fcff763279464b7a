"""Streams of people are read in order, each person once, and handed on in pages."""

from collections.abc import AsyncGenerator

from api.kit.audience_source import ascending, in_pages


async def stream(*found: str) -> AsyncGenerator[str]:
    for one in found:
        yield one


async def test_streams_are_read_as_one_in_order_and_each_once() -> None:
    streams = [stream("a", "a", "d"), stream(), stream("b", "d", "e"), stream("a")]

    assert [one async for one in ascending(streams)] == ["a", "b", "d", "e"]


async def test_pages_are_full_but_for_the_last() -> None:
    assert [page async for page in in_pages(stream(*"abcde"), 2)] == [["a", "b"], ["c", "d"], ["e"]]


async def test_of_a_full_last_page_follows_none() -> None:
    assert [page async for page in in_pages(stream("a", "b"), 2)] == [["a", "b"]]
    assert [page async for page in in_pages(stream(), 2)] == []
