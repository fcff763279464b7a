"""A value from elsewhere, fetched once for all who need it, and not asked for in haste."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from api.accounts.sign_in.errors import ProviderUnavailable
from api.kit.clock import Clock

Value = TypeVar("Value")

PAUSE = timedelta(seconds=10)
"""Between two fetches: a failure counts for all who ask meanwhile."""


class Remembered(Generic[Value]):
    """`fetch` raises ProviderUnavailable; what it returned holds for `holds_for`."""

    def __init__(
        self, fetch: Callable[[], Awaitable[Value]], holds_for: timedelta, clock: Clock
    ) -> None:
        self._fetch = fetch
        self._holds_for = holds_for
        self._clock = clock
        self._lock = asyncio.Lock()
        self._value: Value | None = None
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None

    async def value(self) -> Value:
        """Return it as it was not too long ago. Raises ProviderUnavailable."""
        if (kept := self._kept()) is not None:
            return kept  # without waiting for a fetch that only somebody else needs
        async with self._lock:
            kept = self._kept()
            return await self._fetched() if kept is None else kept

    async def newer_value(self) -> Value:
        """Return it as it is now, or was within PAUSE. Raises ProviderUnavailable."""
        async with self._lock:
            if self._value is not None and self._is_within(PAUSE, self._tried_at):
                return self._value
            return await self._fetched()

    def _kept(self) -> Value | None:
        return self._value if self._is_within(self._holds_for, self._fetched_at) else None

    async def _fetched(self) -> Value:
        now = self._clock()
        if self._tried_at is not None and self._is_within(PAUSE, self._tried_at):
            rest = self._tried_at + PAUSE - now
            raise ProviderUnavailable(max(1, int(rest.total_seconds())))
        self._tried_at = now
        value = await self._fetch()
        self._value, self._fetched_at = value, now
        return value

    def _is_within(self, age: timedelta, moment: datetime | None) -> bool:
        # A clock that was set back must not keep what was fetched in the future.
        return moment is not None and timedelta() <= self._clock() - moment < age
