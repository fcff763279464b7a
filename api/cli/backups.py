"""Commands that make and restore backups of the embedded store and what lies beside it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.settings import Settings

backups = typer.Typer()
_PIPE = Path("-")


@backups.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to; - writes it to the output.")],
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="The keys too: then whoever finds it can read it all."),
    ] = False,
) -> None:
    """Copy the store as of now, and media, while everything runs; without keys and secrets.

    What the keys have sealed stays closed without them, so keep those elsewhere: a backup is of no use
    when they are lost. Photos in a bucket and documents in MongoDB are not in it.
    """
    from api.backups.making import make_backup
    from api.kit.clock import system_clock
    from api.kit.whole_file import flush

    with refusals_shown():
        settings = _embedded()
        if file == _PIPE:
            make_backup(settings.data_folder, sys.stdout.buffer, system_clock, with_keys=with_keys)
            return
        part = file.with_name(f"{file.name}.part")
        with open(part, "xb", opener=_private) as output:
            try:
                made = make_backup(settings.data_folder, output, system_clock, with_keys=with_keys)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        flush(part)
        part.replace(file)
        flush(file.parent)
    typer.echo(
        f"{file}: {len(made.digests)} files as of {made.made_at.isoformat(timespec='seconds')}"
    )


@backups.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup; - reads it from the input.")],
) -> None:
    """Put a backup into the data folder, which must hold no store; stop everything first.

    Nothing is put there unless all of the backup is whole. The keys of that time must be there, or in the
    backup, before anything starts.
    """
    from api.backups.restoring import restore_backup

    with refusals_shown():
        settings = _embedded()
        if file == _PIPE:
            restored = restore_backup(sys.stdin.buffer, settings.data_folder)
        else:
            with file.open("rb") as source:
                restored = restore_backup(source, settings.data_folder)
    typer.echo(
        f"{settings.data_folder}: {len(restored.digests)} files"
        f" as of {restored.made_at.isoformat(timespec='seconds')}"
    )


def _embedded() -> "Settings":
    """Return the settings. Raises DocumentsElsewhere."""
    from api.backups.errors import DocumentsElsewhere
    from api.settings import settings

    chosen = settings()
    if chosen.mongodb_url is not None:
        raise DocumentsElsewhere
    return chosen


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
