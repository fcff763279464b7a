"""How late the event loop is: what blocks it makes every request, and every push, wait."""

import asyncio
from asyncio import CancelledError
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from prometheus_client import CollectorRegistry, Histogram

EVERY_SECONDS = 0.25
_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


@asynccontextmanager
async def watching_the_loop(registry: CollectorRegistry) -> AsyncGenerator[None]:
    """Measure in the background while the block lasts."""
    lag = Histogram(
        "laocai_loop_lag_seconds",
        "By how much the event loop came late to a timer.",
        buckets=_BUCKETS,
        registry=registry,
    )
    watching = asyncio.create_task(_watch(lag))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(CancelledError):
            await watching


async def _watch(lag: Histogram) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY_SECONDS
        await asyncio.sleep(EVERY_SECONDS)
        lag.observe(max(0.0, loop.time() - due))
