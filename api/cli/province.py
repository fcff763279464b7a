"""Commands that load what the product knows of the province."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

province = typer.Typer()
communes = typer.Typer(help="The table of communes.", no_args_is_help=True)


@province.command()
def seed() -> None:
    """Load places, markets and communes; quick when nothing changed."""
    asyncio.run(_seed())


async def _seed() -> None:
    from rich.progress import Progress

    from api.settings import settings
    from api.tourism.seeding import seed as seed_tourism
    from api.wiring import wired

    with Progress(transient=True) as progress:
        task = progress.add_task("Loading the province", total=None)
        async with wired(settings()) as services:
            seeded = await seed_tourism(
                services.store,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    typer.echo(f"The province: {seeded}")


@communes.command("import")
def import_communes(
    boundaries: Annotated[Path, typer.Argument(help="GeoJSON of the commune boundaries.")],
) -> None:
    """Compute the commune cell table from boundaries."""
    from api.tourism.commune_cells import compute

    compute(boundaries)
