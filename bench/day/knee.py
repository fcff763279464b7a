"""The most that a product carries: the rate goes up until answers are late."""

from rich.table import Table

from bench.day import tables
from bench.day.cast import Cast
from bench.day.playing import played
from bench.day.schedule import steady
from bench.day.wire import Wire

P95_AT_MOST_MS = 500.0
STEPS_AT_MOST = 25


async def found_knee(wire: Wire, cast: Cast, step: float, seconds: float) -> bool:
    """Raise the rate by `step` visits a second until p95 is above 500 ms or something fails; tell whether none failed."""
    table = Table(title="All services at one rate, milliseconds from when it was due")
    for column in ("visits/s", "operations/s", "p50", "p95", "p99", "errors", "driver late p99"):
        table.add_column(column, justify="right")
    errors = 0
    for number in range(1, STEPS_AT_MOST + 1):
        wire.said.clear()
        late = await played(wire, cast, steady(seconds, step * number, number))
        said = list(wire.said)
        median, p95, p99 = tables.marks([it.milliseconds for it in said])
        errors = tables.show_errors(said)
        figures = (step * number, len(said) / seconds, median, p95, p99)
        cells = [f"{it:.0f}" for it in figures]
        table.add_row(*cells, str(errors), f"{tables.marks(late)[2]:.0f}")
        if errors or p95 > P95_AT_MOST_MS:
            break
    tables.CONSOLE.print(table)
    return errors == 0
