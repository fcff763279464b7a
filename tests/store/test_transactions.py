"""Blocks that commit whole or not at all, and who belongs to them."""

import asyncio
from typing import Any

import pytest

from api.kit.store import (
    Collection,
    CollectionSpec,
    DuplicateKey,
    Index,
    Store,
    StoreError,
    UnsupportedOperator,
)
from api.kit.store.values import Value
from tests.store.conftest import Opener

THINGS = CollectionSpec("things", (Index(("key",), unique=True), Index(("tags",), many=True)))


@pytest.fixture
async def store(open_store: Opener) -> Store:
    return await open_store(THINGS)


@pytest.fixture
def things(store: Store) -> Collection:
    return store[THINGS]


def thing(name: str, **fields: Value) -> dict[str, Any]:
    return {"_id": name, "key": name, **fields}


class Stop(Exception):
    """Raised by a block on purpose."""


async def test_a_block_commits_all_it_did(store: Store, things: Collection) -> None:
    await things.insert(thing("a", n=1))

    async with store.transaction():
        await things.insert(thing("b", n=1))
        await things.update_many({}, {"$inc": {"n": 1}})
        await things.delete_one({"_id": "a"})

    assert await things.find({}) == [thing("b", n=2)]


async def test_a_block_that_raises_leaves_no_trace(store: Store, things: Collection) -> None:
    before = thing("a", n=1, tags=["x"], version=1)
    await things.insert(before)

    with pytest.raises(Stop):  # noqa: PT012
        async with store.transaction():
            await things.insert(thing("b"))
            await things.insert_many([thing("c"), thing("d", tags=["x"])])
            await things.update_one({"_id": "a"}, {"$inc": {"n": 1}, "$push": {"tags": "y"}})
            await things.upsert(thing("e"))
            await things.replace_if_version({"_id": "a", "key": "z"}, 1)
            await things.delete_many({"_id": {"$gte": "c"}})
            raise Stop

    assert await things.find({}) == [before]
    assert await things.count({"tags": "x"}) == 1
    assert await things.count({"tags": "y"}) == 0


async def test_a_cancelled_block_leaves_no_trace(store: Store, things: Collection) -> None:
    reached = asyncio.Event()

    async def block() -> None:
        async with store.transaction():
            await things.insert(thing("a"))
            reached.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(block())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await things.find({}) == []
    await things.insert(thing("b"))
    assert await things.count({}) == 1


async def test_blocks_cancelled_at_any_moment_leave_no_trace(
    store: Store, things: Collection
) -> None:
    async def block(number: int) -> None:
        async with store.transaction():
            await things.insert(thing(f"{number}-first"))
            await things.insert(thing(f"{number}-second"))

    for number in range(30):
        task = asyncio.create_task(block(number))
        for _ in range(number):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    ids = [document["_id"] for document in await things.find({})]
    assert [key.split("-")[0] for key in ids[::2]] == [key.split("-")[0] for key in ids[1::2]]
    async with asyncio.timeout(20), store.transaction():
        await things.insert(thing("after"))


async def test_a_block_reads_what_it_wrote_and_others_do_not(
    store: Store, things: Collection
) -> None:
    wrote, read = asyncio.Event(), asyncio.Event()

    async def block() -> None:
        async with store.transaction():
            await things.insert(thing("a", tags=["x"]))
            assert await things.get("a") is not None
            assert await things.find_one({"tags": "x"}) is not None
            assert await things.count({}) == 1
            assert await things.count_by("key", {}) == {"a": 1}
            wrote.set()
            await read.wait()

    task = asyncio.create_task(block())
    await wrote.wait()
    assert await things.get("a") is None
    assert await things.find({"tags": "x"}) == []
    assert await things.count({}) == 0
    read.set()
    await task
    assert await things.count({"tags": "x"}) == 1


