"""Whole-transaction retry, for engines that detect conflicts instead of waiting for a lock."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

from api.kit.store import Store, WriteConflict

Result = TypeVar("Result")

ATTEMPTS_AT_MOST = 8
_FIRST_PAUSE_SECONDS = 0.005

_Owner = tuple[Store, "asyncio.Task[object] | None"]
_owner: ContextVar[_Owner | None] = ContextVar("transact_owner", default=None)


async def transact(store: Store, work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` in one transaction, again from its start when another transaction was faster.

    `work` may run several times, so it must have no effect outside the store. Inside the work of
    another `transact` it joins that one, which alone can begin anew. Raises WriteConflict after
    `ATTEMPTS_AT_MOST` lost races.
    """
    owner = (store, asyncio.current_task())
    if _owner.get() == owner:
        return await _once(store, work)
    token = _owner.set(owner)
    try:
        return await _again_on_conflict(store, work)
    finally:
        _owner.reset(token)


async def _again_on_conflict(store: Store, work: Callable[[], Awaitable[Result]]) -> Result:
    for attempt in range(1, ATTEMPTS_AT_MOST):
        try:
            return await _once(store, work)
        except WriteConflict:
            pause = _FIRST_PAUSE_SECONDS * 2**attempt
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, not a secret
    return await _once(store, work)


async def _once(store: Store, work: Callable[[], Awaitable[Result]]) -> Result:
    async with store.transaction():
        return await work()
