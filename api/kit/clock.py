"""Time is a parameter: services take a Clock, tests give one that stands still."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Returns the current moment, aware, in UTC."""

    def __call__(self) -> datetime: ...


def system_clock() -> datetime:
    """Return the machine's time to the millisecond, the precision the store keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
