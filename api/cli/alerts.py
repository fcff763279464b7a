"""Commands for warnings, and for the agencies that may send them."""

from typing import Annotated

import typer

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
    """Take in a CAP 1.2 message, or an Atom feed of them; a broken one is refused whole."""


@agencies.command("add")
def add_agency(
    name: Annotated[str, typer.Argument(help="Who the key is for.")],
    sender: Annotated[list[str], typer.Option(help="A CAP sender the agency may speak as.")],
) -> None:
    """Make a key for an agency and print it, once."""


@agencies.command("list")
def list_agencies() -> None:
    """List the agencies and their keys' ids."""


@agencies.command("revoke")
def revoke_agency(
    key_id: Annotated[str, typer.Argument(help="The key's id, from the list.")],
) -> None:
    """End an agency's key at once."""
