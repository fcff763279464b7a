"""Whole-transaction retry, for engines that detect conflicts instead of waiting for a lock."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.kit.store import Store, WriteConflict

Result = TypeVar("Result")

ATTEMPTS_AT_MOST = 8
_FIRST_PAUSE_SECONDS = 0.005


async def transact(store: Store, work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` in one transaction, again from its start when another transaction was faster.

    `work` may run several times, so it must have no effect outside the store. Raises WriteConflict
    after `ATTEMPTS_AT_MOST` lost races.
    """
    for attempt in range(1, ATTEMPTS_AT_MOST):
        try:
            async with store.transaction():
                return await work()
        except WriteConflict:
            pause = _FIRST_PAUSE_SECONDS * 2**attempt
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, not a secret
    async with store.transaction():
        return await work()
