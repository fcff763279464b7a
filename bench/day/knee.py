"""The most that a product carries: the rate goes up until answers are late."""

from bench.day import tables
from bench.day.cast import Cast
from bench.day.playing import played
from bench.day.schedule import steady
from bench.day.services import PHOTO_READY
from bench.day.wire import Wire

P95_AT_MOST_MS = 500.0
STEPS_AT_MOST = 25


async def found_knee(wire: Wire, cast: Cast, step: float, seconds: float) -> bool:
    """Raise the rate by `step` visits a second until p95 is above 500 ms or something fails; tell whether none failed."""
    tables.CONSOLE.print("All services at one rate, milliseconds from when it was due")
    await played(
        wire, cast, steady(seconds, step, 0)
    )  # what a fresh process does once is not the knee
    errors = 0
    for number in range(1, STEPS_AT_MOST + 1):
        wire.said.clear()
        late = await played(wire, cast, steady(seconds, step * number, number))
        answered = [it for it in wire.said if it.operation != PHOTO_READY]
        p50, p95, p99 = tables.marks([it.milliseconds for it in answered])
        errors = tables.show_errors(wire.said)
        tables.CONSOLE.print(
            f"{step * number:5.0f} visits/s {len(answered) / seconds:6.0f} operations/s   p50 {p50:6.0f}"
            f"   p95 {p95:6.0f}   p99 {p99:6.0f}   errors {errors}   driver late {tables.marks(late)[2]:.0f} (p99)"
        )
        if errors or p95 > P95_AT_MOST_MS:
            break
    tables.show_operations(wire.said)
    return errors == 0
