"""Commands for the keys of civic apps and of agencies' systems, which come in through /open311/v2."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.feedback.open311.api_keys import ApiKey, ApiKeys

open311 = typer.Typer(
    help="Keys of civic apps and of agencies' systems, for /open311/v2.", no_args_is_help=True
)


@open311.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Who the key is for.")],
    agency: Annotated[
        str | None,
        typer.Option(help="Id of the agency it acts for; absent: it may report, and no more."),
    ] = None,
) -> None:
    """Make a key and print it, once."""
    from api.feedback.open311.api_keys import OPERATOR

    async def created() -> str:
        async with _keys() as keys:
            return (await keys.create(OPERATOR, name, agency)).key

    with refusals_shown():
        key = asyncio.run(created())
    typer.echo(f"The key of {name}, shown this once:\n{key}")


@open311.command("list")
def list_keys() -> None:
    """List the keys' ids, who has them and for which agency, ended ones too."""

    async def listed() -> "list[ApiKey]":
        async with _keys() as keys:
            return await keys.all()

    for holder in asyncio.run(listed()):
        typer.echo(_line(holder))


@open311.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="Id of a key, as `list` shows it.")],
) -> None:
    """End a key at once."""
    from api.feedback.open311.api_keys import OPERATOR

    async def revoked() -> "ApiKey":
        async with _keys() as keys:
            return await keys.revoke(OPERATOR, key_id)

    with refusals_shown():
        holder = asyncio.run(revoked())
    typer.echo(_line(holder))


@asynccontextmanager
async def _keys() -> "AsyncGenerator[ApiKeys]":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        yield services.feedback.open311.keys


def _line(holder: "ApiKey") -> str:
    state = f"revoked {holder.revoked_at:%Y-%m-%d}" if holder.revoked_at else "active"
    return f"{holder.id}  {holder.agency_id or 'app'}  {holder.name}  {state}"
