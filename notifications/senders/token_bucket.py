"""A quota kept by waiting: so many a second, and no more than one second's worth at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class TokenBucket:
    """The generic cell rate algorithm (ITU-T I.371): one number says when the next may go."""

    def __init__(
        self,
        per_minute: int,
        now_seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`sleep`: waits so many seconds of `now_seconds`."""
        self._interval = 60 / per_minute
        self._now = now_seconds
        self._sleep = sleep
        self._next = now_seconds()

    def worth(self, seconds: float) -> int:
        """Return how many the quota gives in so many seconds, 1 at least."""
        return max(1, int(seconds / self._interval))

    def reserve(self, count: int = 1) -> float:
        """Take so many, and return how many seconds to wait before using them."""
        now = self._now()
        self._next = max(self._next, now - 1) + count * self._interval
        return max(0.0, self._next - self._interval - now)

    async def take(self, count: int) -> None:
        """Take so many, and wait until they are within the quota. Whoever asks first is served first."""
        if (wait := self.reserve(count)) > 0:
            await self._sleep(wait)
