"""Which transaction a call belongs to: the rules of `Store.transaction()`, for both engines."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from api.kit.store.contract import StoreError


class Handle(Protocol):
    """What an engine holds for an open transaction."""

    async def commit(self) -> None: ...

    async def roll_back(self) -> None: ...


H = TypeVar("H", bound=Handle)


async def finished(ending: "asyncio.Future[None]") -> None:
    """Wait until a commit or a rollback is done, even when cancelled meanwhile."""
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await asyncio.wait([ending])
        if not ending.cancelled():
            ending.exception()  # looked at: the cancellation is what the caller hears of
        raise


@dataclass(slots=True)
class OpenTransaction(Generic[H]):
    handle: H
    task: "asyncio.Task[object] | None"
    failure: BaseException | None = None
    is_open: bool = True

    @contextmanager
    def failing_on_error(self, spared: tuple[type[StoreError], ...] = ()) -> Generator[None]:
        """Fail the transaction when a call that was sent fails, unless with an error to spare."""
        try:
            yield
        except spared:
            raise
        except BaseException as error:
            self.failure = error
            raise


class Transactions(Generic[H]):
    """The transaction of the running task, if it is inside a block."""

    def __init__(self) -> None:
        self._current: ContextVar[OpenTransaction[H] | None] = ContextVar(
            "store_transaction", default=None
        )

    def current(self) -> OpenTransaction[H] | None:
        """Return the open transaction of this task; raises StoreError where there can be none."""
        opened = self._current.get()
        if opened is None or not opened.is_open:
            return None
        if opened.task is not asyncio.current_task():
            raise StoreError("a task started inside a transaction waits until the block ends")
        if opened.failure is not None:
            raise StoreError("this transaction has failed before") from opened.failure
        return opened

    @asynccontextmanager
    async def joined(self, opened: OpenTransaction[H]) -> AsyncGenerator[None]:
        """Join the outer block: when the inner one fails, so does the outer."""
        try:
            yield
        except BaseException as error:
            opened.failure = opened.failure or error
            raise

    @asynccontextmanager
    async def begun(self, handle: H) -> AsyncGenerator[None]:
        """Be the outer block, of a transaction that has begun."""
        opened = OpenTransaction(handle, asyncio.current_task())
        token = self._current.set(opened)
        try:
            yield
            if opened.failure is not None:
                raise StoreError("this transaction has failed before") from opened.failure
        except BaseException:
            with suppress(StoreError):  # it has ended already, without a trace
                await handle.roll_back()
            raise
        else:
            await handle.commit()
        finally:
            opened.is_open = False
            self._current.reset(token)
