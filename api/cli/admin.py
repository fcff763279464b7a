"""Commands for the administrators, who invite all other staff."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.accounts.staff.administrators import Administrators, Appointed
    from api.accounts.staff.members import Member

admin = typer.Typer(help="Administrators, who invite all other staff.", no_args_is_help=True)


@admin.command()
def create(
    address: Annotated[str, typer.Argument(help="A phone number, or an e-mail address.")],
    language: Annotated[
        str, typer.Option(help="BCP 47 tag of the language we write in, for a new account.")
    ] = "vi",
) -> None:
    """Make whoever signs in with ADDRESS an administrator; doing it twice changes nothing."""

    async def appoint() -> "Appointed":
        from api.accounts.devices.requests import our_language

        async with _administrators() as administrators:
            return await administrators.appoint(address, our_language(language))

    with refusals_shown():
        appointed = asyncio.run(appoint())
    typer.echo(_outcome(appointed))


@admin.command("list")
def list_administrators() -> None:
    """List the administrators: their ids, names, and addresses, mostly hidden."""

    async def listed() -> "list[Member]":
        async with _administrators() as administrators:
            return await administrators.all()

    for member in asyncio.run(listed()):
        typer.echo(f"{member.person_id}  {member.name or '–'}  {', '.join(member.addresses)}")


@asynccontextmanager
async def _administrators() -> "AsyncGenerator[Administrators]":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        yield services.accounts.staff.administrators


def _outcome(appointed: "Appointed") -> str:
    who = f"{appointed.address} ({appointed.person_id})"
    if not appointed.is_new:
        return f"{who} is an administrator already."
    account = "A new account" if appointed.is_new_account else "The account"
    return f"{account} of {who} is an administrator's from now on."
