"""The tables that a day prints."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from bench.day.schedule import PARTS
from bench.day.watching import Memory, Watch
from bench.day.wire import Said

CONSOLE = Console(width=132)


def marks(values: Sequence[float]) -> tuple[float, float, float]:
    """Return p50, p95 and p99."""
    if len(values) < 2:
        only = values[0] if values else 0.0
        return only, only, only
    cuts = quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def show_operations(said: Iterable[Said]) -> None:
    """Print a row an operation, the slowest p95 first."""
    rows = sorted(_by(said, lambda it: it.operation).items(), key=lambda row: -_p95(row[1]))
    _show("Milliseconds from when it was due, by operation", "operation", rows)


def show_hours(said: Iterable[Said]) -> None:
    hours = _by((it for it in said if it.hour >= 0), lambda it: f"{it.hour:02}")
    rows = [(f"{hour} {PARTS[int(hour)][0]}", found) for hour, found in sorted(hours.items())]
    _show("Milliseconds from when it was due, by hour of the day", "hour", rows)


def show_errors(said: Iterable[Said]) -> int:
    """Print each kind of error once with how often it was; return how many there were."""
    found = Counter((it.operation, it.error) for it in said if it.error)
    for (operation, error), times in found.most_common(20):
        CONSOLE.print(f"error {times} × {operation}: {error}", markup=False)
    return sum(found.values())


def show_processes(watch: Watch, seconds: float) -> None:
    table = Table(title="Processes: memory in MB, probes of the event loop in milliseconds")
    columns = (
        "process", "CPU %", "first", "last", "most", "2nd half", "MB/h", "loop p50", "p95", "p99", "most ",
    )  # fmt: skip
    for column in columns:
        table.add_column(column, justify="left" if column == "process" else "right")
    for name, memory in watch.memory().items():
        lags = watch.lags.get(name, [])
        loop = [f"{it:.1f}" for it in (*marks(lags), max(lags))] if lags else ["–"] * 4
        busy = f"{watch.processor.get(name, 0.0) / seconds * 100:.0f}"
        table.add_row(name, busy, *_memory_cells(memory), *loop)
    CONSOLE.print(table)


def _memory_cells(memory: Memory) -> list[str]:
    flat = "" if memory.is_flat else " NOT FLAT"
    return [
        f"{memory.first:.0f}",
        f"{memory.last:.0f}",
        f"{memory.most:.0f}",
        f"{memory.growth:+.1f}{flat}",
        f"{memory.per_hour:+.0f}",
    ]


def _show(title: str, first: str, rows: Iterable[tuple[str, list[Said]]]) -> None:
    table = Table(title=title)
    for column in (first, "count", "p50", "p95", "p99", "errors", "refused"):
        table.add_column(column, justify="left" if column in (first, "refused") else "right")
    for name, found in rows:
        refused = Counter(it.refusal for it in found if it.refusal)
        words = ", ".join(f"{code} {times}" for code, times in refused.most_common())
        errors = sum(bool(it.error) for it in found)
        figures = (f"{it:.0f}" for it in marks([it.milliseconds for it in found]))
        table.add_row(name, str(len(found)), *figures, str(errors), words)
    CONSOLE.print(table)


def _by(said: Iterable[Said], key: Callable[[Said], str]) -> Mapping[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for it in said:
        found.setdefault(key(it), []).append(it)
    return found


def _p95(found: Sequence[Said]) -> float:
    return marks([it.milliseconds for it in found])[1]
