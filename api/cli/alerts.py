"""Commands for warnings, and for the agencies that may send them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import reason_of, refusals_shown

if TYPE_CHECKING:
    from api.alerts.service import AlertService, ImportOutcome

alerts = typer.Typer(
    help="Warnings: import, and the agencies that may send them.", no_args_is_help=True
)
agencies = typer.Typer(
    help="Keys of the agencies that post to /cap/v1/alerts.", no_args_is_help=True
)
alerts.add_typer(agencies, name="agency")


@alerts.command("import")
def import_source(
    source: Annotated[str, typer.Argument(help="A file, or an http(s) URL.")],
) -> None:
    """Take in a CAP 1.2 message, or an Atom feed of them; a broken message is refused whole."""
    with refusals_shown():
        outcomes = asyncio.run(_import(source))
    for outcome in outcomes:
        typer.echo(_line(outcome))
    if any(outcome.problem for outcome in outcomes):
        raise typer.Exit(1)


@alerts.command("sample")
def print_sample(
    identifier: Annotated[
        str | None, typer.Option(help="What it is called; absent: a new name.")
    ] = None,
) -> None:
    """Print a CAP message over Sa Pa in four languages, valid from now, to try the door with."""
    from api.alerts.sample import sample_message
    from api.kit.clock import system_clock
    from api.kit.ids import new_id

    typer.echo(sample_message(identifier or f"sample-{new_id()}", system_clock()), nl=False)


@agencies.command("add")
def add_agency(
    name: Annotated[str, typer.Argument(help="Who the key is for.")],
    sender: Annotated[list[str], typer.Option(help="A CAP sender the agency may speak as.")],
) -> None:
    """Make a key for an agency and print it, once."""

    async def create() -> str:
        async with _service() as service:
            return (await service.keys.create(name, sender)).key

    with refusals_shown():
        key = asyncio.run(create())
    typer.echo(f"The key of {name}, shown this once:\n{key}")


@agencies.command("list")
def list_agencies() -> None:
    """List the agencies, their keys' ids and the senders they may speak as."""

    async def listed() -> list[str]:
        async with _service() as service:
            return [
                f"{agency.key_id}  {'revoked' if agency.revoked_at else 'valid':<7}  "
                f"{agency.name}  {', '.join(sorted(agency.senders))}"
                for agency in await service.keys.list()
            ]

    for line in asyncio.run(listed()):
        typer.echo(line)


@agencies.command("revoke")
def revoke_agency(
    key_id: Annotated[str, typer.Argument(help="The key's id, from the list.")],
) -> None:
    """End an agency's key at once."""

    async def revoke() -> str:
        async with _service() as service:
            return (await service.keys.revoke(key_id)).name

    with refusals_shown():
        name = asyncio.run(revoke())
    typer.echo(f"The key {key_id} of {name} is revoked.")


@asynccontextmanager
async def _service() -> "AsyncGenerator[AlertService]":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        yield services.alerts


async def _import(source: str) -> "list[ImportOutcome]":
    from api.alerts.source import read_source

    document = await read_source(source)
    async with _service() as service:
        return await service.import_document(document, source)


def _line(outcome: "ImportOutcome") -> str:
    entry = f"{outcome.entry}: " if outcome.entry else ""
    if outcome.problem is not None:
        return f"{entry}refused: {reason_of(outcome.problem)}"
    assert outcome.imported is not None, "an outcome is an import or a problem"  # noqa: S101
    already = " (known already)" if outcome.imported.is_replay else ""
    return f"{entry}imported as {outcome.imported.id}{already}: {outcome.imported.delivery.name}"
