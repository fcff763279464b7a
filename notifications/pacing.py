"""How the loops of a worker wait: between looks, before another try, and for a store that is away."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from api.kit.store import StoreError

BACK_OFF_AT_MOST = timedelta(seconds=60)
INSISTENCE_SECONDS = 10.0
_INSISTENCE_PAUSE_SECONDS = 0.2


def back_off(attempt: int) -> timedelta:
    """Return 0.5 to 1 s after the first try, doubling up to a minute."""
    longest = min(timedelta(seconds=2 ** min(attempt - 1, 10)), BACK_OFF_AT_MOST)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait about so long, or until `stop` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter


async def insist(step: Callable[[], Awaitable[None]]) -> None:
    """Try `step` again while the store is unavailable: what is not noted would be sent twice."""
    end = asyncio.get_running_loop().time() + INSISTENCE_SECONDS
    while True:
        try:
            return await step()
        except StoreError:
            if asyncio.get_running_loop().time() >= end:
                raise
        await asyncio.sleep(_INSISTENCE_PAUSE_SECONDS)
