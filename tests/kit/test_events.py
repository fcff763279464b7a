import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from api.kit.events import Events
from api.kit.store import Store
from tests.conftest import MovableClock

WAIT_SECONDS = 60


async def hear(stream: AsyncGenerator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    return [await asyncio.wait_for(anext(stream), WAIT_SECONDS) for _ in range(count)]


async def until(condition: Callable[[], bool]) -> None:
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0)


async def listening(events: Events, topic: str, count: int) -> "asyncio.Task[list[dict[str, Any]]]":
    """Return a task that hears `count` events, once it is sure to miss none."""

    async def listen() -> list[dict[str, Any]]:
        async with aclosing(events.listen(topic)) as stream:
            return await hear(stream, count)

    before = events.listener_count
    task = asyncio.create_task(listen())
    await until(lambda: events.listener_count > before)
    return task


async def test_a_listener_hears_its_topic_in_order(store: Store, clock: MovableClock) -> None:
    events = Events(store, clock)
    heard = await listening(events, "alerts", 3)

    for number in range(3):
        await events.publish("alerts", {"number": number})
        await events.publish("roads", {"number": -1})

    assert await heard == [{"number": 0}, {"number": 1}, {"number": 2}]
    await events.close()


async def test_a_listener_hears_another_process(store: Store, clock: MovableClock) -> None:
    here, there = Events(store, clock), Events(store, clock)
    heard = await listening(here, "alerts", 1)

    await there.publish("alerts", {"id": "a"})

    assert await heard == [{"id": "a"}]
    await here.close()


async def test_what_was_rolled_back_is_not_heard(store: Store, clock: MovableClock) -> None:
    events = Events(store, clock)
    heard = await listening(events, "alerts", 1)

    async def publish_and_fail() -> None:
        async with store.transaction():
            await events.publish("alerts", {"id": "never"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await publish_and_fail()
    await events.publish("alerts", {"id": "after"})

    assert await heard == [{"id": "after"}]
    await events.close()


async def test_what_came_before_is_not_heard(store: Store, clock: MovableClock) -> None:
    events = Events(store, clock)
    await events.publish("alerts", {"id": "before"})
    heard = await listening(events, "alerts", 1)

    await events.publish("alerts", {"id": "after"})

    assert await heard == [{"id": "after"}]
    await events.close()


async def test_closing_ends_every_listener(store: Store, clock: MovableClock) -> None:
    events = Events(store, clock)
    stream = events.listen("alerts")
    first = asyncio.ensure_future(anext(stream, None))
    await until(lambda: events.listener_count > 0)

    await events.close()

    assert await asyncio.wait_for(first, WAIT_SECONDS) is None