async def test_a_block_inside_a_block_joins_it(store: Store, things: Collection) -> None:
    with pytest.raises(Stop):  # noqa: PT012
        async with store.transaction():
            await things.insert(thing("a"))
            async with store.transaction():
                await things.insert(thing("b"))
            assert await things.count({}) == 2
            raise Stop

    assert await things.find({}) == []


async def test_an_inner_block_that_fails_fails_the_outer(store: Store, things: Collection) -> None:
    with pytest.raises(StoreError):  # noqa: PT012
        async with store.transaction():
            await things.insert(thing("a"))
            with pytest.raises(Stop):  # noqa: PT012
                async with store.transaction():
                    await things.insert(thing("b"))
                    raise Stop

    assert await things.find({}) == []


async def test_a_duplicate_may_be_caught_inside(store: Store, things: Collection) -> None:
    await things.insert(thing("a"))

    async with store.transaction():
        await things.insert(thing("b"))
        for taken in (thing("a"), thing("b"), thing("c", key="a")):
            with pytest.raises(DuplicateKey):
                await things.insert(taken)
        with pytest.raises(DuplicateKey) as refused:
            await things.insert_many([thing("d"), thing("e", key="b")])
        with pytest.raises(DuplicateKey):
            await things.insert_many([thing("d"), thing("e"), thing("f", key="e")])
        await things.insert(thing("g"))

    assert refused.value.fields == ("key",)
    assert [document["_id"] for document in await things.find({})] == ["a", "b", "g"]


async def test_another_error_ends_the_block_even_when_swallowed(
    store: Store, things: Collection
) -> None:
    await things.insert_many([thing("a"), thing("b", n="text")])

    with pytest.raises(StoreError):  # noqa: PT012
        async with store.transaction():
            await things.insert(thing("c"))
            with pytest.raises(UnsupportedOperator):
                await things.update_one({"_id": "b"}, {"$inc": {"n": 1}})
            with pytest.raises(StoreError):
                await things.get("a")

    assert [document["_id"] for document in await things.find({})] == ["a", "b"]


async def test_what_was_never_sent_ends_nothing(store: Store, things: Collection) -> None:
    async with store.transaction():
        await things.insert(thing("a"))
        with pytest.raises(UnsupportedOperator):
            await things.insert(thing("b", n=float("nan")))
        with pytest.raises(UnsupportedOperator):
            await things.find({"$nor": []})

    assert await things.find({}) == [thing("a")]


async def test_a_task_started_inside_is_refused_until_the_block_ends(
    store: Store, things: Collection
) -> None:
    ended = asyncio.Event()

    async def insert_afterwards() -> None:
        await ended.wait()
        await things.insert(thing("late"))

    async with store.transaction():
        later = asyncio.create_task(insert_afterwards())
        for call in (things.get("a"), things.insert(thing("a"))):
            with pytest.raises(StoreError):
                await asyncio.gather(call)
        await things.insert(thing("b"))
    ended.set()
    await later

    assert [document["_id"] for document in await things.find({})] == ["b", "late"]


async def test_other_tasks_are_no_part_of_the_block(store: Store, things: Collection) -> None:
    started, stop = asyncio.Event(), asyncio.Event()

    async def other() -> None:
        await started.wait()
        await things.insert(thing("other"))

    async def block() -> None:
        async with store.transaction():
            await things.insert(thing("mine"))
            started.set()
            await stop.wait()
            raise Stop

    beside = asyncio.create_task(other())
    inside = asyncio.create_task(block())
    await started.wait()
    await asyncio.wait([beside], timeout=0.05)
    stop.set()
    with pytest.raises(Stop):
        await inside
    await beside

    assert [document["_id"] for document in await things.find({})] == ["other"]


async def test_a_block_without_calls_is_nothing(store: Store, things: Collection) -> None:
    async with store.transaction():
        pass

    assert await things.count({}) == 0


async def test_a_timeout_inside_ends_the_block(store: Store, things: Collection) -> None:
    with pytest.raises(TimeoutError):  # noqa: PT012
        async with store.transaction():
            await things.insert(thing("a"))
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()

    assert await things.find({}) == []
