"""`laocai migrate`: brings documents to the shape of today's code, while everything runs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.migrations.migration import Migration
    from api.migrations.running import Migrations


def migrate(
    is_dry: Annotated[
        bool,
        typer.Option("--dry-run", "--status", help="Say what there is to do, and do nothing."),
    ] = False,
) -> None:
    """Bring documents to the shape of today's code.

    A run that was killed is gone on with by the next one. While one runs, another is refused.
    """
    with refusals_shown():
        asyncio.run(_outlook() if is_dry else _run())


async def _outlook() -> None:
    async with _migrations() as migrations:
        for it in await migrations.outlook():
            state = "done" if it.is_finished else f"{it.left} documents to change"
            typer.echo(f"{it.migration.id}: {state}, {it.changed} changed so far")


async def _run() -> None:
    def show(migration: "Migration", changed: int) -> None:
        typer.echo(f"{migration.id}: {changed} changed")

    async with _migrations() as migrations:
        changed = await migrations.run(show)
    typer.echo(f"{changed} documents were changed.")


@asynccontextmanager
async def _migrations() -> "AsyncGenerator[Migrations]":
    from api.kit.clock import system_clock
    from api.migrations.every import EVERY_MIGRATION
    from api.migrations.running import Migrations
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        yield Migrations(services.store, system_clock, EVERY_MIGRATION)
