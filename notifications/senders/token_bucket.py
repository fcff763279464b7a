"""A quota kept by waiting: so many a second, and no more than one second's worth at once."""

import asyncio
import time
from collections.abc import Callable


class TokenBucket:
    """The generic cell rate algorithm (ITU-T I.371): one number says when the next may go."""

    def __init__(self, per_minute: int, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._interval = 60 / per_minute
        self._now = now_seconds
        self._next = now_seconds()

    def reserve(self) -> float:
        """Take one, and return how many seconds to wait before using it."""
        now = self._now()
        self._next = max(self._next, now - 1) + self._interval
        return max(0.0, self._next - self._interval - now)

    async def take(self) -> None:
        """Wait until one more is within the quota."""
        if (wait := self.reserve()) > 0:
            await asyncio.sleep(wait)
