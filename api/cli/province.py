"""Commands that load what the product knows of the province."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.context import Services
    from api.tourism.repository import Progress as Told
    from api.tourism.seeding import Seeded

province = typer.Typer()
communes = typer.Typer(help="The table of communes.", no_args_is_help=True)


@province.command()
def seed() -> None:
    """Load places, markets, communes, trails, events, cards and samples; quick when nothing changed."""
    with refusals_shown():
        loaded = asyncio.run(_seed())
    seeded = loaded.province
    if seeded is None:
        typer.echo("The province is loaded already.")
    else:
        typer.echo(
            f"Loaded {seeded.places} places, {seeded.markets} markets, {seeded.communes} communes."
        )
    if loaded.trails is not None:
        typer.echo(f"Loaded {loaded.trails} trails.")
    if loaded.events is not None:
        typer.echo(f"Loaded {loaded.events} events.")
    if loaded.cards:
        typer.echo(f"Added {loaded.cards} tourist cards.")
    if loaded.services:
        typer.echo(f"Added {loaded.services} sample services of hospitals.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was new; None or 0: nothing."""

    province: "Seeded | None"
    trails: int | None
    events: int | None
    cards: int
    services: int


async def load_province(
    services: "Services", told: "Told", *, sells_cards: bool, has_samples: bool
) -> Loaded:
    """Make the store hold what the files say. `has_samples`: hospitals offer what none of them has said."""
    from api.province import province_file
    from api.tourism.content_files import SHIPPED_CONTENT
    from api.tourism.events.seeding import seed_events
    from api.tourism.seeding import seed as seed_tourism
    from api.tourism.trails.seeding import seed_trails
    from api.tourist_cards.shipped_products import SHIPPED_PRODUCTS, seed_products

    folder, products = province_file(SHIPPED_CONTENT), province_file(SHIPPED_PRODUCTS)
    store = services.store
    return Loaded(
        province=await seed_tourism(store, told, folder),
        trails=await seed_trails(store, folder),
        events=await seed_events(store, folder),
        cards=await seed_products(store, is_on_sale=sells_cards, file=products),
        services=await _seed_services(services) if has_samples else 0,
    )


async def _seed_services(services: "Services") -> int:
    from api.health.seeding import seed_samples
    from api.kit.clock import system_clock

    places = services.health.places
    return await seed_samples(services.store, places.library, places.making, system_clock)


async def _seed() -> Loaded:
    from rich.progress import Progress

    from api.setting_values import Environment
    from api.settings import settings
    from api.wiring import wired

    is_development = settings().environment is Environment.DEVELOPMENT
    with Progress(transient=True) as progress:
        task = progress.add_task("Loading the province", total=None)
        async with wired(settings()) as services:
            return await load_province(
                services,
                lambda done, total: progress.update(task, completed=done, total=total),
                sells_cards=is_development,
                has_samples=is_development,
            )


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
