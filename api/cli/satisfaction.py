"""Commands for what is counted of satisfaction."""

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from api.feedback.satisfaction.recounting import Recount

satisfaction = typer.Typer(help="How satisfied people are.", no_args_is_help=True)


@satisfaction.callback()
def commands() -> None:
    """How satisfied people are."""


@satisfaction.command()
def check() -> None:
    """Count everything anew from the ratings, and name each difference.

    Leaves with status 1 when there is one. Months whose ratings are partly forgotten are left out.
    """
    found = asyncio.run(_recounted())
    typer.echo(f"{found.ratings} ratings in {found.tallies} tallies.")
    for it in found.differences:
        typer.echo(f"{it.where}: expected {it.expected}, found {it.found}", err=True)
    if found.differences:
        raise typer.Exit(1)


async def _recounted() -> "Recount":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        return await services.feedback.satisfaction.recounting.run()
