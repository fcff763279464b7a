"""How often something may be asked for, by whom: counted for all processes together, or for one.

A limit protects others from somebody; it must never be what stops a warning. When Redis is away or
slow, each process counts for itself until it is back.
"""

import random
from datetime import datetime, timedelta
from math import floor
from typing import Protocol

import structlog
from prometheus_client import Counter, Gauge

from api.kit.clock import Clock, system_clock
from api.kit.counted_windows import Allowance, MemoryWindows, WindowsAway
from api.kit.request_refusals import TooManyRequests
from api.kit.seeing import Seeing

__all__ = ["Allowance", "LimitMeters", "Limits"]

log = structlog.get_logger()

REST_SECONDS = (3.0, 6.0)
"""Between two tries to reach Redis while it is away."""
_BETWEEN_WARNINGS = timedelta(seconds=60)


class SharedWindows(Protocol):
    """What counts for all processes."""

    async def take(self, kind: str, subject: str, allowance: Allowance) -> float | None:
        """Do as MemoryWindows does. Raises WindowsAway."""
        ...

    async def answers(self) -> bool: ...

    async def close(self) -> None: ...


class LimitMeters:
    """How often somebody was told to wait, and whether Redis counts. Kinds are names of ours."""

    def __init__(self, seeing: Seeing) -> None:
        registry = seeing.registry
        self._refused = Counter(
            "laocai_limits_refused",
            "Requests that were one too many, by what was limited.",
            ["kind"],
            registry=registry,
        )
        self._away = Gauge(
            "laocai_limits_redis_away",
            "1 while each process counts for itself because Redis is away.",
            registry=registry,
        )

    def refused(self, kind: str) -> None:
        self._refused.labels(kind).inc()

    def redis_is_away(self, *, is_away: bool) -> None:
        self._away.set(is_away)


class Limits:
    """Counts in Redis at `url` (async+redis://…), or without one in this process.

    Raises ValueError for an address that is not one of Redis.
    """

    def __init__(
        self,
        url: str | None = None,
        clock: Clock = system_clock,
        meters: LimitMeters | None = None,
    ) -> None:
        self._meters = meters or LimitMeters(Seeing())
        self._clock = clock
        self._own = MemoryWindows(clock)
        self._shared = _in_redis(url) if url else None
        self._rests_until: datetime | None = None
        self._warned_at: datetime | None = None

    async def check(self, kind: str, subject: str, allowance: Allowance) -> None:
        """Count one of `kind` for `subject`. Raises TooManyRequests, and counts nothing then.

        `kind` is a name of ours. Redis is given an unkeyed digest of `subject`: for what can be
        guessed, such as a telephone number, give a keyed one.
        """
        wait = await self._taken(kind, subject, allowance)
        if wait is not None:
            self._meters.refused(kind)
            raise TooManyRequests(floor(wait) + 1)

    async def reaches_redis(self) -> bool | None:
        """Tell whether Redis answers now; None without one."""
        return None if self._shared is None else await self._shared.answers()

    async def close(self) -> None:
        if self._shared is not None:
            await self._shared.close()

    async def _taken(self, kind: str, subject: str, allowance: Allowance) -> float | None:
        shared = self._shared
        if shared is None or not self._may_try():
            return self._own.take(kind, subject, allowance)
        try:
            wait = await shared.take(kind, subject, allowance)
        except WindowsAway as away:
            self._rest(str(away))
            return self._own.take(kind, subject, allowance)
        if self._rests_until is not None:
            self._rests_until = None
            self._meters.redis_is_away(is_away=False)
            log.info("limits are counted for all processes again")
        return wait

    def _may_try(self) -> bool:
        """Tell whether this call asks Redis. After a rest one does, and the others wait for it."""
        if self._rests_until is None:
            return True
        if self._clock() < self._rests_until:
            return False
        self._rests_until = self._next_try()
        return True

    def _rest(self, reason: str) -> None:
        self._meters.redis_is_away(is_away=True)
        self._rests_until = self._next_try()
        now = self._clock()
        if self._warned_at is None or now - self._warned_at >= _BETWEEN_WARNINGS:
            self._warned_at = now
            log.warning("limits are counted by each process: Redis is away", error=reason)

    def _next_try(self) -> datetime:
        return self._clock() + timedelta(seconds=random.uniform(*REST_SECONDS))  # noqa: S311 - jitter


def _in_redis(url: str) -> SharedWindows:
    from api.kit.redis_windows import RedisWindows  # a fifth of a second that few processes need

    return RedisWindows(url)
