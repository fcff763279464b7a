"""Something derived from the store, kept in memory and made anew when the store has moved on."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from api.kit.clock import Clock

FRESH_FOR = timedelta(seconds=2)
"""So long a copy is given without a look at the store."""

Copy = TypeVar("Copy")


class FreshCopy(Generic[Copy]):
    """`refreshed` gets the latest copy, None at first, and returns it or a newer one."""

    def __init__(self, refreshed: Callable[[Copy | None], Awaitable[Copy]], clock: Clock) -> None:
        self._refreshed = refreshed
        self._clock = clock
        self._building = asyncio.Lock()
        self._latest: Copy | None = None
        self._checked_at: datetime | None = None

    async def current(self) -> Copy:
        """Return it at once if it is fresh; while another request builds a new one, the old one is good enough."""
        latest = self._latest
        if latest is not None and (self._is_fresh() or self._building.locked()):
            return latest
        async with self._building:
            if self._latest is None or not self._is_fresh():
                self._latest = await self._refreshed(self._latest)
                self._checked_at = self._clock()
            return self._latest

    def _is_fresh(self) -> bool:
        return self._checked_at is not None and self._clock() < self._checked_at + FRESH_FOR
