"""Counting in Redis, for all processes together, what subjects take of their allowances."""

import asyncio
import time
from typing import Any, Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string

from api.kit.counted_windows import Allowance, WindowsAway
from api.kit.ids import derived_id

REDIS_SECONDS: Final = 0.5
_SCHEMES: Final = ("async+redis://", "async+rediss://", "async+redis+")


class RedisWindows:
    """Counts in Redis, under digests of the subjects."""

    def __init__(self, url: str) -> None:
        if not url.startswith(_SCHEMES):
            raise ValueError("the address of Redis begins with async+redis:// or async+rediss://")
        try:
            storage = storage_from_string(
                url, wrap_exceptions=True, implementation="redispy", key_prefix="laocai"
            )
        except (ConfigurationError, ValueError):
            raise ValueError("the address of Redis cannot be read") from None  # it has a password
        assert isinstance(storage, RedisStorage)  # noqa: S101 - by its scheme
        self._storage = storage
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._client: Any = vars(storage.bridge)["storage"]

    async def take(self, kind: str, subject: str, allowance: Allowance) -> float | None:
        """Do as MemoryWindows does. Raises WindowsAway."""
        item = RateLimitItemPerSecond(allowance.times, allowance.seconds)
        key = derived_id(subject)
        try:
            async with asyncio.timeout(REDIS_SECONDS):
                if await self._limiter.hit(item, kind, key):
                    return None
                stats = await self._limiter.get_window_stats(item, kind, key)
        # A RuntimeError is what the event loop says of a connection that was closed meanwhile.
        except (StorageError, OSError, RuntimeError) as error:
            raise WindowsAway(type(error).__name__) from error
        return stats.reset_time - time.time()

    async def answers(self) -> bool:
        """Tell whether Redis answers now."""
        try:
            async with asyncio.timeout(REDIS_SECONDS):
                return await self._storage.check()
        except (StorageError, OSError, RuntimeError):
            return False

    async def close(self) -> None:
        """Close the connections, which `limits` has no way to do."""
        await self._client.aclose()
