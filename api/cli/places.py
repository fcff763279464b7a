"""Commands that give places to other systems and take places in."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.tourism.exchange.importing import Format, Taken

places = typer.Typer(help="Places to and from files.", no_args_is_help=True)
_NAME = "Ends with .geojson (RFC 7946) or .jsonld (schema.org)."


@places.command("export")
def export_places(file: Annotated[Path, typer.Argument(help=_NAME, dir_okay=False)]) -> None:
    """Write all places, in every language we have them in."""
    with refusals_shown():
        try:
            size = asyncio.run(_export(file, _format_of(file)))
        except OSError as error:
            raise typer.BadParameter(str(error), param_hint="FILE") from error
    typer.echo(f"Wrote {file}: {size} bytes.")


@places.command("import")
def import_places(
    file: Annotated[Path, typer.Argument(help=_NAME, exists=True, dir_okay=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would change.")
    ] = False,
) -> None:
    """Take in places: all of them or, when one is refused, none. What is left out stays."""
    with refusals_shown():
        taken = asyncio.run(_import(file, _format_of(file), is_dry=dry_run))
    for it in taken:
        what = "new" if it.is_new else ", ".join(it.fields)
        typer.echo(f"{it.place_id}: {what}")
    new = sum(it.is_new for it in taken)
    added, changed = ("Would add", "would change") if dry_run else ("Added", "changed")
    typer.echo(f"{added}: {new}; {changed}: {len(taken) - new}.")


def _format_of(file: Path) -> "Format":
    from api.tourism.exchange.errors import UnknownFormat
    from api.tourism.exchange.importing import Format

    try:
        return Format(file.suffix.lower())
    except ValueError as error:
        raise UnknownFormat from error


async def _export(file: Path, kind: "Format") -> int:
    from api.settings import settings
    from api.wiring import wired

    partial = file.with_name(f"{file.name}.partial")
    async with wired(settings()) as services:
        try:
            with partial.open("wb") as target:
                async for part in services.tourism.exporting.places(kind, None):
                    target.write(part)
                size = target.tell()
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    return size


async def _import(file: Path, kind: "Format", *, is_dry: bool) -> "list[Taken]":
    from api.settings import settings
    from api.tourism.exchange.strict_json import BYTES_AT_MOST
    from api.wiring import wired

    with file.open("rb") as source:
        document = source.read(BYTES_AT_MOST + 1)
    async with wired(settings()) as services:
        return await services.tourism.importing.take(document, kind, is_dry=is_dry)
