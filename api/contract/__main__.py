"""`python -m api.contract`: what changed since the last release, for whoever changes the contract."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.contract.change_log import released, unnamed, with_changes
from api.contract.changes import Change, Level, changes_between
from api.contract.deprecations import unfounded
from api.contract.generator_input import write_generator_input
from api.contract.published import (
    FOLDER,
    Contract,
    contract_at,
    contract_in,
    released_in,
    write_release,
)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Folder = Annotated[Path, typer.Option(help="Of the contract.")]
Against = Annotated[
    str | None, typer.Option(help="A commit of git, or the folder of another contract.")
]
_LOG = "CHANGELOG.md"


@app.command()
def check(folder: Folder = FOLDER, against: Against = None) -> None:
    """Say what changed; exit with 1 when apps break, or when the log does not name all of it."""
    contract = contract_in(folder)
    changes = changes_between(_other(folder, against), contract, _today())
    for change in changes:
        typer.echo(f"{change.level.value}\t{change.kind}\t{change.text}")
    faults = _faults(folder, contract, changes, against)
    for fault in faults:
        typer.echo(fault, err=True)
    raise typer.Exit(1 if faults else 0)


@app.command()
def log(folder: Folder = FOLDER) -> None:
    """Add a line to the newest section of the log for each change that it does not name."""
    path = folder / _LOG
    changes = changes_between(released_in(folder), contract_in(folder), _today())
    path.write_text(with_changes(changes, path.read_text("utf-8")), encoding="utf-8")


@app.command("for-generators")
def for_generators(output: Path, folder: Folder = FOLDER) -> None:
    """Write schema and documents as generators of clients take them."""
    write_generator_input(contract_in(folder), output)


@app.command()
def release(version: str, folder: Folder = FOLDER) -> None:
    """Keep the contract as the one that apps are built on from now, and close its section of the log."""
    path = folder / _LOG
    contract = contract_in(folder)
    faults = _faults(
        folder, contract, changes_between(released_in(folder), contract, _today()), None
    )
    if faults:
        typer.echo("\n".join(faults), err=True)
        raise typer.Exit(1)
    path.write_text(released(path.read_text("utf-8"), version, _today()), encoding="utf-8")
    write_release(folder, contract)


def _other(folder: Path, against: str | None) -> Contract:
    if against is None:
        return released_in(folder)
    return contract_in(Path(against)) if Path(against).is_dir() else contract_at(against, folder)


def _faults(
    folder: Path, contract: Contract, changes: Sequence[Change], against: str | None
) -> list[str]:
    """Return what keeps the contract from being released; the log tells of the last release only."""
    broken = [one for one in changes if one.level is Level.BREAKING]
    faults = [f"Apps break: {one.text}." for one in broken]
    faults += [
        f"Deprecated without a reason and a day: {one.coordinate}."
        for one in unfounded(contract.schema())
    ]
    if against is None:
        missing = unnamed(changes, (folder / _LOG).read_text(encoding="utf-8"))
        faults += [f"{_LOG} does not name it: {one.text}." for one in missing]
    return faults


def _today() -> date:
    return datetime.now(UTC).date()


if __name__ == "__main__":
    sys.exit(app())
