"""A million devices against an area of 2,000 corners, beside a loop in Python and a tree of points.

Ours is the index that a worker keeps of all devices (notifications.device_index): half of them with an
exact position, the others known by their cell, a fiftieth changed since it was last put in order. The
loop asks the area of each device, as the definition says; of a part of them, and the rest is reckoned.
The tree (shapely's STRtree) holds every position as a point and is asked with the polygon: it knows no
cells, no accuracies and no preferences. Run: `python -m bench.audience`.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import h3
import numpy as np
import shapely
from rich.console import Console
from rich.table import Table

from api.kit.area import Area
from api.kit.geo import COARSE_RESOLUTION, Position
from bench.machine import described_machine
from notifications.device_columns import DeviceColumns, Wanted
from notifications.device_index import CHANGED_SHARE, Snapshot
from notifications.device_rows import DEGREES_SCALE, ID_BYTES, NOT_EXACT, Numbered, RowArrays
from notifications.preferences import EVERYTHING

DEVICES = 1_000_000
CORNERS = 2_000
GOAL_MILLISECONDS = 100
GOAL_BYTES = 32
NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
SOUTH, NORTH, WEST, EAST = 21.3, 22.85, 103.5, 105.1
COMMUNES = 99
LOOKED_AT_BY_THE_LOOP = 20_000
RUNS = 9


def an_area(reach: float, roughness: float) -> Area:
    """Return a blot of CORNERS corners about `reach` degrees wide; `roughness`: how much its line shakes."""
    chance = np.random.default_rng(8)
    ring: list[Position] = []
    for number in range(CORNERS):
        bearing = 2 * pi * number / CORNERS
        wave = 1 + 0.2 * sin(5 * bearing) + 0.05 * sin(31 * bearing + 1)
        distance = reach * (wave + roughness * float(chance.standard_normal()))
        ring.append(Position(22.1 + distance * sin(bearing), 104.3 + distance * cos(bearing)))
    return Area.of([ring], [])


def rows_of(count: int, seed: int, numbered: Numbered) -> RowArrays:
    """Return devices all over the province, half of them with an exact position."""
    chance = np.random.default_rng(seed)
    latitudes, longitudes = chance.uniform(SOUTH, NORTH, count), chance.uniform(WEST, EAST, count)
    cells = [
        int(h3.latlng_to_cell(latitude, longitude, COARSE_RESOLUTION), 16)
        for latitude, longitude in zip(latitudes.tolist(), longitudes.tolist(), strict=True)
    ]
    is_exact = chance.random(count) < 0.5
    accuracies = np.where(is_exact, chance.integers(5, 200, count), NOT_EXACT)
    return RowArrays(
        ids=np.frombuffer(chance.bytes(ID_BYTES * count), f"S{ID_BYTES}"),
        cells=np.array(cells, np.uint64),
        latitudes=(latitudes * DEGREES_SCALE).astype(np.int32),
        longitudes=(longitudes * DEGREES_SCALE).astype(np.int32),
        observed=np.full(count, NOW.timestamp() - 600, np.uint32),
        accuracies=accuracies.astype(np.uint8),
        choices=np.full(count, numbered.preference(EVERYTHING), np.uint16),
        homes=chance.integers(0, COMMUNES, count).astype(np.uint16),
        at_home=np.arange(count, dtype=np.uint32),
    )


def an_index(arrays: RowArrays, numbered: Numbered) -> tuple[DeviceColumns, Snapshot]:
    columns = DeviceColumns(arrays, numbered)
    changed = DeviceColumns(rows_of(len(columns) // CHANGED_SHARE, 2, numbered), numbered)
    _ = columns.shapes, changed.shapes
    return columns, Snapshot(columns, changed)


def by_loop(arrays: RowArrays, area: Area) -> float:
    """Return about how many seconds a loop over all devices takes."""
    touched: dict[int, bool] = {}
    began = time.perf_counter()
    for place in range(LOOKED_AT_BY_THE_LOOP):
        accuracy = int(arrays.accuracies[place])
        if accuracy == NOT_EXACT:
            cell = int(arrays.cells[place])
            if cell not in touched:
                touched[cell] = area.touches_cell(f"{cell:x}")
        else:
            latitude = int(arrays.latitudes[place]) / DEGREES_SCALE
            longitude = int(arrays.longitudes[place]) / DEGREES_SCALE
            area.comes_within(Position(latitude, longitude), accuracy)
    return (time.perf_counter() - began) * len(arrays.ids) / LOOKED_AT_BY_THE_LOOP


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the worst of RUNS."""
    taken: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(1_000 * (time.perf_counter() - began))
    return statistics.median(taken), max(taken)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--devices", type=int, default=DEVICES)
    count: int = options.parse_args().devices
    console = Console(width=120)
    console.print(described_machine())
    numbered = Numbered()
    for number in range(COMMUNES):
        numbered.commune(f"{number:05}")
    arrays = rows_of(count, 1, numbered)
    before = _resident_bytes()
    began = time.perf_counter()
    columns, snapshot = an_index(arrays, numbered)
    loaded = time.perf_counter() - began
    bytes_each = (columns.byte_count - ID_BYTES * count) / count
    console.print(
        f"{count:,} devices: {bytes_each:.1f} bytes each beside the {ID_BYTES} of the id"
        f" (goal {GOAL_BYTES}); put in order, cells drawn and changes beside them in {loaded:.1f} s,"
        f" {(_resident_bytes() - before) / count:.0f} bytes each more in the process."
    )
    console.print(_table(arrays, columns, snapshot))


def _table(arrays: RowArrays, columns: DeviceColumns, snapshot: Snapshot) -> Table:
    table = Table("area", "selected", "ours, ms", "worst", "with ids and outside", "tree", "loop")
    x, y = arrays.longitudes / DEGREES_SCALE, arrays.latitudes / DEGREES_SCALE
    points: Any = shapely.points(np.stack([x, y], axis=1))
    tree = shapely.STRtree(points)
    for name, reach, roughness in (
        ("a valley", 0.05, 0.0),
        ("some communes", 0.2, 0.0),
        ("half the province", 0.5, 0.0),
        ("the same, its line shaking", 0.5, 0.01),
    ):
        area = an_area(reach, roughness)
        wanted = Wanted(area, frozenset({"00003", "00004"}), None, NOW)
        (part,) = area.parts
        middle, worst = milliseconds(partial(columns.select, wanted))
        whole, _ = milliseconds(partial(_first_page, snapshot, wanted))
        by_tree, _ = milliseconds(partial(tree.query, part, "intersects"))
        table.add_row(
            name,
            f"{len(snapshot.select(wanted)):,}",
            f"{middle:.1f}",
            f"{worst:.1f}",
            f"{whole:.1f}",
            f"{by_tree:.1f}",
            f"{1_000 * by_loop(arrays, area):,.0f}",
        )
    return table


def _first_page(snapshot: Snapshot, wanted: Wanted) -> object:
    return snapshot.select(wanted).page(0, 1_000)


def _resident_bytes() -> int:
    """Return what the process holds now, of pages of the usual size."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    main()
