"""Commands that load what the product knows of the province."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.tourism.seeding import Seeded

province = typer.Typer()
communes = typer.Typer(help="The table of communes.", no_args_is_help=True)


@province.command()
def seed() -> None:
    """Load places, markets, communes and trails; quick when nothing changed."""
    with refusals_shown():
        seeded, trails = asyncio.run(_seed())
    if seeded is None:
        typer.echo("The province is loaded already.")
    else:
        typer.echo(
            f"Loaded {seeded.places} places, {seeded.markets} markets, {seeded.communes} communes."
        )
    if trails is not None:
        typer.echo(f"Loaded {trails} trails.")


async def _seed() -> "tuple[Seeded | None, int | None]":
    from rich.progress import Progress

    from api.settings import settings
    from api.tourism.seeding import seed as seed_tourism
    from api.tourism.trails.seeding import seed_trails
    from api.wiring import wired

    with Progress(transient=True) as progress:
        task = progress.add_task("Loading the province", total=None)
        async with wired(settings()) as services:
            seeded = await seed_tourism(
                services.store,
                lambda done, total: progress.update(task, completed=done, total=total),
            )
            return seeded, await seed_trails(services.store)


@communes.command("import")
def import_communes(
    boundaries: Annotated[Path, typer.Argument(help="GeoJSON of the commune boundaries.")],
) -> None:
    """Compute the table of communes from boundaries, in place of the one that is shipped."""
    from rich.progress import Progress

    from api.settings import settings
    from api.tourism.commune_cells import import_boundaries
    from api.tourism.commune_index import TABLE_NAME

    target = settings().data_folder / TABLE_NAME
    target.parent.mkdir(parents=True, exist_ok=True)
    with refusals_shown(), Progress(transient=True) as progress:
        task = progress.add_task("Reading", total=None)

        def show(step: str, done: int, total: int) -> None:
            progress.update(task, description=step, completed=done, total=total)

        table = import_boundaries(boundaries, target, show)
    typer.echo(
        f"Wrote {target}: {len(table.codes)} communes. A position further than"
        f" {table.border_error_metres:.0f} m from a border is never given the wrong one;"
        f" {table.wrong_share:.2%} of all positions are. It is used from the next start."
    )
