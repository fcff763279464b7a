"""The most that a product carries: the rate goes up until answers are late."""

from dataclasses import dataclass

from typing_extensions import override

from bench.day import tables
from bench.day.cast import Cast
from bench.day.playing import played
from bench.day.schedule import steady
from bench.day.services import PHOTO_READY
from bench.day.wire import Wire

P95_AT_MOST_MS = 500.0
STEPS_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class _Step:
    """What became of a rate: `visits` and `operations` a second."""

    visits: float
    operations: float
    p50: float
    p95: float
    p99: float
    errors: int
    driver_late: float

    @property
    def is_carried(self) -> bool:
        return not self.errors and self.p95 <= P95_AT_MOST_MS

    @override
    def __str__(self) -> str:
        return (
            f"{self.visits:5.0f} visits/s {self.operations:6.0f} operations/s   p50 {self.p50:6.0f}"
            f"   p95 {self.p95:6.0f}   p99 {self.p99:6.0f}   errors {self.errors}"
            f"   driver late {self.driver_late:.0f} (p99)"
        )


async def found_knee(wire: Wire, cast: Cast, step: float, seconds: float) -> bool:
    """Raise the rate by `step` visits a second until p95 is above 500 ms or something fails.

    Prints each rate when it is done, and the last that was carried; tells whether nothing failed.
    """
    tables.CONSOLE.print("All services at one rate, milliseconds from when it was due")
    # What a fresh process does once is not the knee.
    await played(wire, cast, steady(seconds, step, 0))
    carried: _Step | None = None
    failed = 0
    for number in range(1, STEPS_AT_MOST + 1):
        tried = await _tried(wire, cast, step * number, seconds, number)
        tables.CONSOLE.print(str(tried), soft_wrap=True)
        failed = tried.errors
        if not tried.is_carried:
            break
        carried = tried
    tables.show_operations(wire.said)
    tables.CONSOLE.print(f"The last rate that was carried: {carried or 'none'}", soft_wrap=True)
    return not failed


async def _tried(wire: Wire, cast: Cast, rate: float, seconds: float, seed: int) -> _Step:
    wire.said.clear()
    late = await played(wire, cast, steady(seconds, rate, seed))
    answered = [it for it in wire.said if it.operation != PHOTO_READY]
    p50, p95, p99 = tables.marks([it.milliseconds for it in answered])
    errors = tables.show_errors(wire.said)
    return _Step(rate, len(answered) / seconds, p50, p95, p99, errors, tables.marks(late)[2])
