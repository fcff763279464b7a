"""A day of the province: every service at once, open-loop, on a product started for it.

Run: `python -m bench.day` (ten minutes), `--minutes 1` for a short one, `--knee` for the most it carries.
Leaves with status 1 on an error that is no asked-for refusal, or when memory is not flat.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.day import schedule, tables
from bench.day.cast import Cast
from bench.day.foundations import prepared
from bench.day.knee import found_knee
from bench.day.playing import played
from bench.day.product import Product, free_ports, running, settings_for
from bench.day.seeding import Crowd, seeded
from bench.day.watching import Watch
from bench.day.wire import Wire
from bench.machine import described_machine


@dataclass(frozen=True, slots=True)
class Stage:
    """A product with everybody in it."""

    product: Product
    wire: Wire
    cast: Cast


@asynccontextmanager
async def staged(folder: Path, options: argparse.Namespace) -> AsyncGenerator[Stage]:
    """Start the product in `folder`, and let everybody register and sign in."""
    ports = free_ports(options.processes)
    settings = settings_for(folder, ports[0])
    keys = await prepared(folder)
    with running(folder, ports, settings, has_bot=options.bot) as product:
        wire = Wire(product.bases)
        try:
            crowd = Crowd(options.devices, options.people, options.officers, options.seed)
            cast = await seeded(wire, keys, crowd)
            wire.said.clear()
            yield Stage(product, wire, cast)
        finally:
            await wire.close()


async def lived(stage: Stage, options: argparse.Namespace) -> bool:
    """Play the day and print what became of it; tell whether all was well."""
    arrivals = schedule.day(options.minutes * 60, options.rate, options.devices, options.seed)
    watch, before = Watch(stage.product), _bytes(stage.product)
    began = time.monotonic()
    watching = asyncio.create_task(watch.run())
    late = await played(stage.wire, stage.cast, arrivals, has_bot=options.bot)
    took = time.monotonic() - began
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    said = stage.wire.said
    tables.show_operations(said)
    tables.show_hours(said)
    tables.show_processes(watch, took)
    grown = _bytes(stage.product) - before
    tables.CONSOLE.print(
        f"{len(arrivals)} visits, {len(said)} operations in {took:.0f} s; the database grew by"
        f" {grown / 1e6:.1f} MB; the driver began a visit {tables.marks(late)[2]:.1f} ms late (p99)"
    )
    errors = tables.show_errors(said)
    return errors == 0 and all(it.is_flat for it in watch.memory().values())


def _bytes(product: Product) -> int:
    return sum(it.stat().st_size for it in product.folder.glob("laocai.db*"))


async def run(options: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder), options) as stage:
            tables.CONSOLE.print(described_machine())
            if options.knee:
                return await found_knee(stage.wire, stage.cast, options.step, options.seconds)
            return await lived(stage, options)


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=6.0, help="visits a second on average")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1, help="of the API")
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--people", type=int, default=40, help="who sign in on the first devices")
    parser.add_argument("--officers", type=int, default=6, help="of desks, gates and the school")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bot", action="store_true")
    parser.add_argument("--knee", action="store_true", help="raise the rate until it breaks")
    parser.add_argument("--step", type=float, default=4.0, help="of --knee, visits a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="of --knee, at each rate")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(run(parsed())) else 1)
