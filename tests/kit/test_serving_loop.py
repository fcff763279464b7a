"""What goes first on the event loop: answers for which others wait outside of it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from api.kit.serving_loop import ServingLoop
from api.kit.store import CollectionSpec
from api.kit.store.sqlite import SqliteStore
from api.kit.store.sqlite_threads import Answer, deliver

SEATS = CollectionSpec("seats")
LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def ran(factory: LoopFactory, work: Callable[[], Awaitable[list[str]]]) -> list[str]:
    async def main() -> list[str]:
        return await work()

    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main())


def test_what_is_called_first_goes_before_what_waits_and_so_does_whom_it_wakes() -> None:
    async def work() -> list[str]:
        order: list[str] = []
        loop = asyncio.get_running_loop()
        assert isinstance(loop, ServingLoop)
        answer: asyncio.Future[str] = loop.create_future()
        loop.call_soon(order.append, "waited")
        loop.call_first_threadsafe(answer.set_result, "answered")
        order.append(await answer)
        await asyncio.sleep(0)
        return order

    assert ran(ServingLoop, work) == ["answered", "waited"]


def test_a_loop_that_sleeps_is_woken_from_a_thread() -> None:
    async def work() -> list[str]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, ServingLoop)
        answer: asyncio.Future[str] = loop.create_future()
        threading.Timer(0.05, loop.call_first_threadsafe, (answer.set_result, "woken")).start()
        async with asyncio.timeout(10):
            return [await answer]

    assert ran(ServingLoop, work) == ["woken"]


@pytest.mark.parametrize(
    ("factory", "order"),
    [
        pytest.param(ServingLoop, ["step", "others"], id="transactions go first"),
        pytest.param(asyncio.SelectorEventLoop, ["others", "step"], id="control"),
    ],
)
def test_a_step_of_a_transaction_goes_before_whatever_else_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factory: LoopFactory, order: list[str]
) -> None:
    delivered = threading.Semaphore(0)

    def delivering(answers: Sequence[Answer], *, first: bool = False) -> None:
        deliver(answers, first=first)
        delivered.release()

    async def work() -> list[str]:
        seen: list[str] = []
        store = SqliteStore(tmp_path / "seats.db")
        await store.open([SEATS])
        async with store.transaction():
            delivered.acquire(timeout=10)  # of its beginning
            loop = asyncio.get_running_loop()
            loop.call_soon(lambda: delivered.acquire(timeout=10))  # busy until the answer is there
            loop.call_soon(lambda: loop.call_soon(seen.append, "others"))
            await store[SEATS].get("a")
            seen.append("step")
        await store.close()
        return seen

    monkeypatch.setattr("api.kit.store.sqlite_writer.deliver", delivering)

    assert ran(factory, work) == order
