"""Commands for the log of what staff read and wrote."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.kit.audit_chain import Head
    from api.kit.audit_verification import Fault, Verification

audit = typer.Typer(help="The log of what staff read and wrote.", no_args_is_help=True)


@audit.command()
def verify(
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="COUNT:DIGEST", help="A head noted down earlier, which must be in the log."
        ),
    ] = None,
) -> None:
    """Read the whole log, print its head to be noted down, and name each row that is wrong.

    Leaves with status 1 when something is.
    """
    found = asyncio.run(_verified(_head(expect)))
    typer.echo(found.head.text())
    for fault in found.faults:
        typer.echo(_line(fault), err=True)
    if found.has_more_faults:
        typer.echo("There are more.", err=True)
    if found.faults:
        raise typer.Exit(1)


def _head(text: str | None) -> "Head | None":
    from api.kit.audit_chain import Head

    try:
        return None if text is None else Head.of(text)
    except ValueError as error:
        raise typer.BadParameter("Write it as it was printed: COUNT:DIGEST") from error


async def _verified(expected: "Head | None") -> "Verification":
    from rich.console import Console
    from rich.progress import Progress

    from api.settings import settings
    from api.wiring import wired

    with Progress(transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task("Reading the audit log", total=None)
        async with wired(settings()) as services:
            return await services.audit.verify(
                lambda done, total: progress.update(task, completed=done, total=total), expected
            )


def _line(fault: "Fault") -> str:
    from api.kit.audit_verification import FaultKind

    place = "A row without a number" if fault.number is None else f"Row {fault.number}"
    return {
        FaultKind.EDITED: f"{place} is not as it was written.",
        FaultKind.MISSING: f"{place} is missing.",
        FaultKind.REORDERED: f"{place} was written in another place.",
        FaultKind.FOREIGN: f"{place} was not written by this product.",
        FaultKind.UNLINKED: f"{place} was not written after the one before it.",
        FaultKind.HEAD_WRONG: f"The head does not belong to the log, which ends with row {fault.number}.",
        FaultKind.NOT_AS_EXPECTED: f"The log has not the expected head of row {fault.number}:"
        " it was put back to an earlier state, or written anew.",
    }[fault.kind]
