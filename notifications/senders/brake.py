"""Stops asking a service that only fails."""

import time
from collections.abc import Callable
from datetime import timedelta

FAILURES_BEFORE_BRAKING = 20
PAUSE = timedelta(seconds=2)


class Brake:
    """Engages after some failures in a row; then one probe after each pause, until one succeeds."""

    def __init__(self, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._now = now_seconds
        self._failures = 0
        self._engaged_until = 0.0

    @property
    def is_engaged(self) -> bool:
        return self._failures >= FAILURES_BEFORE_BRAKING

    def remaining(self) -> timedelta | None:
        """Return how long not to ask, or None for: ask."""
        if not self.is_engaged:
            return None
        if (seconds := self._engaged_until - self._now()) > 0:
            return timedelta(seconds=seconds)
        self._engaged_until = self._now() + PAUSE.total_seconds()
        return None

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, retry_after: timedelta | None) -> None:
        """Count a failure that says nothing about the message, only about the service."""
        self._failures += 1
        pause = max(PAUSE, retry_after or PAUSE)
        self._engaged_until = max(self._engaged_until, self._now() + pause.total_seconds())
